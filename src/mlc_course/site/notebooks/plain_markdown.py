"""Chapter prose for plain Jupyter: directives and roles of the website become ordinary Markdown."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from mlc_course.content.languages import language_of
from mlc_course.content.pages import anchor_of
from mlc_course.content.printed_values import PRINTED, PRINTED_CODE, shown_text
from mlc_course.content.reading_time import duration, page_minutes
from mlc_course.content.source_part import source_part
from mlc_course.site.notebooks.figures import attachment_name
from mlc_course.site.sphinx.course_map import plain_map
from mlc_ref.language import Text, parse_language

_OPEN = re.compile(r"^(?P<fence>`{3,}|~{3,}|:{3,})\{(?P<name>[\w:-]+)\}[ \t]*(?P<argument>.*)$")
_CODE = re.compile(r"^(?P<fence>`{3,}|~{3,})")
_LABEL = re.compile(r"^\([\w-]+\)=[ \t]*$")
_OPTION = re.compile(r"^:([\w-]+):[ \t]*(.*)$")
_ROLE = re.compile(r"\{(?P<name>[\w:-]+)\}`(?P<content>[^`]+)`")
_TARGET = re.compile(r"^(?P<text>.*?)\s*<(?P<target>[^<>]+)>$", re.S)
_DEFINITION = re.compile(r"^:[ \t]+(?P<text>\S.*)$")
_FOOTNOTE = re.compile(r"^\[\^(?P<name>[\w-]+)\]:[ \t]*(?P<text>.*)$")
_FOOTNOTE_MARK = re.compile(r"\[\^([\w-]+)\]")
_MATH_LABEL = re.compile(r"^\$\$[ \t]*\([\w-]+\)[ \t]*$")
_TERM = "term-"  # how the anchors of the glossary begin, see ``mlc_course.site.sphinx.glossary``
_PAGE_LINK = re.compile(r"\]\((?P<page>[\w-]*)(?:\.md)?(?P<anchor>#[\w-]+)?\)")


@dataclass(frozen=True)
class Target:
    """What a label names.

    Attributes:
        url: its public address.
        title: the heading or caption it stands before.
    """

    url: str
    title: str


@dataclass(frozen=True)
class Surroundings:
    """Where a page stands, so that its links lead somewhere from a file on the reader's disk.

    Attributes:
        folder: the folder the page lies in; paths in directives are relative to it.
        page_url: public address of the page.
        labels: what each label of the pages in this language names.
        source_base: what stands before a file's path in its address in the repository.
        citations: what the website shows for each key of the bibliography, as Markdown.
    """

    folder: Path
    page_url: str
    labels: dict[str, Target]
    source_base: str = ""
    citations: dict[str, str] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """The address of the page's folder."""
        return self.page_url.rsplit("/", 1)[0]


@dataclass(frozen=True)
class _Block:
    """A directive: its name, its argument, its options and its body."""

    name: str
    argument: str
    options: dict[str, str]
    body: list[str]


def to_plain(text: str, around: Surroundings) -> str:
    """Convert the Markdown of one cell; what has no plain form is shown with its content and without its frame."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(text.splitlines(), around))).strip()


def figures_of(source: str, plain: str, around: Surroundings) -> dict[str, Path]:
    """Name and file of each attachment that ``plain``, made from the Markdown ``source``, shows."""
    named = [opening["argument"].strip() for line in source.splitlines() if (opening := _OPEN.match(line))]
    files = {attachment_name(Path(name)): around.folder / name for name in named}
    return {name: files[name] for name in re.findall(r"\]\(attachment:([^)]+)\)", plain)}


def _lines(lines: list[str], around: Surroundings) -> list[str]:
    converted: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        opening, code = _OPEN.match(line), _CODE.match(line)
        if opening:
            end = _closing(lines, position, opening["fence"])
            block = _block(opening, lines[position + 1 : end])
            converted += ["", *_DIRECTIVES.get(block.name, _content)(block, around), ""]
            position = end + 1
        elif code:
            end = _closing(lines, position, code["fence"])
            converted += lines[position : end + 1]
            position = end + 1
        else:
            if not _LABEL.match(line):
                _append(converted, _inline(_MATH_LABEL.sub("$$", line), around))
            position += 1
    return converted


def _append(converted: list[str], line: str) -> None:
    """Add a line; what Jupyter's Markdown does not know, definition lists and footnotes, becomes what it does know."""
    definition, footnote = _DEFINITION.match(line), _FOOTNOTE.match(line)
    if definition and converted and converted[-1].strip():
        term = converted[-1]
        if not term.startswith("  "):  # the first definition of the term
            converted[-1:] = [f"- **{term.strip()}**  "]
        converted.append(f"  {definition['text']}")
    elif footnote:
        converted.append(f"<sup>{footnote['name']}</sup> {footnote['text']}")
    else:
        converted.append(_FOOTNOTE_MARK.sub(r"<sup>\1</sup>", line))


def _closing(lines: list[str], start: int, fence: str) -> int:
    """Index of the line that closes the fence opened at ``start``."""
    close = re.compile(rf"^{re.escape(fence[0])}{{{len(fence)},}}\s*$")
    return next((i for i in range(start + 1, len(lines)) if close.match(lines[i])), len(lines))


def _block(opening: re.Match[str], inside: list[str]) -> _Block:
    options: dict[str, str] = {}
    while inside and (option := _OPTION.match(inside[0])):
        options[option[1]] = _unquoted(option[2])
        inside = inside[1:]
    return _Block(opening["name"], opening["argument"].strip(), options, inside)


def _unquoted(value: str) -> str:
    """An option's value as MyST reads it: quotes around the whole do not count."""
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _content(block: _Block, around: Surroundings) -> list[str]:
    return _lines(block.body, around)


def _quoted(block: _Block, around: Surroundings) -> list[str]:
    """An admonition: a block quote with its title in bold."""
    title = block.argument or _TITLES[block.name].get(parse_language(around.folder.name))
    return [f"> **{_inline(title, around)}**", ">", *(f"> {line}".rstrip() for line in _content(block, around))]


def _folded(block: _Block, around: Surroundings) -> list[str]:
    """A dropdown: closed until the reader opens it, as on the page."""
    # Markdown does not count inside the line of an HTML element.
    title = re.sub("`([^`]+)`", r"<code>\1</code>", escape(block.argument, quote=False))
    summary = f"<details><summary>{title}</summary>"
    return [summary, "", *_content(block, around), "", "</details>"]


def _figure(block: _Block, around: Surroundings) -> list[str]:
    alt = block.options.get("alt", "").replace("]", r"\]")
    return [f"![{alt}](attachment:{attachment_name(Path(block.argument))})", "", *(_content(block, around))]


def _included(block: _Block, around: Surroundings) -> list[str]:
    """Shown source: the same lines as on the page, under the name of their file."""
    name = Path(block.argument).as_posix().removeprefix("../../")
    source = (around.folder / block.argument).read_text("utf-8")
    shown = source_part(source, block.options)
    return [f"`{name}`:", "", f"```{block.options.get('language', 'python')}", *shown, "```"]


def _formula(block: _Block, _around: Surroundings) -> list[str]:
    return ["$$", *block.body, "$$"]


def _code(block: _Block, _around: Surroundings) -> list[str]:
    return [f"```{block.argument}", *block.body, "```"]


def _map(block: _Block, around: Surroundings) -> list[str]:
    table = plain_map(block.body, around.folder.parents[1], parse_language(around.folder.name))
    return [_inline(line, around) for line in table]


def _nothing(_block: _Block, _around: Surroundings) -> list[str]:
    return []


# The titles that Sphinx gives admonitions without a title of their own.
_TITLES = {
    "admonition": Text("Note", "备注"), "note": Text("Note", "备注"), "tip": Text("Tip", "小技巧"),
    "warning": Text("Warning", "警告"), "important": Text("Important", "重要"), "hint": Text("Hint", "提示"),
    "seealso": Text("See also", "参见"), "attention": Text("Attention", "注意"), "caution": Text("Caution", "小心"),
}  # fmt: skip
_FIGURES = ("figure", "image")
_DIRECTIVES: dict[str, Callable[[_Block, Surroundings], list[str]]] = {
    **dict.fromkeys(_TITLES, _quoted),
    **dict.fromkeys(_FIGURES, _figure),
    "dropdown": _folded,
    "literalinclude": _included,
    "math": _formula,
    "code-block": _code,
    "code": _code,
    "course-map": _map,
    "bibliography": _nothing,
    "tableofcontents": _nothing,
}


def _inline(line: str, around: Surroundings) -> str:
    """Roles and links of one line; text in backticks stays as it is."""
    line = _ROLE.sub(lambda match: _role(match, around), line)
    return _PAGE_LINK.sub(lambda match: f"]({_address(match, around)})", line)


def _role(match: re.Match[str], around: Surroundings) -> str:
    name, content = match["name"], match["content"]
    target = _TARGET.match(content)
    text, label = (target["text"], target["target"]) if target else (content, content)
    if name in ("ref", "numref", "doc", "eq"):
        named = around.labels.get(label.lower(), Target(around.page_url, label))
        shown = text if target and "%s" not in text and "{" not in text else named.title
        return f"[{shown}]({named.url})"
    if name.startswith("cite"):
        return _citation(content, around)
    if name == "math":
        return f"${content}$"
    if name == "exercise-download":
        return f"[{text}]({around.base_url}/exercises/{label}.ipynb)"
    if name == "repository-file":
        return f"[{text}]({around.source_base}{label})"
    if name == "reading-time":
        return duration(page_minutes(label, around.folder.parents[1]), parse_language(around.folder.name))
    if name in (PRINTED, PRINTED_CODE):
        return f"`{shown_text(content)}`" if name == PRINTED_CODE else shown_text(content)
    if name == "course-download":
        return f"[{content}]({around.base_url}/{language_of(around.folder).archive})"
    return text


def _citation(keys: str, around: Surroundings) -> str:
    """Author and year of one or several sources, as on the website.

    Raises:
        ValueError: the bibliography has no such key.
    """
    wanted = [key.strip() for key in keys.split(",")]
    unknown = [key for key in wanted if key not in around.citations]
    if unknown:
        raise ValueError(f"citation: got {unknown[0]!r}, expected a key of chapters/references.bib")
    links = [f"[{around.citations[key]}]({around.base_url}/references.html)" for key in wanted]
    return f"[{', '.join(links)}]"


def _address(match: re.Match[str], around: Surroundings) -> str:
    page, label = match["page"], (match["anchor"] or "").removeprefix("#")
    anchor = f"#{anchor_of(label)}" if label else ""
    if page:
        return f"{around.base_url}/{page}.html{anchor}"
    if label.startswith(_TERM):
        return f"{around.base_url}/glossary.html{anchor}"
    named = around.labels.get(label.lower())
    return named.url if named else around.page_url + anchor
