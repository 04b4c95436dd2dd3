"""Words as numbers, and text of a reader as words: one vocabulary for both languages and four marks.

``<start>`` begins a text, ``<end>`` ends an answer or a translation, ``<en>`` and ``<zh>`` ask for a translation of
the story into that language. Number 0, ``<pad>``, fills the rows of a batch and means nothing.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from mlc_ref.language import Language, Text, for_print
from mlc_ref.language_models import words
from mlc_ref.language_models.words import Phrase

MARKS = ("<pad>", "<start>", "<end>", "<en>", "<zh>")
PAD, START, END, TO_ENGLISH, TO_CHINESE = range(len(MARKS))
_UNKNOWN = Text(
    "text: got {got!r}, which the model has never read; allowed are its {count} words{near}",
    "文本：得到 {got!r}，模型从未读过；允许的是它的 {count} 个词{near}",
)
_NEAR = Text(", such as {words}", "，例如 {words}")
_OUTSIDE = Text("tokens: got {got}, allowed 0 to {most}", "词编号：得到 {got}，允许 0 到 {most}")


def _phrases(value: object) -> Iterator[Phrase]:
    """All phrases of a table of ``words``, in order."""
    if isinstance(value, Phrase):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _phrases(each)


@cache
def vocabulary() -> tuple[str, ...]:
    """The marks, then the English words, then the Chinese, in the order of ``words``; a word's place is its number."""
    tables = [value for name, value in vars(words).items() if name.isupper()]
    texts = [phrase for table in tables for phrase in _phrases(table)]
    english, chinese = (dict.fromkeys(" ".join(t[i] for t in texts).split()) for i in range(2))
    found = [word for word in (*english, *chinese) if not word.startswith("{")]
    return (*MARKS, *dict.fromkeys(found))


@cache
def _numbers() -> dict[str, int]:
    return {word: number for number, word in enumerate(vocabulary())}


def encode(text: str) -> list[int]:
    """Numbers of words that stand between spaces, as in a ``Phrase``.

    Raises:
        ValueError: a word that is not in the vocabulary.
    """
    for word in text.split():
        if word not in _numbers():
            raise ValueError(_unknown(word))
    return [_numbers()[word] for word in text.split()]


def decode(tokens: Iterable[int]) -> str:
    """The words of the numbers, between spaces; the inverse of ``encode``.

    Raises:
        ValueError: a number that no word has.
    """
    known = vocabulary()
    found = [int(token) for token in tokens]
    for token in found:
        if not 0 <= token < len(known):
            raise ValueError(for_print(_OUTSIDE.format(got=token, most=len(known) - 1)))
    return " ".join(known[token] for token in found)


def _unknown(word: str) -> str:
    near = difflib.get_close_matches(word, vocabulary()[len(MARKS) :], 3)
    such = _NEAR.format(words=", ".join(near)) if near else Text.code("")
    return for_print(_UNKNOWN.format(got=word, count=len(vocabulary()) - len(MARKS), near=such))


def read(text: str) -> list[int]:
    """Numbers of a text as people write it: English with capitals, Chinese without spaces.

    Chinese is divided from the left, each time into the longest word of the vocabulary.

    Raises:
        ValueError: a word that is not in the vocabulary; the message names words that look like it.
    """
    lower = {word.lower(): word for word in vocabulary()[len(MARKS) :]}
    found = []
    for part in re.findall(r"[A-Za-z]+|[.?。？]|[^\sA-Za-z.?。？]+", text):
        if part.lower() in lower:
            found.append(lower[part.lower()])
        elif part[0].isascii():
            raise ValueError(_unknown(part))
        else:
            found += _divided(part)
    return encode(" ".join(found))


def _divided(text: str) -> list[str]:
    longest, found = max(map(len, vocabulary())), []
    while text:
        fitting = (text[:length] for length in range(min(longest, len(text)), 0, -1))
        word = next((each for each in fitting if each in _numbers()), None)
        if word is None:
            raise ValueError(_unknown(text))
        found.append(word)
        text = text[len(word) :]
    return found


def written(tokens: Sequence[int], language: Language) -> str:
    """The text of the numbers as people write it; marks are left out."""
    parts = [word for word in decode(tokens).split() if word not in MARKS]
    if language == "zh":
        return "".join(parts)
    text = re.sub(r" ([.?])", r"\1", " ".join(parts))
    return re.sub(r"(^|[.?] )([a-z])", lambda found: found[1] + found[2].upper(), text)
