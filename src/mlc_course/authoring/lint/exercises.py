"""Rules for exercise sets: the source is well formed, prompts name what is judged, every part is tested."""

import re
from pathlib import Path

from mlc_course.authoring.lint.registry import rule
from mlc_ref.language import LANGUAGES

ANSWERS = Path("tests", "exercises", "answers")
_TITLE = re.compile(r"## \d+\. .*[^)）]")
_SECTIONS_BEGIN = re.compile(r"Chapter sections?:|对应章节")
# The line of sections is a paragraph of links: one more than its commas.
_LINK = r"\[[^\]]+\]\(chapter:[\w-]+\)"
_SECTIONS = {
    "en": re.compile(rf"Chapter section: {_LINK}\.|Chapter sections: {_LINK}(?:,\s{_LINK})+\."),
    "zh": re.compile(rf"对应章节：{_LINK}(?:、{_LINK})*。"),
}
_OUTCOME = re.compile(r"^# (earns: all|loses: (?P<parts>.+))$", re.M)


@rule("topic")
def the_source_of_the_exercises_is_well_formed(stem: str, root: Path) -> list[str]:
    from mlc_course.exercises.catalog import ChecksError, load_exercise
    from mlc_course.exercises.source import ExerciseError

    try:
        load_exercise(stem, root)
    except (ExerciseError, ChecksError) as error:
        return [str(error)]
    return []


@rule("topic")
def prompts_name_every_part_in_both_languages(stem: str, root: Path) -> list[str]:
    from mlc_course.exercises.catalog import ChecksError, load_exercise, load_tasks
    from mlc_course.exercises.source import ExerciseError

    try:
        cells, tasks = load_exercise(stem, root).cells, load_tasks(stem, root)
    except (ExerciseError, ChecksError):
        return []  # another rule says so
    texts = {
        lang: " ".join(" ".join(c.source for c in cells if c.language == lang).lower().split()) for lang in LANGUAGES
    }
    return [
        f"exercises/{stem}/exercise.md: the {language} prompt of {task.name} does not name its part {part.name}; "
        f"write {part.title.get(language)!r} in it"
        for task in tasks
        for part in task.parts
        for language in LANGUAGES
        if part.title.get(language).lower() not in texts[language]
    ]


@rule("topic")
def titles_and_lines_of_chapter_sections_have_one_pattern(stem: str, root: Path) -> list[str]:
    """Points stand in the prompt and on the page's table, so a title has none."""
    from mlc_course.exercises.catalog import ChecksError, load_exercise
    from mlc_course.exercises.source import ExerciseError

    try:
        cells = load_exercise(stem, root).cells
    except (ExerciseError, ChecksError):
        return []  # another rule says so
    found, path = [], f"exercises/{stem}/exercise.md"
    for cell in cells:
        if cell.language is None or not cell.source.startswith("## "):
            continue
        title, *paragraphs = cell.source.strip().split("\n\n")
        if not _TITLE.fullmatch(title):
            found.append(f"{path}: {title!r}: a title is '## ', a number, '. ' and words, without points behind them")
        lines = [each for each in paragraphs if _SECTIONS_BEGIN.search(each)]
        if [bool(_SECTIONS[cell.language].fullmatch(line)) for line in lines] != [True]:
            found.append(
                f"{path}: {title!r}: below it stands one paragraph 'Chapter section: [Title](chapter:label).' (in Chinese "
                f"'对应章节：[标题](chapter:label)。'), got {lines}"
            )
    return found


@rule("topic")
def every_part_is_tested_with_right_and_wrong_answers(stem: str, root: Path) -> list[str]:
    from mlc_course.exercises.catalog import ChecksError, load_tasks

    try:
        tasks = load_tasks(stem, root)
    except ChecksError:
        return []  # another rule says so
    found = []
    for task in tasks:
        folder = ANSWERS / stem / task.name
        outcomes = [_OUTCOME.search(path.read_text("utf-8")) for path in sorted((root / folder).glob("*.py"))]
        lost = {part.strip() for said in outcomes if said and said["parts"] for part in said["parts"].split(",")}
        lost |= {part.name for part in task.parts} if "all" in lost else set()
        if not any(said and not said["parts"] for said in outcomes):
            found.append(
                f"{folder}/: add a right answer in another style than the solution, with the line '# earns: all'"
            )
        found += [
            f"{folder}/: add a wrong answer with the line '# loses: {part.name}', which breaks this part"
            for part in task.parts
            if part.name not in lost
        ]
    return found
