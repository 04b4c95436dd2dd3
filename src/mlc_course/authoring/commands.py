"""The commands of authors: ``mlc new topic``, ``mlc new exercise``, ``mlc lint``, ``mlc preview``."""

import argparse
import sys
from pathlib import Path

from mlc_course.root import course_root

DONE, FOUND, REFUSED = 0, 1, 2


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the authors' commands to those of ``mlc``."""
    group = commands.add_parser("new", help="for authors: make the files of a topic or an exercise").add_subparsers(
        required=True
    )
    command = group.add_parser("topic", help="make chapter, package, exercises and tests of a topic, and list it")
    command.add_argument("stem", metavar="STEM", help="its name everywhere: lower-case letters, digits and _")
    command.add_argument("--after", required=True, metavar="TOPIC", help="the topic it follows")
    command.add_argument("--title-en", metavar="TITLE", help="English title (default: made from STEM)")
    command.add_argument("--title-zh", metavar="TITLE", help="Chinese title (default: made from STEM)")
    command.set_defaults(run=new_topic_command)

    command = group.add_parser("exercise", help="add an item to an exercise set")
    command.add_argument("stem", metavar="STEM", help="the topic")
    command.add_argument("item", metavar="ITEM", help="name of the item")
    command.add_argument("--kind", required=True, help="what the answer is: program, value, module or trace")
    command.add_argument("--parts", required=True, metavar="NAME:POINTS,…", help="such as numbers:2,input:1")
    command.set_defaults(run=new_exercise_command)

    command = commands.add_parser("lint", help="for authors: look for what breaks the course's static rules")
    command.add_argument("stem", nargs="?", metavar="STEM", help="one page or topic (default: all)")
    command.set_defaults(run=lint_command)

    command = commands.add_parser("preview", help="for authors: build one page in both languages, in seconds")
    command.add_argument("page", metavar="PAGE", help="name of the page, such as a topic's")
    command.set_defaults(run=preview_command)


def new_topic_command(options: argparse.Namespace) -> int:
    """Make a topic and say what is left to write."""
    from mlc_course.authoring.new_exercise import CannotMake
    from mlc_course.authoring.new_topic import new_topic

    default = options.stem.replace("_", " ").capitalize()
    titles = {"en": options.title_en or default, "zh": options.title_zh or options.title_en or default}
    root = course_root()
    try:
        written = new_topic(root, options.stem, options.after, titles)  # type: ignore[arg-type]
    except CannotMake as error:
        print(error, file=sys.stderr)
        return REFUSED
    return _show(written, root, options.stem)


def new_exercise_command(options: argparse.Namespace) -> int:
    """Make an item and say what is left to write."""
    from mlc_course.authoring.new_exercise import CannotMake, new_exercise, parse_parts

    root = course_root()
    try:
        written = new_exercise(root, options.stem, options.item, options.kind, parse_parts(options.parts))
    except CannotMake as error:
        print(error, file=sys.stderr)
        return REFUSED
    return _show(written, root, options.stem)


def _show(written: list[Path], root: Path, stem: str) -> int:
    print(*(path.relative_to(root) for path in written), sep="\n")
    print(f"\nWrite what is marked WRITE: in them; `mlc lint {stem}` lists what is left.")
    return DONE


def lint_command(options: argparse.Namespace) -> int:
    """Print what breaks a rule; 1 if anything does."""
    from mlc_course.authoring.lint.run import lint
    from mlc_course.root import pages

    root = course_root()
    if options.stem and options.stem not in pages(root):
        print(f"There is no page {options.stem!r}. The course has: {', '.join(pages(root))}.", file=sys.stderr)
        return REFUSED
    found = lint(root, options.stem)
    print(*found, sep="\n" if found else "")
    print(f"{len(found)} to mend." if found else "Nothing to mend.")
    return FOUND if found else DONE


def preview_command(options: argparse.Namespace) -> int:
    """Build a page and print where it lies."""
    from mlc_course.content.errors import SiteError
    from mlc_course.site.build.preview import preview

    try:
        print(*preview(course_root(), options.page), sep="\n")
    except SiteError as error:
        print(error, file=sys.stderr)
        return FOUND
    return DONE
