"""From a failed build's output to one paragraph: which page, which cell, what to do."""

import re
from pathlib import Path

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FAILED_PAGE = re.compile(r"^(?:[\w.]*\.)?ExecutionError: (?P<page>\S+)$", re.M)
_KIND = re.compile(r"Executing notebook failed: (?P<kind>\w+)")
_CELL = re.compile(
    r"following cell:\s*\n-{10,}\n(?P<source>.*?)\n-{10,}\n(?P<after>.*?)(?:\nThe above exception|\Z)", re.S
)
_ERROR_LINE = re.compile(r"^\w[\w.]*: .*$", re.M)
_WARNING = re.compile(
    r"^(?P<place>\S+?\.(?:md|yml|bib|py)[^\s]*?):? (?P<kind>WARNING|ERROR|CRITICAL): (?P<text>.*)$", re.M
)
_PLAIN = re.compile(r"^(?:WARNING|ERROR|CRITICAL): (?P<text>.*)$", re.M)
_RAISED = re.compile(r"^(?:[\w.]*\.)?(?P<kind>\w+(?:Error|Exception|Failure)): (?P<text>.+)$", re.M)
_IN_HANDLER = re.compile(r"threw an exception \(exception: (?P<text>.*)\)$", re.S)
# What Jupyter Book says of every failure, after the cause.
_WRAPPER = re.compile(r"^RuntimeError: *$", re.M)
MOST = 20


def explain(output: str, root: Path) -> str:
    """One paragraph about why a build failed.

    Args:
        output: everything Jupyter Book printed.
        root: the repository; its path is left out of the names of pages.
    """
    text = _COLOUR.sub("", output).replace(f"{root}/", "")
    cell = _failed_cell(text)
    if cell:
        return cell
    problems = [f"{m['place'].rstrip(':')}: {m['text']}" for m in _WARNING.finditer(text)]
    problems += [m["text"] for m in _PLAIN.finditer(text)]
    if problems:
        shown = "\n".join(f"  {line}" for line in problems[:MOST])
        more = f"\n  … and {len(problems) - MOST} more" if len(problems) > MOST else ""
        return (
            f"The build found {len(problems)} problem(s); each counts as an error. "
            f"Correct these places and build again:\n{shown}{more}"
        )
    return f"The build stopped: {_reason(text)}"


def _reason(text: str) -> str:
    """The last exception's message, without the frames around it."""
    raised = list(_RAISED.finditer(_WRAPPER.split(text)[0]))
    if not raised:
        return "\n".join(text.strip().splitlines()[-5:])
    inside = _IN_HANDLER.search(raised[-1]["text"])
    return inside["text"] if inside else f"{raised[-1]['kind']}: {raised[-1]['text']}"


def _failed_cell(text: str) -> str | None:
    """The page and cell whose execution failed; ``None`` where execution is not the problem."""
    failed, kind = _FAILED_PAGE.search(text), _KIND.search(text)
    if not failed:
        return None
    page, what = failed["page"], kind["kind"] if kind else "an error"
    if what == "CellTimeoutError":
        return f"{page}: a cell did not finish within execute.timeout of _config.yml. Make its work smaller."
    cell = _CELL.search(text)
    if not cell:
        return f"{page}: executing the page failed with {what}. Open it as a notebook and run it cell by cell."
    errors = _ERROR_LINE.findall(cell["after"])
    source = "\n".join(f"    {line}" for line in cell["source"].splitlines())
    return (
        f"{page}: this cell failed with {errors[-1] if errors else what}\n{source}\n"
        "Run the page as a notebook to see the whole traceback; correct the cell in every language (cells are the "
        "same in all), or the code in src/mlc_ref that it calls, and build again."
    )
