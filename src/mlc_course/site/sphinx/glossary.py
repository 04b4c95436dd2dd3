"""The glossary page, made from ``chapters/glossary.csv``: each term in both languages with its meaning.

The directive ``{course-glossary}`` lists all terms in the language of the page. Each has the anchor
``term-<english term>`` in both languages, so a chapter links a first use as
``[block axis](glossary.md#term-block-axis)``.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from mlc_course.root import course_root
from mlc_ref.language import Language, Text

COLUMNS = ("en", "zh", "meaning_en", "meaning_zh")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Term:
    """One row of the glossary."""

    name: Text
    meaning: Text

    @property
    def anchor(self) -> str:
        """``term-`` and the English term in lower case; brackets and what is in them do not count."""
        plain = re.sub(r"\(.*?\)", "", self.name.en).strip().lower()
        return "term-" + re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def read_terms(path: Path) -> list[Term]:
    """All terms of the glossary.

    Raises:
        ValueError: the first line is not the one expected, lines have other than four fields, a language stands in
            another's column, or two terms share an anchor; every such line is named.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        head = next(reader, [])
        lines = [(reader.line_num, fields) for fields in reader if fields]
    if tuple(head) != COLUMNS:
        raise ValueError(f"{path}: got the first line {','.join(head)!r}; the first line must be {','.join(COLUMNS)}")
    wrong = [f"{path}, line {number}: {fault}" for number, fields in lines if (fault := _fault(fields))]
    if wrong:
        raise ValueError("\n".join(wrong))
    rows = [dict(zip(COLUMNS, fields, strict=True)) for _, fields in lines]
    terms = [Term(Text(r["en"], r["zh"]), Text(r["meaning_en"], r["meaning_zh"])) for r in rows]
    anchors = [term.anchor for term in terms]
    doubled = sorted({anchor for anchor in anchors if anchors.count(anchor) > 1})
    if doubled:
        raise ValueError(f"{path}: several terms have the anchor {', '.join(doubled)}")
    return terms


def _fault(fields: list[str]) -> str | None:
    """What is wrong with one line, and what to do; ``None`` where nothing is."""
    if len(fields) != len(COLUMNS):
        return f"got {len(fields)} fields, expected {len(COLUMNS)}. Put a field that holds a comma into double quotes."
    row = dict(zip(COLUMNS, fields, strict=True))
    empty = [column for column in COLUMNS if not row[column].strip()]
    if empty:
        return f"empty {', '.join(empty)}"
    for column, text in row.items():
        chinese = bool(_CHINESE.search(text))
        if chinese != (column in ("zh", "meaning_zh")):
            other = "no Chinese" if not chinese else "Chinese"
            return f"{column} holds {other}: got {text[:60]!r}. The fields are {', '.join(COLUMNS)}, in this order."
    return None


class CourseGlossary(SphinxDirective):
    """All terms as a definition list, sorted in the page's language."""

    def run(self) -> list[nodes.Node]:
        path = course_root() / "chapters" / "glossary.csv"
        self.env.note_dependency(str(path))
        lang: Language = "zh" if (self.config.language or "").startswith("zh") else "en"
        terms = sorted(read_terms(path), key=lambda term: term.name.en.lower())
        return [nodes.definition_list("", *(self._item(term, lang) for term in terms), classes=["course-glossary"])]

    def _item(self, term: Term, lang: Language) -> nodes.definition_list_item:
        other: Language = "en" if lang == "zh" else "zh"
        name = nodes.term("", "", nodes.strong("", term.name.get(lang)), nodes.Text("  "), names=[term.anchor])
        # Docutils writes a class language-X as the attribute lang.
        tag = "zh-CN" if other == "zh" else "en"
        name += nodes.inline("", term.name.get(other), classes=["other-language", f"language-{tag}"])
        self.state.document.note_explicit_target(name)
        meaning = nodes.paragraph()
        parsed, _ = self.state.inline_text(term.meaning.get(lang), self.lineno)
        meaning += parsed
        return nodes.definition_list_item("", name, nodes.definition("", meaning))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("course-glossary", CourseGlossary)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
