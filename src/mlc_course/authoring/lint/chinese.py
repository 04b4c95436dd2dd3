"""Rules for all Chinese that the course shows: one word for one concept, full-width punctuation, no stray spaces."""

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mlc_course.authoring.lint.registry import rule

TERMS = Path("chapters", "chinese_terms.csv")
GLOSSARY = Path("chapters", "glossary.csv")
_SHOWING = (
    "README.zh.md",
    "chapters/zh/*.md",
    "chapters/glossary.csv",
    "chapters/figures/*.zh.svg",
    "chapters/figures/*.py",
    "chapters/_static/**/*.js",
    "chapters/_templates/**/*.html",
    "exercises/*/exercise.md",
    "exercises/*/checks/*.py",
    "src/**/*.py",
    "src/mlc_course/authoring/templates/*.md",
)
_WORD_LISTS = {"chapters/_static/search/terms.js"}  # the words that a search passes over, divided by spaces
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_CHINESE = re.compile(_HAN)
_SPACED = re.compile(f"{_HAN} +{_HAN}")
_HALF_WIDTH = re.compile(f'.{{0,8}}(?:{_HAN}[,;:!?] ?{_HAN}|{_HAN} ?\\({_HAN}|{_HAN}\\) ?{_HAN}|{_HAN}"{_HAN}).{{0,8}}')
_CODE = re.compile(r"`[^`\n]*`|<code>.*?</code>")
_HEADING = re.compile(r"^#{1,6} ", re.M)
_BRACKETS = re.compile(r"\s*[(（].*?[)）]")


@dataclass(frozen=True)
class Shown:
    """A piece of text that somebody reads: a line of a page, or a string of a program."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Wording:
    """What one concept is called in Chinese: a row of ``chapters/chinese_terms.csv``.

    Attributes:
        term: its English name; empty for words of the pages' frame.
        use: the Chinese word.
        never: a pattern of words that must not stand for it.
        allowed: a pattern of longer words in which they may stand; empty where there are none.
    """

    term: str
    use: str
    never: str
    allowed: str

    @cached_property
    def _search(self) -> re.Pattern[str]:
        # The longer words come first, so that what stands in them is passed over.
        return re.compile(f"(?P<allowed>{self.allowed})|{self.never}" if self.allowed else self.never)

    def wrong(self, text: str) -> list[str]:
        """The words in ``text`` that should be ``use``."""
        found = self._search.finditer(text)
        return [match[0] for match in found if not (self.allowed and match["allowed"])]


def shown(root: Path) -> Iterator[Shown]:
    """All Chinese that readers, learners and authors see, in the order of the files."""
    paths = {path.relative_to(root).as_posix(): path for pattern in _SHOWING for path in sorted(root.glob(pattern))}
    for name, path in paths.items():
        text = path.read_text("utf-8")
        if name in _WORD_LISTS or not (_CHINESE.search(text) or "\\u" in text):
            continue  # spares the parsing
        pieces = _strings(text) if path.suffix == ".py" else enumerate(text.splitlines(), 1)
        yield from (Shown(name, line, piece) for line, piece in pieces if _CHINESE.search(piece))


def _strings(source: str) -> Iterator[tuple[int, str]]:
    """The strings of a program; an f-string is one, with ``{}`` for what is filled in."""
    tree = ast.parse(source)
    filled = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inside = {id(part) for node in filled for part in node.values}
    for text in filled:
        parts = (str(each.value) if isinstance(each, ast.Constant) else "{}" for each in text.values)
        yield text.lineno, "".join(parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value


def wordings(root: Path) -> list[Wording]:
    """The table of what concepts are called."""
    with (root / TERMS).open(encoding="utf-8", newline="") as file:
        return [
            Wording(*(row[key] or "" for key in ("term", "use", "never", "except"))) for row in csv.DictReader(file)
        ]


@rule("course")
def one_chinese_word_stands_for_one_concept(_name: str, root: Path) -> list[str]:
    table, found, used = wordings(root), [], set()
    for piece in shown(root):
        text = _CODE.sub("``", piece.text)
        used |= {wording.use for wording in table if wording.use in text}
        found += [
            f"{piece}: {word!r} stands for {wording.term or 'this'!r}; write {wording.use!r} ({TERMS} says so)"
            for wording in table
            for word in wording.wrong(text)
        ]
    unused = [
        f"{TERMS}: {wording.use!r} stands on no page; take the row out, or mend it"
        for wording in table
        if wording.use not in used
    ]
    return found + unused


@rule("course")
def the_table_of_chinese_words_agrees_with_the_glossary(_name: str, root: Path) -> list[str]:
    with (root / GLOSSARY).open(encoding="utf-8", newline="") as file:
        names = {_BRACKETS.sub("", row["en"]): row["zh"] for row in csv.DictReader(file)}
    return [
        f"{GLOSSARY}: {wording.term} is {names[term]!r} here and {wording.use!r} in {TERMS}; write the same in both"
        for wording in wordings(root)
        if (term := _BRACKETS.sub("", wording.term)) in names and wording.use not in names[term]
    ]


@rule("course")
def lowering_is_named_where_its_chinese_word_stands(_name: str, root: Path) -> list[str]:
    """The same word means a decrease: a section, a figure or a message that uses it for lowering says so."""
    word = next(wording for wording in wordings(root) if wording.term == "lowering")
    passed = re.compile(word.allowed)
    found = []
    for name, unit in _sections(shown(root)):
        place = passed.sub("", unit).find(word.use)
        if place >= 0 and "lowering" not in unit.lower():
            around = passed.sub("", unit)[max(0, place - 12) : place + 8].strip()
            found.append(
                f"{name}: {around!r}: write {word.use}（lowering） once in this section, or 减少 for a decrease"
            )
    return found


def _sections(pieces: Iterator[Shown]) -> Iterator[tuple[str, str]]:
    """The parts of each file that are read as one: sections of pages, figures, single messages."""
    texts: dict[str, list[str]] = {}
    for piece in pieces:
        texts.setdefault(piece.path, []).append(piece.text)
    for name, lines in texts.items():
        whole = "\n".join(lines)
        units = _HEADING.split(whole) if name.endswith(".md") else [whole] if name.endswith(".svg") else lines
        yield from ((name, unit) for unit in units)


@rule("course")
def no_space_stands_between_chinese_characters(_name: str, root: Path) -> list[str]:
    return [
        f"{piece}: {piece.text.strip()[:40]!r}: a space between Chinese characters; take it out"
        for piece in shown(root)
        if _SPACED.search(piece.text)
    ]


@rule("course")
def punctuation_between_chinese_characters_is_full_width(_name: str, root: Path) -> list[str]:
    return [
        f"{piece}: {text.strip()!r}: half-width punctuation between Chinese characters; write ，；：！？（）“”"
        for piece in shown(root)
        for text in _HALF_WIDTH.findall(_CODE.sub("``", piece.text))
    ]
