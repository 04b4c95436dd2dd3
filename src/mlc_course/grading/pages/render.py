"""HTML of what students wrote, made and sanitised in a boxed process; plain text where that fails or takes too long."""

import base64
import binascii
import functools
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from markupsafe import Markup

from mlc_course.grading.pages.visible_text import visible
from mlc_course.grading.sandbox.probe import NoSandbox, require_box
from mlc_course.grading.vetting.strict_json import Refused
from mlc_course.grading.workers.fork_client import ChannelClosed, ForkClient, ForkServerFailed, JobLimits
from mlc_ref.language import Text

_log = logging.getLogger(__name__)

Kind = Literal["markdown", "code", "terminal", "html"]
MAX_TEXT = 2**16  # characters of one piece that are shown
MAX_PAGE = 4 * 2**20  # characters of a page's pieces together
MAX_HTML = 2 * 2**20  # characters of HTML made of one piece
MAX_PICTURE = 4 * 2**20  # characters of one picture in base 64
MAX_PICTURES = 24 * 2**20  # of those of a page together
MAX_JOBS = 4  # boxed children of one page
LIMITS = JobLimits(wall=20, cpu=2, memory=2**30)  # seconds of CPU: wall time says little on a busy machine
_SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}

_PLAIN = Text("shown as plain text", "以纯文本显示")
_CUT = Text(f"cut: at most {MAX_TEXT} characters of each text are shown", f"已截断：每段文本最多显示 {MAX_TEXT} 个字符")
_FULL = Text(
    f"left out: at most {MAX_PAGE} characters of a page are shown", f"未显示：一个页面最多显示 {MAX_PAGE} 个字符"
)
_SLOW = Text(
    "it could not be formatted within the time, memory and depth allowed", "在允许的时间、内存和嵌套深度内未能完成排版"
)
_PICTURE = Text("a picture was left out: it is none, or too large", "省略了一幅图片：不是图片，或过大")


@dataclass(frozen=True)
class Piece:
    """Something a student wrote or printed, to be shown in a page.

    Attributes:
        attachments: of a Markdown cell, ``{name: {type: base 64}}``.
    """

    kind: Kind
    text: str
    attachments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A piece as it stands in a page, and what is not as it should be with it."""

    html: Markup
    note: Text | None = None


def render(pieces: Sequence[Piece], own_hosts: Sequence[str] = ()) -> list[Shown]:
    """All pieces of a page; never raises for what is in them.

    Args:
        own_hosts: names of the server that shows the page; links to it are no links.
    """
    shown: list[Shown | None] = [
        _too_much(piece, before) for piece, before in zip(pieces, _before(pieces), strict=True)
    ]
    try:
        require_box()
        _render_boxed(pieces, shown, own_hosts)
    except (NoSandbox, ForkServerFailed, OSError) as error:
        reason = Text.code(str(error))
        _log.warning("%s", error)
    else:
        reason = _SLOW
    return [one or _plain(piece, reason) for piece, one in zip(pieces, shown, strict=True)]


def picture(mime: str, data: str, left: int) -> Shown | None:
    """A picture a program showed, as an element of the page; ``None`` if the type is not shown.

    Args:
        left: characters the page has left for pictures.
    """
    if mime not in _SIGNATURES:
        return None
    try:
        content = (
            base64.b64decode(data.replace("\n", ""), validate=True) if len(data) <= min(left, MAX_PICTURE) else b""
        )
    except (binascii.Error, ValueError):
        content = b""
    if not content.startswith(_SIGNATURES[mime]):
        return Shown(Markup(""), _PICTURE)
    encoded = base64.b64encode(content).decode()
    return Shown(Markup('<img alt="" src="data:{};base64,{}">').format(mime, encoded))


def _before(pieces: Sequence[Piece]) -> list[int]:
    """Characters of the page before each piece."""
    sums, total = [], 0
    for piece in pieces:
        sums.append(total)
        total += min(len(piece.text), MAX_TEXT)
    return sums


def _too_much(piece: Piece, before: int) -> Shown | None:
    """A piece no library is asked to format: beyond what a page holds, or longer than what is shown of a text."""
    if before > MAX_PAGE:
        return Shown(Markup(""), _FULL)
    return _plain(piece, None) if len(piece.text) > MAX_TEXT else None


def _plain(piece: Piece, reason: Text | None) -> Shown:
    """A piece shown without any library but the one that escapes."""
    text = Markup("<pre>{}</pre>").format(visible(piece.text[:MAX_TEXT]))
    parts = [_PLAIN, reason, _CUT if len(piece.text) > MAX_TEXT else None]
    en, zh = zip(*((part.en, part.zh) for part in parts if part), strict=True)
    return Shown(text, Text("; ".join(en), "；".join(zh)))


@functools.cache
def _client() -> ForkClient:
    return ForkClient("page")


def _render_boxed(pieces: Sequence[Piece], shown: list[Shown | None], own_hosts: Sequence[str]) -> None:
    """Fill in what comes out of the box; a piece that ends its job's process stays as it is, the rest goes on in another."""
    waiting = [index for index, one in enumerate(shown) if one is None]
    for _ in range(MAX_JOBS):
        if not waiting:
            return
        done = _job(pieces, waiting, shown, own_hosts)
        # The first one had the whole time for itself: it is the one to blame.
        waiting = waiting[max(done, 1) :]


def _job(pieces: Sequence[Piece], waiting: list[int], shown: list[Shown | None], own_hosts: Sequence[str]) -> int:
    """Have pieces formatted by one process, until it ends; how many were."""
    with _client().job(LIMITS) as job:
        for number, index in enumerate(waiting):
            piece = pieces[index]
            asked = {"kind": piece.kind, "text": piece.text, "own_hosts": list(own_hosts)}
            try:
                job.channel.send(asked | {"attachments": _pictures(piece.attachments)})
                answer = job.channel.receive(LIMITS.wall, MAX_HTML)
            except (ChannelClosed, Refused):
                return number
            html = answer.get("html") if isinstance(answer, dict) else None
            if isinstance(html, str):
                shown[index] = Shown(Markup(html))
    return len(waiting)


def _pictures(attachments: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Attachments that are pictures, as many as fit into a message."""
    kept: dict[str, dict[str, str]] = {}
    left = MAX_HTML // 4
    for name, bundle in attachments.items() if isinstance(attachments, Mapping) else ():
        for mime, data in bundle.items() if isinstance(bundle, Mapping) else ():
            if mime in _SIGNATURES and isinstance(data, str) and len(data) <= left:
                left -= len(data)
                kept[str(name)[:200]] = {mime: data}
    return kept
