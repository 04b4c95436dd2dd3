"""What the model is trained on and tested with: a story, then questions with answers, then perhaps its translation.

An example for training is one row of numbers::

    <start> story  question answer <end>  question answer <end>  <zh> translation <end>

A task for test is the beginning of such a row, up to a question or a mark, and what has to follow. Test stories are new
by construction (``stories.never_met``), and everything follows from a seed.
"""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass

from mlc_ref.kinds import refused
from mlc_ref.language import LANGUAGES, Language
from mlc_ref.language_models.stories import Story, pick, tell
from mlc_ref.language_models.tokens import END, START, TO_CHINESE, TO_ENGLISH, encode, vocabulary

KINDS = ("answer en", "answer zh", "translate en", "translate zh")
TEST_SEED = 20
_OTHER: dict[Language, Language] = {"en": "zh", "zh": "en"}
_INTO: dict[Language, int] = {"en": TO_ENGLISH, "zh": TO_CHINESE}
_MOST_QUESTIONS = 3
_HASHED = 256


@dataclass(frozen=True)
class Row:
    """An example for training: numbers of its words, and for each whether the model is asked for it."""

    tokens: list[int]
    asked_for: list[bool]


@dataclass(frozen=True)
class Task:
    """A beginning and what has to follow it, ``<end>`` included; ``language`` is that of the story."""

    language: Language
    beginning: list[int]
    expected: list[int]


def story_tokens(story: Story, language: Language) -> list[int]:
    """``<start>`` and the story."""
    return [START, *encode(getattr(story.text, language))]


def question_tasks(story: Story, language: Language) -> list[Task]:
    """One task a question of the story."""
    begin = story_tokens(story, language)
    return [
        Task(language, begin + encode(getattr(q.asked, language)), [*encode(getattr(q.answer, language)), END])
        for q in story.questions()
    ]


def translation_task(story: Story, language: Language) -> Task:
    """Translate the story, told in ``language``, into the other language."""
    into = _OTHER[language]
    return Task(language, [*story_tokens(story, language), _INTO[into]], [*encode(getattr(story.text, into)), END])


def training_row(rng: random.Random) -> Row:
    """A story of training in either language, none to three of its questions, and its translation: always without a question, else every second time."""
    story, language = tell(rng), pick(rng, LANGUAGES)
    tokens = story_tokens(story, language)
    asked_for, told = [False] * len(tokens), len(tokens)
    left = question_tasks(story, language)
    chosen = [left.pop(int(rng.random() * len(left))) for _ in range(int(rng.random() * (_MOST_QUESTIONS + 1)))]
    if not chosen or rng.random() < 0.5:
        chosen.append(translation_task(story, language))
    for task in chosen:
        asked = task.beginning[told:]
        tokens += asked + task.expected
        asked_for += [False] * len(asked) + [True] * len(task.expected)
    return Row(tokens, asked_for)


def training_batches(seed: int, steps: int, size: int, mixed: int = 16) -> Iterator[list[Row]]:
    """One batch a step. Rows of like length share a batch, so that little is padded: ``mixed`` batches at a time."""
    rng = random.Random(seed)
    for start in range(0, steps, mixed):
        rows = sorted((training_row(rng) for _ in range(mixed * size)), key=lambda row: len(row.tokens))
        batches = [rows[i : i + size] for i in range(0, len(rows), size)]
        for _ in range(min(mixed, steps - start)):
            yield batches.pop(int(rng.random() * len(batches)))


def held_out_tasks(kind: str, count: int, seed: int = TEST_SEED) -> list[Task]:
    """Tasks about stories that no training has seen, one a story.

    Args:
        kind: one of ``KINDS``: what to do, and the language of the story.

    Raises:
        ValueError: no such kind.
    """
    if kind not in KINDS:
        raise ValueError(refused("kind", repr(kind), ", ".join(KINDS)))
    rng, language = random.Random(seed), LANGUAGES[kind.endswith("zh")]
    tasks = []
    for _ in range(count):
        story = tell(rng, new=True)
        question = pick(rng, question_tasks(story, language))
        tasks.append(question if kind.startswith("answer") else translation_task(story, language))
    return tasks


def data_hash(seed: int) -> str:
    """SHA-256 of the vocabulary, the first rows of a training with this seed, and the tasks for test.

    Weights are kept with the hash of their data: a change of the grammar shows.
    """
    rows = [row.tokens for batch in training_batches(seed, 1, _HASHED, mixed=1) for row in batch]
    tests = [task.beginning + task.expected for kind in KINDS for task in held_out_tasks(kind, 100)]
    lines = [" ".join(vocabulary()), *(" ".join(map(str, numbers)) for numbers in (*rows, *tests))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
