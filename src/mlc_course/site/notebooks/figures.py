"""Figures inside a notebook: attachments of its cells, which every Jupyter shows without the network.

They are PNG, because JupyterLab and Notebook refuse attachments that are SVG; on white, because a picture cannot know
whether the notebook around it is dark.
"""

import base64
import mimetypes
from functools import lru_cache
from pathlib import Path

from mlc_course.site.static_svg import in_light

# A drawing is at most 560 units wide; so it fills the column of a notebook, and small screens still show it sharp.
_ZOOM = 1.5
_PAPER = "#ffffff"


def attachment_name(path: Path) -> str:
    """The name under which a figure is attached."""
    return f"{path.stem}.png" if path.suffix == ".svg" else path.name


def attachment(path: Path) -> dict[str, str]:
    """A figure as an attachment: its media type and its bytes in base64.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no picture.
    """
    if path.suffix == ".svg":
        return {"image/png": _encoded(_drawn(path.read_text("utf-8")))}
    kind = mimetypes.guess_type(path.name)[0] or ""
    if not kind.startswith("image/"):
        raise ValueError(f"figure: got {path.name}, allowed are .svg and pictures that Jupyter shows, such as .png")
    return {kind: _encoded(path.read_bytes())}


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


@lru_cache(maxsize=256)
def _drawn(svg: str) -> bytes:
    # Only builds of the website need it.
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(svg_string=in_light(svg), zoom=_ZOOM, background=_PAPER, font_family="DejaVu Sans")
    )
