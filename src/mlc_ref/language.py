"""Text in the two languages of the course, and the choice between them."""

import os
import re
from dataclasses import dataclass
from string import Formatter
from typing import Literal, cast, get_args

from mlc_ref.open_notebook import notebook_language

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
PAGES = "MLC_PAGES"  # set where cells are run for the website, once for the pages of all languages
# Characters for private use, which part the languages of what such a cell prints.
_OPEN, _NEXT, _CLOSE = "\ue000", "\ue001", "\ue002"
_PRINTED = re.compile(f"{_OPEN}([^{_OPEN}]*?)\\s*{_NEXT}([^{_OPEN}]*?){_CLOSE}")
# Characters next to which Chinese has no space, unless the other neighbour is a Latin letter or a digit.
_WIDE = re.compile(r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_QUOTED, _LATIN = re.compile(r"'[^']*'|\"[^\"]*\""), re.compile("[A-Za-z]{2}")


@dataclass(frozen=True)
class Text:
    """One sentence or label in both languages.

    ``Text.code("C[i, j]")`` is for code and numbers, which read the same in both.
    """

    en: str
    zh: str

    @classmethod
    def code(cls, text: str) -> "Text":
        """The same characters in every language."""
        return cls(text, text)

    @classmethod
    def english(cls, words: str) -> "Text":
        """What a library says, which has no Chinese: marked there as English. Chinese words stay as they are.

        What stands in quotation marks, such as the name of a folder, says nothing about the language.
        """
        said_in_chinese = _CHINESE.search(_QUOTED.sub("", words)) or not _LATIN.search(words)
        return cls(words, words if said_in_chinese else f"英文原文：{words}")

    def format(self, **fields: object) -> "Text":
        """Fill ``{name}`` fields in both languages; ``Text`` fields are filled in their own language.

        A Chinese text may have spaces around a field, as Latin values need them; where a Chinese value stands there, they go.
        """
        return Text(*(_filled(getattr(self, lang), _in_language(fields, lang)) for lang in LANGUAGES))

    def get(self, lang: Language | None = None) -> str:
        """The text in ``lang``, or in the reader's language."""
        return self.zh if (lang or current_language()) == "zh" else self.en


def _filled(template: str, fields: dict[str, object]) -> str:
    filled = ""
    for literal, name, spec, conversion in Formatter().parse(template):
        filled = _joined(filled, literal)
        if name is not None:
            field = f"{{{name}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}}}"
            filled = _joined(filled, field.format(**fields))
    return filled


def _joined(before: str, part: str) -> str:
    """Both, without the space that would stand between two Chinese characters."""
    if before.endswith(" ") and _WIDE.match(before[-2:-1]) and _WIDE.match(part):
        return before[:-1] + part
    if part.startswith(" ") and _WIDE.match(before[-1:]) and _WIDE.match(part[1:]):
        return before + part[1:]
    return before + part


class TextError(Exception):
    """An error that a learner may see.

    Attributes:
        text: its message, in both languages.
        language: in which ``str`` gives the message; English where nobody has said.
    """

    def __init__(self, text: Text):
        self.text = text
        self.language: Language = "en"
        super().__init__(text)  # what the class is called with again when another process hands the error on

    def __str__(self) -> str:
        return self.text.get(self.language)


def _in_language(fields: dict[str, object], lang: Language) -> dict[str, object]:
    return {name: value.get(lang) if isinstance(value, Text) else value for name, value in fields.items()}


def parse_language(value: str) -> Language:
    """Check a language given by a person.

    Raises:
        ValueError: ``value`` is not one of ``LANGUAGES``.
    """
    if value not in LANGUAGES:
        raise ValueError(f"language: got {value!r}, allowed {', '.join(LANGUAGES)}")
    return cast(Language, value)


def is_language_chosen() -> bool:
    """Whether somebody, or a notebook, said which language to use."""
    return _chosen_language() is not None


def for_print(text: Text) -> str:
    """A text as ``print`` and ``str`` give it: in the reader's language.

    Where cells are run for the website, in both, line by line, as a cell may print some of the lines; ``printed_in`` then
    leaves the language of the page. The space lets a cell that wraps the text leave the last word whole.
    """
    if not os.environ.get(PAGES):
        return text.get()
    english, chinese = text.en.split("\n"), text.zh.split("\n")
    pairs = zip(english, chinese, strict=True) if len(english) == len(chinese) else [(text.en, text.zh)]
    return "\n".join(en if en == zh else f"{_OPEN}{en} {_NEXT}{zh}{_CLOSE}" for en, zh in pairs)


def printed_in(language: Language, output: str) -> str:
    """What a cell printed, with one language left of each text that ``for_print`` gave.

    Marks that a cell cut off with a part of the text are taken out.
    """
    changed = 1
    while changed:  # one text may hold another
        output, changed = _PRINTED.subn(lambda both: both[1 + LANGUAGES.index(language)], output)
    return output.translate({ord(mark): None for mark in (_OPEN, _NEXT, _CLOSE)})


def current_language() -> Language:
    """The reader's language: ``MLC_LANG`` (``en`` or ``zh``), else that of the open notebook, else English."""
    return _chosen_language() or "en"


def _chosen_language() -> Language | None:
    if asked := os.environ.get("MLC_LANG"):
        return parse_language(asked)
    said = notebook_language()
    return cast(Language, said) if said in LANGUAGES else None
