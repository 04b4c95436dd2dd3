"""Draw the figures of ``chapters/figures``: every script there has a ``draw()`` returning a ``Board``.

``python -m mlc_course.authoring.figures`` redraws all, or those named.
"""

import argparse
import runpy
from pathlib import Path

from mlc_course.root import course_root
from mlc_ref.language import LANGUAGES


def render(script: Path) -> dict[Path, str]:
    """The figure's files and their contents, one a language, without writing them."""
    namespace = runpy.run_path(str(script))
    if "draw" not in namespace:
        raise ValueError(f"{script}: a figure script must define draw() returning a Board")
    board = namespace["draw"]()
    return {script.with_suffix(f".{lang}.svg"): board.render(lang) for lang in LANGUAGES}


def scripts(names: list[str] | None = None) -> list[Path]:
    """All figure scripts, or those with the given names."""
    folder = course_root() / "chapters" / "figures"
    found = sorted(p for p in folder.glob("*.py") if not p.name.startswith("_"))
    unknown = set(names or []) - {p.stem for p in found}
    if unknown:
        raise ValueError(f"unknown figures {sorted(unknown)}; {folder} has {[p.stem for p in found]}")
    return [p for p in found if not names or p.stem in names]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="figures to draw, without .py; default: all")
    for script in scripts(parser.parse_args().names):
        for path, svg in render(script).items():
            path.write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
