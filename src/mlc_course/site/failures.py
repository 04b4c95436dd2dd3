"""From a failed build's output to one paragraph: which page, which cell, what to do."""

import re
from pathlib import Path

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FAILED_CELL = re.compile(
    r"^(?P<page>\S+\.md).*?Executing notebook failed: (?P<kind>\w+)(?P<rest>.*?)"
    r"(?=^Traceback \(most recent call last\):\n  File .*sphinx|^Notebook error|\Z)",
    re.M | re.S,
)
_CELL = re.compile(r"following cell:\s*\n-{10,}\n(?P<source>.*?)\n-{10,}\n(?P<after>.*)", re.S)
_WARNING = re.compile(
    r"^(?P<place>\S+?\.(?:md|yml|bib|py)[^\s]*?):? (?P<kind>WARNING|ERROR|CRITICAL): (?P<text>.*)$", re.M
)
_PLAIN = re.compile(r"^(?:WARNING|ERROR|CRITICAL): (?P<text>.*)$", re.M)
_LAST_ERROR = re.compile(
    r"^(?:[\w.]+(?:Error|Exception|Failure)\b|Formula error|Extension error|Theme error).*(?:\n\s*.+)?", re.M
)
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
    last = _LAST_ERROR.findall(text)
    reason = last[-1].strip() if last else "\n".join(text.strip().splitlines()[-5:])
    return f"The build stopped: {reason}"


def _failed_cell(text: str) -> str | None:
    failed = _FAILED_CELL.search(text)
    if not failed:
        return None
    page, kind = failed["page"].rstrip(":"), failed["kind"]
    if kind == "CellTimeoutError":
        return f"{page}: a cell did not finish in time (execute.timeout in _config.yml). Make its work smaller."
    cell = _CELL.search(failed["rest"])
    if not cell:
        return f"{page}: executing the page failed with {kind}. Open it as a notebook and run it cell by cell."
    errors = re.findall(
        r"^\w[\w.]*(?:Error|Exception|Failure|Interrupt|Exit|Iteration|Warning)\b.*$", cell["after"], re.M
    )
    source = "\n".join(f"    {line}" for line in cell["source"].splitlines())
    return (
        f"{page}: this cell failed with {errors[-1] if errors else kind}\n{source}\n"
        "Run the page as a notebook to see the whole traceback; correct the cell in every language (cells are the "
        "same in all), or the code in src/mlc_ref that it calls, and build again."
    )
