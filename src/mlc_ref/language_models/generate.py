"""What the trained model is asked for: answer a question about a story, translate the story, go on writing."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from mlc_ref.kinds import refused
from mlc_ref.language import Language, Text
from mlc_ref.language_models.config import story_config
from mlc_ref.language_models.paging import Pages
from mlc_ref.language_models.runners import InPlaceRun, Run
from mlc_ref.language_models.sampling import sample, uniform_numbers
from mlc_ref.language_models.tokens import END, START, TO_CHINESE, TO_ENGLISH, read, written
from mlc_ref.language_models.weights import load_weights

Choice = Callable[[int, np.ndarray], int]  # position and logits (vocab,) to a word
_A_WORD = Text("at least one word", "至少一个词")


def trained_run() -> InPlaceRun:
    """The shipped weights, compiled for this machine with a cache in place: some seconds."""
    return InPlaceRun(story_config(), load_weights().arrays)


def language_of(text: str) -> Language:
    """Chinese where a text has a letter that is not ASCII, else English."""
    return "en" if text.isascii() else "zh"


def most_likely(position: int, logits: np.ndarray) -> int:
    """The choice at temperature 0."""
    return int(logits.argmax())


def drawn(seed: int, length: int, temperature: float = 1.0, top_p: float = 1.0) -> Choice:
    """A choice by random numbers, one a position; the same for a seed."""
    numbers = uniform_numbers(seed, length)
    return lambda position, logits: int(sample(logits[None], numbers[position : position + 1], temperature, top_p)[0])


def continued(run: Run, beginning: Sequence[int], choose: Choice, most: int) -> list[int]:
    """The words that follow a beginning, up to ``<end>``, which is left out, or at most ``most`` words."""
    found: list[int] = []
    logits = run.start(beginning)
    while len(found) < most:
        word = choose(len(beginning) + len(found), logits)
        if word == END:
            break
        found.append(word)
        if len(found) < most:
            logits = run.step(word)
    return found


def answer(run: Run, story: str, question: str) -> str:
    """The model's answer to a question about a story, both in one language.

    Raises:
        ValueError: a word that the model has never read, no words, or more than it can hold.
    """
    beginning = [*_beginning("story", story), *_words("question", question)]
    return written(continued(run, beginning, most_likely, _room(beginning)), language_of(story))


def translate(run: Run, story: str) -> str:
    """The model's translation of a story into the other language.

    Raises:
        ValueError: as ``answer``.
    """
    into: Language = "zh" if language_of(story) == "en" else "en"
    beginning = [*_beginning("story", story), TO_CHINESE if into == "zh" else TO_ENGLISH]
    return written(continued(run, beginning, most_likely, _room(beginning)), into)


def go_on(run: Run, text: str, *, words: int = 40, temperature: float = 0.8, top_p: float = 1.0, seed: int = 0) -> str:
    """The words the model writes after the beginning of a story, without that beginning.

    Args:
        words: the most to write; fewer where the model ends, or its longest text is reached.
        temperature, top_p: as for ``sampling.shares``.
        seed: of the random numbers.

    Raises:
        ValueError: as ``answer``.
    """
    beginning = _beginning("text", text)
    most = min(words, _room(beginning))
    choose = drawn(seed, len(beginning) + most, temperature, top_p)
    return written(continued(run, beginning, choose, most), language_of(text))


def go_on_together(
    pages: Pages, text: str, seeds: Sequence[int], *, words: int = 40, temperature: float = 0.8, top_p: float = 1.0
) -> list[str]:
    """Several continuations of one beginning, one a seed, each word of all in one run of the decoder.

    The beginning is read once; its pages are shared. Each continuation is that of ``go_on`` with the same seed.

    Args:
        pages: without texts.

    Raises:
        ValueError: as ``answer``; no room in ``pages``, which are left without texts.
    """
    beginning = _beginning("text", text)
    most = min(words, _room(beginning))
    numbers = {i: uniform_numbers(seed, len(beginning) + most) for i, seed in enumerate(seeds)}
    if not seeds:
        return []
    before = set(pages.lengths)
    try:
        found = _continued_together(pages, beginning, numbers, most, temperature, top_p)
    finally:
        for i in set(pages.lengths) - before:
            pages.remove(i)
    return [written(found[i], language_of(text)) for i in numbers]


def _continued_together(
    pages: Pages, beginning: list[int], numbers: Mapping[int, np.ndarray], most: int, temperature: float, top_p: float
) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {i: [] for i in numbers}
    logits = dict.fromkeys(numbers, pages.add(0, beginning))
    for i in list(numbers)[1:]:
        pages.fork(0, i)
    position = len(beginning)
    while logits and position < len(beginning) + most:
        uniform = np.array([numbers[i][position] for i in logits])
        chosen = sample(np.stack(list(logits.values())), uniform, temperature, top_p)
        words_now = {i: int(word) for i, word in zip(logits, chosen, strict=True) if word != END}
        for i, word in words_now.items():
            found[i].append(word)
        position += 1
        logits = pages.step(words_now) if position < len(beginning) + most else {}
    return found


def _words(name: str, text: str) -> list[int]:
    words = read(text)
    if not words:
        raise ValueError(refused(name, repr(text), _A_WORD))
    return words


def _beginning(name: str, text: str) -> list[int]:
    return [START, *_words(name, text)]


def _room(beginning: Sequence[int]) -> int:
    """How many words can follow."""
    return story_config().length - len(beginning)
