"""Which Chinese chapters were written against which English prose.

``chapters/translations.json`` holds, for each page, the hash of every English section the Chinese page
was last brought into step with.

    python -m mlc_course.content.translations            what changed in English since, with the diff
    python -m mlc_course.content.translations --mark X   page X is in step now (X may be ``all``)
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from mlc_course.content.pages import Page, read_page
from mlc_course.root import course_root, pages

State = dict[str, dict[str, str]]


def state_file(root: Path) -> Path:
    return root / "chapters" / "translations.json"


def read_state(root: Path) -> State:
    path = state_file(root)
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def stale_sections(name: str, state: State, root: Path) -> list[str]:
    """Labels of the English sections that changed, appeared or went since the Chinese page was marked."""
    now, then = read_page(name, "en", root).sections(), state.get(name, {})
    return [label or "(beginning)" for label in {**now, **then} if now.get(label) != then.get(label)]


def mark(names: list[str], root: Path) -> None:
    """Record that the Chinese pages ``names`` say what the English ones say now."""
    state = read_state(root)
    for name in names:
        read_page(name, "zh", root)
        state[name] = read_page(name, "en", root).sections()
    kept = {name: state[name] for name in pages(root) if name in state}
    state_file(root).write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def diff_since(name: str, state: State, root: Path) -> str:
    """The change of the English page since the commit it was marked at; empty where history lacks it."""
    path = f"chapters/en/{name}.md"
    git = ["git", "-C", str(root)]
    log = subprocess.run([*git, "log", "--format=%H", "--", path], capture_output=True, text=True)
    for commit in log.stdout.split():
        shown = subprocess.run([*git, "show", f"{commit}:{path}"], capture_output=True, text=True)
        if shown.returncode == 0 and Page(root / path, shown.stdout).sections() == state.get(name):
            return subprocess.run([*git, "diff", commit, "--", path], capture_output=True, text=True).stdout
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mark", nargs="+", metavar="PAGE", help="record these pages (or 'all') as in step")
    arguments, root = parser.parse_args(), course_root()
    if arguments.mark:
        mark(pages(root) if arguments.mark == ["all"] else arguments.mark, root)
        return 0
    state = read_state(root)
    behind = {name: stale for name in pages(root) if (stale := stale_sections(name, state, root))}
    for name, stale in behind.items():
        print(f"{name}: the English sections {', '.join(stale)} changed since the Chinese page was marked")
        print(diff_since(name, state, root))
    print("" if behind else "All Chinese pages are in step with the English ones.")
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main())
