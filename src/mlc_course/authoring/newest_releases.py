"""What breaks, chapter by chapter, with the newest releases of the packages the course is built on.

    python -m mlc_course.authoring.newest_releases [--upgrade] [STEM…]

With ``--upgrade`` the environment's packages are first brought to their newest releases; run it in one made for this.
For each topic the cells of its chapter and its tests run. The report is Markdown; where GitHub's workflow asks for a
summary it is put there too. The exit code is 1 if anything breaks.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import tomllib

from mlc_course.bootstrap import CPU_INDEX
from mlc_course.root import course_root, stems
from mlc_course.wheels import pins

CELL_SECONDS = 600


@dataclass(frozen=True)
class Outcome:
    """How one topic fared; ``None`` for what went well, else what broke in one line."""

    stem: str
    chapter: str | None = None
    tests: str | None = None

    @property
    def broken(self) -> bool:
        return self.chapter is not None or self.tests is not None


def main_packages(root: Path) -> list[str]:
    """The names of the packages that ``pyproject.toml`` depends on."""
    wanted = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    return [re.split(r"[^\w.-]", requirement, maxsplit=1)[0] for requirement in wanted]


def upgrade(packages: Sequence[str]) -> int:
    """Install the newest releases into this environment, PyTorch as a CPU build; returns pip's exit code."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--extra-index-url", CPU_INDEX]
    return subprocess.run([*command, *packages], check=False).returncode


def problem_of_chapter(page: Path) -> str | None:
    """Run the cells of a chapter in a new kernel; the first error, or ``None``."""
    import jupytext
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = jupytext.reads(page.read_text("utf-8"), fmt="md:myst")
    client = NotebookClient(
        notebook, timeout=CELL_SECONDS, kernel_name="python3", resources={"metadata": {"path": "."}}
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return f"{error.ename}: {error.evalue}"
    except (CellTimeoutError, DeadKernelError) as error:
        return f"{type(error).__name__}: {error}"
    return None


def problem_of_tests(folder: Path) -> str | None:
    """Run the tests of one topic; the last line of pytest's summary and the first failure, or ``None``."""
    if not folder.is_dir():
        return None
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:randomly", "--tb=no", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=course_root(), check=False)
    if done.returncode == 0:
        return None
    lines = (done.stdout.strip() or done.stderr.strip() or f"pytest ended with {done.returncode}").splitlines()
    failures = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return "; ".join([lines[-1], *failures[:1]])


def report(outcomes: Sequence[Outcome], versions: dict[str, tuple[str, str]]) -> str:
    """The Markdown report: which versions were tried, with the pinned ones, and how each topic fared."""
    lines = ["| package | pinned | tried |", "|---|---|---|"]
    lines += [f"| {package} | {pinned} | {tried} |" for package, (pinned, tried) in versions.items()]
    lines += ["", "| topic | chapter | tests |", "|---|---|---|"]
    lines += [f"| {one.stem} | {_cell(one.chapter)} | {_cell(one.tests)} |" for one in outcomes]
    broken = [one.stem for one in outcomes if one.broken]
    verdict = f"Broken: {', '.join(broken)}." if broken else "Everything works with these releases."
    return "\n".join([*lines, "", verdict]) + "\n"


def _cell(problem: str | None) -> str:
    """A problem as one cell of a table; messages of kernels are coloured and have many lines."""
    if problem is None:
        return "works"
    plain = re.sub(r"\x1b\[[0-9;]*m", "", problem)
    return " ".join(plain.split())[:300].replace("|", "\\|").replace("`", "'")


def tried_versions(root: Path) -> dict[str, tuple[str, str]]:
    """For each main package the pinned version and the installed one."""
    locked = dict(line.split(";")[0].split("==") for line in pins((root / "requirements.lock").read_text("utf-8")))
    found = {}
    for package in main_packages(root):
        try:
            installed = version(package)
        except PackageNotFoundError:
            installed = "none"
        found[package] = (locked.get(package, "none"), installed)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="What breaks with the newest releases, chapter by chapter.")
    parser.add_argument("--upgrade", action="store_true", help="first install the newest releases here")
    parser.add_argument("stems", nargs="*", metavar="STEM", help="topics to try (all if none is given)")
    options = parser.parse_args(arguments)
    root = course_root()
    if unknown := set(options.stems) - set(stems(root)):
        parser.error(f"STEM: got {', '.join(sorted(unknown))}, allowed {', '.join(stems(root))}")
    if options.upgrade and upgrade(main_packages(root)):
        print("pip could not install the newest releases together; its message stands above.", file=sys.stderr)
        return 1
    outcomes = []
    for stem in options.stems or stems(root):
        chapter = problem_of_chapter(root / "chapters" / "en" / f"{stem}.md")
        outcomes.append(Outcome(stem, chapter, problem_of_tests(root / "tests" / "ref" / stem)))
        print(f"{stem}: {'broken' if outcomes[-1].broken else 'works'}", file=sys.stderr, flush=True)
    text = report(outcomes, tried_versions(root))
    print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(text)
    return int(any(one.broken for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())
