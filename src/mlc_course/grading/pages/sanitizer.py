"""What of HTML made from a student's text may stand in a page: an allow-list of elements, attributes and addresses.

``clean`` is the last step before HTML is put into a page. Nothing that it lets through can run, load anything,
name an element of the page around it, or paint outside its place.
"""

import re
from collections.abc import Collection

import nh3
from pygments.token import STANDARD_TYPES

_ANSI = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
# Colours of code and of terminal output; no style sheet of a page gives these classes another meaning.
_CLASSES = {
    "span": {name for name in STANDARD_TYPES.values() if name}
    | {f"ansi-{color}{bright}-{ground}" for color in _ANSI for bright in ("", "-intense") for ground in ("fg", "bg")}
    | {"ansi-bold", "ansi-underline", "ansi-default-inverse-fg", "ansi-default-inverse-bg"},
    "div": {"highlight"},
}
_PROSE = """a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img
ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var"""
# No annotation-xml, mglyph, maction, mpadded or semantics: they hold other languages, run something or move their content.
_MATH = """math menclose merror mfrac mi mmultiscripts mn mo mover mphantom mprescripts mroot mrow ms mspace msqrt mstyle
msub msubsup msup mtable mtd mtext mtr munder munderover"""
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "details": {"open"},
    **{cell: {"align", "colspan", "rowspan"} for cell in ("td", "th")},
    "math": {"display"},
    "mi": {"mathvariant"},
    "mo": {"stretchy", "fence", "separator", "form", "movablelimits", "accent"},
    "mspace": {"width"},
    "mstyle": {"displaystyle"},
    "mfrac": {"linethickness"},
    "mtable": {"columnalign"},
    "mover": {"accent"},
    "munder": {"accentunder"},
}
_NUMBERS = {"width", "height", "start"}
_SPANS = {"colspan", "rowspan"}
_SPAN = re.compile(r"1?\d|20")  # a browser lays out every place that a cell spans
_LENGTH = re.compile(r"-?0?\.\d{1,3}em|\d(\.\d{1,3})?em|\d{1,4}|(negative)?(very){0,2}(thin|medium|thick)mathspace")
_PICTURE = re.compile(r"data:image/(png;base64,iVBORw0KGgo|jpeg;base64,/9j/)[A-Za-z0-9+/]*={0,2}")
_MAIL = re.compile(r"(?i)mailto:[\w.+-]+@[\w.-]+")
# A host with a name of the public net: not this machine, not an address in numbers, nobody's user name before it.
_WEB = re.compile(
    r"(?i)https?://(?P<host>(?:[a-z0-9-]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+))(?::\d+)?(?:[/?#].*)?", re.DOTALL
)
MAX_ROUNDS = 4
_FIRST_LINE = re.compile("<pre>\n+")  # each reading of <pre> takes a line end off its beginning
_LOCAL_ENDINGS = (
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "arpa",
    "test",
    "invalid",
)


def clean(html: str, own_hosts: Collection[str] = ()) -> str:
    """HTML with nothing in it that is not on the list.

    What is returned reads the same again: a browser makes of it the elements that were looked at here, no others.

    Args:
        own_hosts: names under which the server that shows the page is reached; links to it are no links.

    Raises:
        ValueError: it reads differently each time.
    """
    result = _cleaned(html, own_hosts)
    for _ in range(MAX_ROUNDS):
        before, result = result, _cleaned(result, own_hosts)
        if _FIRST_LINE.sub("<pre>", before) == _FIRST_LINE.sub("<pre>", result):
            return before
    raise ValueError("HTML that reads differently each time")


def _cleaned(html: str, own_hosts: Collection[str]) -> str:
    """One reading of the HTML, written out without what is not on the list."""

    def keep(element: str, attribute: str, value: str) -> str | None:  # must not raise: nh3 keeps the value then
        if attribute == "href":
            return value if _leads_outside(value, own_hosts) else None
        if attribute == "src":
            return value if _PICTURE.fullmatch(value) else None
        if attribute in _SPANS:
            return value if _SPAN.fullmatch(value) else None
        if attribute in _NUMBERS:
            return value if _LENGTH.fullmatch(value) else None
        return value[:1000]

    return nh3.clean(
        html,
        tags={*_PROSE.split(), *_MATH.split()},
        clean_content_tags={"script", "style", "template", "iframe", "object", "noscript", "title", "annotation-xml"},
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"http", "https", "mailto", "data"},
        url_relative="deny",
        allowed_classes=_CLASSES,
        link_rel="noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        generic_attribute_prefixes=set(),
        strip_comments=True,
    )


def _leads_outside(address: str, own_hosts: Collection[str]) -> bool:
    """Whether a link goes to a public place, or to a mailbox: not to a server on the reader's own machine or net."""
    if _MAIL.fullmatch(address):
        return True
    match = _WEB.fullmatch(address)
    if match is None:
        return False
    host = match["host"].lower()
    return host.rpartition(".")[2] not in _LOCAL_ENDINGS and host not in {name.lower() for name in own_hosts}
