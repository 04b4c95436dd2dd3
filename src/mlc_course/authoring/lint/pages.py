"""Rules for chapters: both languages have the same structure and code, and every heading can be linked to."""

import re
from collections import Counter
from pathlib import Path

from mlc_course.authoring.lint.registry import rule
from mlc_course.content.addresses import LIST, read_addresses
from mlc_course.content.exercise_page_names import is_exercise_page
from mlc_course.content.pages import LABEL, Page, read_page, without_blocks
from mlc_course.content.printed_values import printed_values
from mlc_course.content.translations import read_state, stale_sections
from mlc_course.root import pages
from mlc_ref.language import LANGUAGES

PLACEHOLDER = "WRITE: "
_HAN = r"[\u4e00-\u9fff]"
_HALF_WIDTH = re.compile(rf".{{0,12}}{_HAN}[,;:!?](?![\w/]).{{0,8}}")
_JOINED_SCRIPTS = re.compile(rf".{{0,12}}(?:{_HAN}[A-Za-z0-9]|[A-Za-z0-9]{_HAN}).{{0,8}}")
_ALT = re.compile(r"^:alt: .{20,}", re.M)
_PAIRS = (("en", "zh"), ("zh", "en"))  # a language, and the other
_UNGRADED = {"en": "which nobody grades:", "zh": "不评分的题："}
_PREDICTION = "\n:class: tip\n"
_FOLD = ":::{dropdown} "
_ANSWER = {"en": f"{_FOLD}Answer", "zh": f"{_FOLD}答案"}
_LIST_ITEM = re.compile(r"^(?:-|\d+\.) ", re.M)


def _both(name: str, root: Path) -> dict[str, Page]:
    return {language: read_page(name, language, root) for language in LANGUAGES}


@rule("course")
def every_page_exists_in_both_languages(_name: str, root: Path) -> list[str]:
    listed, found = set(pages(root)), []
    for language in LANGUAGES:
        folder = root / "chapters" / language
        written = {path.stem for path in folder.glob("*.md") if not is_exercise_page(path.stem)}
        found += [
            f"chapters/{language}/{name}.md: missing; _toc.yml names this page" for name in sorted(listed - written)
        ]
        found += [
            f"chapters/{language}/{name}.md: in no contents; add chapters/en/{name} to _toc.yml or remove the file"
            for name in sorted(written - listed)
        ]
    return found


@rule("page")
def code_cells_are_the_same_in_both_languages(name: str, root: Path) -> list[str]:
    english, chinese = (page.code for page in _both(name, root).values())
    if len(english) != len(chinese):
        return [f"chapters/zh/{name}.md: {len(chinese)} code cells, the English page has {len(english)}"]
    different = [number for number, (a, b) in enumerate(zip(english, chinese, strict=True), 1) if a != b]
    return [
        f"chapters/zh/{name}.md: code cell {number} differs from the English one; copy it, options included"
        for number in different
    ]


@rule("page")
def headings_have_the_same_labels_in_both_languages(name: str, root: Path) -> list[str]:
    found, labels = [], {}
    for language, page in _both(name, root).items():
        path = f"chapters/{language}/{name}.md"
        labels[language] = page.labels
        found += [f"{path}: {heading!r} has no label; write (label)= above it" for heading in page.unlabelled_headings]
        twice = sorted({label for label in page.labels if page.labels.count(label) > 1})
        found += [f"{path}: the label {label!r} stands twice; choose another for one of them" for label in twice]
    if labels["en"] != labels["zh"]:
        differing = sorted(set(labels["en"]) ^ set(labels["zh"])) or ["their order"]
        found.append(f"chapters/zh/{name}.md: labels differ from the English page: {', '.join(differing)}")
    return found


@rule("page")
def published_addresses_list_every_heading(name: str, root: Path) -> list[str]:
    path = root / LIST
    if not path.is_file():
        return []
    listed, _ = read_addresses(path.read_text("utf-8"))
    labels = read_page(name, "en", root).labels
    # The first label is the page's own.
    wanted = [f"{name}.html", *(f"{name}.html#{label.replace('_', '-')}" for label in labels[1:])]
    return [f"{LIST}: the line {address!r} is missing; add it" for address in wanted if address not in listed]


@rule("page")
def figures_are_the_same_in_both_languages_and_described(name: str, root: Path) -> list[str]:
    found, figures = [], {}
    for language, other in _PAIRS:
        page, path = read_page(name, language, root), f"chapters/{language}/{name}.md"
        figures[language] = page.figures
        if f".{other}.svg" in page.prose:
            found.append(f"{path}: shows a figure in the other language; name the file .{language}.svg")
        described = len(_ALT.findall(page.prose))
        if described != len(page.figures):
            found.append(f"{path}: {len(page.figures)} figures, {described} with an :alt: of at least 20 characters")
    if figures["en"] != figures["zh"]:
        found.append(f"chapters/zh/{name}.md: figures differ from those of the English page")
    return found


@rule("page")
def quotations_of_outputs_are_marked_alike_in_both_languages(name: str, root: Path) -> list[str]:
    found, quoted = [], {}
    for language, page in _both(name, root).items():
        marks = printed_values(page)
        quoted[language] = Counter((mark.value.replace(",", ""), mark.cells) for mark in marks)
        found += [
            f"chapters/{language}/{name}.md:{mark.line}: {mark.value!r}: there is no code cell at {mark.place or 'any place above'!r}"
            for mark in marks
            if mark.value and not mark.cells
        ]
        found += [
            f"chapters/{language}/{name}.md:{mark.line}: a mark quotes nothing; write what the cell prints before <{mark.place}>"
            for mark in marks
            if not mark.value
        ]
    for language, other in _PAIRS:
        found += [
            f"chapters/{language}/{name}.md: {value!r} is marked as printed on the {other} page only; write {{printed}}`{value}`"
            for value, _ in quoted[other] - quoted[language]
        ]
    return found


@rule("page")
def the_chinese_page_is_in_step_with_the_english(name: str, root: Path) -> list[str]:
    stale = stale_sections(name, read_state(root), root)
    if not stale:
        return []
    command = f"python -m mlc_course.content.translations --mark {name}"
    return [f"chapters/zh/{name}.md: {', '.join(stale)} changed in English; bring it in step, then run {command}"]


@rule("page")
def chinese_prose_has_full_width_punctuation_and_spaces_between_scripts(name: str, root: Path) -> list[str]:
    prose = re.sub(r"`[^`\n]*`", "``", without_blocks(read_page(name, "zh", root).prose))
    path = f"chapters/zh/{name}.md"
    return [
        *(f"{path}: {text.strip()!r}: full-width punctuation after Chinese" for text in _HALF_WIDTH.findall(prose)),
        *(f"{path}: {text.strip()!r}: a space between Chinese and Latin" for text in _JOINED_SCRIPTS.findall(prose)),
    ]


@rule("page")
def every_question_to_try_has_its_answer_in_the_fold_below(name: str, root: Path) -> list[str]:
    found = []
    for language, page in _both(name, root).items():
        for after in page.text.split(_UNGRADED[language])[1:]:
            questions, _, fold = _section(after).partition(f"\n{_FOLD}")
            asked, answered = len(_LIST_ITEM.findall(questions)), len(_LIST_ITEM.findall(fold))
            if not asked == answered > 1:
                found.append(
                    f"chapters/{language}/{name}.md: {asked} questions that nobody grades, {answered} answers in the fold "
                    f"{_FOLD}right below; there are two questions or more, and as many answers"
                )
    return found


@rule("page")
def every_prediction_has_its_answer_before_the_next_section(name: str, root: Path) -> list[str]:
    return [
        f"chapters/{language}/{name}.md: {after.strip()[:40]!r}: no answer before the next section; write a fold {_ANSWER[language]}"
        for language, page in _both(name, root).items()
        for after in page.text.split(_PREDICTION)[1:]
        if _ANSWER[language] not in _section(after)
    ]


def _section(text: str) -> str:
    """The text up to the next label."""
    return LABEL.split(text, maxsplit=1)[0]


@rule("page")
def nothing_is_left_to_write(name: str, root: Path) -> list[str]:
    return [
        f"chapters/{language}/{name}.md:{number}: still to be written: {line.strip()}"
        for language, page in _both(name, root).items()
        for number, line in enumerate(page.text.splitlines(), 1)
        if PLACEHOLDER in line
    ]
