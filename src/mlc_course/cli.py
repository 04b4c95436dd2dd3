"""The command ``mlc``: one thin function a subcommand. Everything heavy is imported where it is used."""

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from mlc_course.authoring.commands import add_commands
from mlc_course.bootstrap import python_problem
from mlc_course.command_help import told_in
from mlc_course.terminal import printable
from mlc_ref.language import LANGUAGES, Language, Text, TextError, current_language

DONE, NOT_PASSED, PROBLEM, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``mlc`` and return its exit code: 0 done, 1 not everything passes, 2 something is in the way."""
    problem = python_problem(sys.version_info)
    if problem:
        return _fail(problem)
    try:
        language = current_language()
    except ValueError as error:
        return _fail(_NO_LANGUAGE.format(reason=error))
    options = told_in(language, _parser()).parse_args(arguments)
    try:
        return options.run(options)
    except Exception as error:
        if _is_explained(error):
            return _fail(_explanation(error, getattr(options, "lang", None) or language))
        told = _advice(error)
        if not told:
            raise
        return _fail(told)


_NO_LANGUAGE = (
    "MLC_LANG: {reason}. Set it to one of them, or take it away: unset MLC_LANG\n"
    "MLC_LANG：所设的语言不可用。请设为 en 或 zh，或者取消设置：unset MLC_LANG"
)


def exercises_build(options: argparse.Namespace) -> int:
    """Write the learner's notebooks."""
    from mlc_course.exercises.notebooks import build_notebooks

    languages = LANGUAGES if options.lang == "all" else (options.lang,)
    for path in build_notebooks(options.out, languages, options.stems):
        print(path)
    return DONE


def check(options: argparse.Namespace) -> int:
    """Judge a learner's notebook and print the table of its items."""
    from mlc_course.exercises.notebook_check import check_notebook
    from mlc_course.exercises.progress import record
    from mlc_course.exercises.reports import report_to_json, shown
    from mlc_ref.versions import require_versions

    language: Language | None = options.lang or (current_language() if os.environ.get("MLC_LANG") else None)
    require_versions()
    checked = check_notebook(options.file, language, timeout=options.timeout)
    record(checked.stem, checked.reports, checked.reports[0].language)
    if options.json:
        reports = [report_to_json(report) for report in checked.reports]
        print(json.dumps({"stem": checked.stem, "items": reports, "problem": checked.problem}, ensure_ascii=False))
    else:
        print(*map(shown, checked.reports), sep="\n\n")
        earned, points = sum(r.score for r in checked.reports), sum(r.points for r in checked.reports)
        print(f"\n{checked.stem}: {earned}/{points}")
    if checked.problem:
        return _fail(checked.problem)
    return DONE if checked.passed else NOT_PASSED


def progress(options: argparse.Namespace) -> int:
    """Show what the learner has done, or forget it."""
    from mlc_course.exercises.catalog import set_folder
    from mlc_course.exercises.progress import forget, progress_file, read_progress
    from mlc_course.exercises.progress_table import course_table, set_table

    stem = options.stem if options.reset is None else options.reset or None
    if stem:
        set_folder(stem)
    if options.reset is None:
        known = read_progress(progress_file(), options.lang)
        print(set_table(stem, known, options.lang) if stem else course_table(known, options.lang))
        print(f"\n{progress_file()}")
        return DONE
    if not options.yes and not _agreed(_FORGET.format(what=stem or _EVERYTHING).get(options.lang)):
        print(_UNCHANGED.get(options.lang))
        return NOT_PASSED
    forget(stem, options.lang)
    return DONE


_FORGET = Text("Forget the progress of {what}? [y/N] ", "要清除{what}的学习进度吗？[y/N] ")
_EVERYTHING = Text("all sets", "全部练习集")
_UNCHANGED = Text("Nothing was changed.", "没有作任何改动。")


def _agreed(question: str) -> bool:
    """Whether the person at the terminal says yes; no answer is no."""
    try:
        return input(question).strip().lower() in ("y", "yes", "是")
    except EOFError:
        return False


def course_create(options: argparse.Namespace) -> int:
    """Make an instructor's course folder."""
    from mlc_course.exercises.course import create_course

    stems = create_course(options.folder, options.lang, options.stems)
    print(f"{options.folder}: {', '.join(stems)}. README.md in it lists the commands.")
    return DONE


def grade(options: argparse.Namespace) -> int:
    """Grade all submissions of an assignment in parallel."""
    from mlc_course.grading.classroom.class_grading import Stopped, grade_class

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names may hold what a terminal's encoding lacks
    try:
        graded = grade_class(options.folder, options.assignment, options.workers, force=options.force)
    except KeyboardInterrupt as error:
        stands = error.graded.table() if isinstance(error, Stopped) and error.graded.outcomes else ""
        print(f"\n{stands}" if stands else "")
        what = (
            "What has a score in the table is in the gradebook" if stands else "Nothing was entered into the gradebook"
        )
        _fail(f"\nStopped. {what}; the same command goes on where it was.")
        return INTERRUPTED
    if not graded.outcomes:
        place = f"{options.folder}/submitted/<student>/{options.assignment}/{options.assignment}.ipynb"
        return _fail(f"There is nothing to grade: no submission is at {place}.")
    print(graded.table(), graded.summary(), sep="\n\n")
    return DONE if graded.complete else NOT_PASSED


def doctor(options: argparse.Namespace) -> int:
    """Say what this machine lacks."""
    from mlc_course.doctor import examine

    findings = examine()
    print(*findings, sep="\n")
    return PROBLEM if any(f.problem and f.needed for f in findings) else DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mlc", description="Commands of the course on machine learning compilation.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")

    group = commands.add_parser("exercises", help="build the exercise notebooks").add_subparsers(required=True)
    command = group.add_parser("build", help="write the notebooks learners get, as OUT/<lang>/<stem>.ipynb")
    command.add_argument("--lang", choices=[*LANGUAGES, "all"], default="all", help="language (default: all)")
    command.add_argument("--out", type=Path, default=Path("_build/exercises"), help="folder (default: %(default)s)")
    command.add_argument("--stems", nargs="+", metavar="STEM", help="exercise sets (default: all)")
    command.set_defaults(run=exercises_build)

    command = commands.add_parser("check", help="judge the answers in a notebook; the file is not changed")
    command.add_argument("file", type=Path, metavar="FILE", help="an exercise notebook (.ipynb)")
    command.add_argument("--lang", choices=LANGUAGES, help="language of the messages (default: the notebook's)")
    command.add_argument("--json", action="store_true", help="print the reports as JSON")
    command.add_argument("--timeout", type=int, default=300, help="seconds a cell may take (default: %(default)s)")
    command.set_defaults(run=check)

    command = commands.add_parser("progress", help="show which exercises of the course you have solved")
    command.add_argument("stem", nargs="?", metavar="STEM", help="one exercise set, item by item (default: all sets)")
    command.add_argument("--lang", choices=LANGUAGES, default=current_language(), help="(default: %(default)s)")
    command.add_argument("--reset", nargs="?", const="", metavar="STEM", help="forget one set, or all, after asking")
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.set_defaults(run=progress)

    group = commands.add_parser("course", help="for instructors").add_subparsers(required=True)
    command = group.add_parser("create", help="make a folder in which the standard nbgrader commands run")
    command.add_argument("folder", type=Path, metavar="DIR", help="a new folder")
    command.add_argument("--lang", choices=LANGUAGES, default=current_language(), help="(default: %(default)s)")
    command.add_argument("--stems", nargs="+", metavar="STEM", help="exercise sets (default: all)")
    command.set_defaults(run=course_create)

    command = commands.add_parser("grade", help="grade all submissions of an assignment, in parallel")
    command.add_argument("assignment", metavar="ASSIGNMENT", help="name of the exercise set")
    command.add_argument("--folder", type=Path, default=Path("."), help="the course folder (default: this one)")
    command.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: %(default)s)")
    command.add_argument("--force", action="store_true", help="grade again what was graded by the same checks")
    command.set_defaults(run=grade)

    add_commands(commands)

    command = commands.add_parser("doctor", help="say what this machine lacks, and what to do")
    command.set_defaults(run=doctor)
    return parser


def _is_explained(error: Exception) -> bool:
    """Whether the error's message is written for the person at the terminal."""
    from mlc_course.exercises.course import CourseFolderProblem
    from mlc_course.exercises.source import ExerciseError
    from mlc_course.grading.classroom.gradebook import StepFailed
    from mlc_course.grading.sandbox.probe import NoSandbox

    return isinstance(error, (TextError, CourseFolderProblem, ExerciseError, NoSandbox, StepFailed))


def _explanation(error: Exception, language: Language) -> str:
    """The message of an explained error, in the language if it has it."""
    return error.text.get(language) if isinstance(error, TextError) else str(error)


def _advice(error: Exception) -> str:
    """What to do if the machine is in the way: a full disk, a folder that is closed."""
    from mlc_course.grading.classroom.advice import advice

    told = advice(str(error)) if isinstance(error, OSError) else ""
    return f"{error.filename}: {told}" if told and isinstance(error, OSError) and error.filename else told


def _fail(message: str) -> int:
    print(printable(message, keep="\n"), file=sys.stderr, flush=True)
    return PROBLEM


if __name__ == "__main__":
    sys.exit(main())
