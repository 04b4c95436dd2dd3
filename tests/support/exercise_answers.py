"""Answers to exercises kept as files, and the process that judges them.

``tests/exercises/answers/<stem>/<item>/<name>.py`` holds what stands in the answer cell. Its first lines are comments:

    # what is wrong, or unusual, about it
    # earns: all                 or    # loses: part, part (or all, also for an answer that never ends)
    # says: words                (optional, any number) English words in the message of a lost part
    # says-not: words            (optional) words in no message, in either language
"""

import atexit
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from present import present

from mlc_course.exercises.catalog import exercise_stems, load_exercise, load_tasks

FOLDER = Path(__file__).parents[1] / "exercises" / "answers"


@dataclass(frozen=True)
class AnswerFile:
    """One answer with what it must earn."""

    path: Path
    stem: str
    item: str
    code: str
    parts: frozenset[str]
    loses: frozenset[str]
    says: tuple[str, ...]
    says_not: tuple[str, ...]

    def __str__(self):
        return f"{self.stem}-{self.item}-{self.path.stem}"


def items():
    """``(stem, item)`` of every exercise of the course."""
    return [(stem, task.name) for stem in exercise_stems() for task in load_tasks(stem)]


def answer_files():
    """All answers kept as files."""
    return [read_answer(path) for path in sorted(FOLDER.glob("*/*/*.py"))]


def read_answer(path):
    """Read one file and what its first lines say."""
    code = path.read_text("utf-8")
    stem, item = path.parts[-3:-1]
    parts = [part.name for task in load_tasks(stem) if task.name == item for part in task.parts]
    stated = re.findall(r"^# (earns|loses): (.*)$", code, re.MULTILINE)
    if len(stated) != 1 or not code.startswith("# "):
        raise ValueError(f"{path}: begins with a comment and has one line '# earns: all' or '# loses: part, part'")
    kind, names = stated[0]
    loses = {} if kind == "earns" else {name.strip() for name in names.split(",")}
    if kind == "loses" and names == "all":
        loses = set(parts)
    if not set(loses) <= set(parts) or (kind == "earns" and names != "all"):
        raise ValueError(f"{path}: got {kind} {names!r}, allowed 'earns: all' or 'loses:' of {', '.join(parts)}")
    says, says_not = (re.findall(rf"^# {key}: (.*)$", code, re.MULTILINE) for key in ("says", "says-not"))
    return AnswerFile(path, stem, item, code, frozenset(parts), frozenset(loses), tuple(says), tuple(says_not))


def solution(stem, item):
    """The answer cell of an item, with its solution."""
    (cell,) = [cell for cell in load_exercise(stem).cells if cell.role == "answer" and cell.item == item]
    return cell.source


def start_server(**environment):
    """Start a process that judges answers; it ends when its input does."""
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("answer_server.py"))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment},
    )  # fmt: skip


@cache
def _server():
    process = start_server()
    atexit.register(present(process.stdin).close)
    return process


def judged(stem, item, code, *, seed=0, first_loss=False, server=None):
    """Judge an answer in a child of a process of its own; see ``answer_server``."""
    server = server or _server()
    request = {"stem": stem, "item": item, "code": code, "seed": seed, "first_loss": first_loss}
    print(json.dumps(request), file=server.stdin, flush=True)
    reply = server.stdout.readline()
    if not reply:
        raise RuntimeError(f"{stem}, {item}: the process that judges answers ended with {server.wait()}")
    return json.loads(reply)
