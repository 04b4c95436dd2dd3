"""What the text of a page refers to, with line numbers, and the names it offers to others; nothing is rendered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlc_course.content.pages import Page, without_blocks

# A role, or code in a line; what comes first wins.
_ROLE_OR_CODE = re.compile(r"\{(?P<role>[\w:-]+)\}`(?P<text>[^`]+)`|(?P<ticks>`+).+?(?<!`)(?P=ticks)(?!`)")
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
_NAME = re.compile(r"^\(([\w-]+)\)=|^:(?:name|label): *([\w-]+)|\{#([\w-]+)", re.M)
_DIRECTIVE = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{(?P<name>[\w-]+)\} *(?P<argument>\S*)[^\n]*\n(?P<body>.*?)^(?P=fence)\s*$", re.M | re.S
)
_OPTION = re.compile(r"^:(?P<name>[\w-]+): *(?P<value>.*)$", re.M)


@dataclass(frozen=True)
class Reference:
    """One place that refers to something.

    Attributes:
        line: its number in the file.
        kind: a role's name, or ``link`` for Markdown links.
        target: what is referred to.
    """

    line: int
    kind: str
    target: str


@dataclass(frozen=True)
class Directive:
    """One directive, as the page writes it.

    Attributes:
        line: the number of its first line in the file.
        argument: the word after its name.
        body: the lines between its fences.
    """

    line: int
    name: str
    argument: str
    body: str

    @property
    def options(self) -> dict[str, str]:
        return {match["name"]: match["value"].strip().strip("\"'") for match in _OPTION.finditer(self.body)}


def references(page: Page) -> Iterator[Reference]:
    """Roles and links in running text; those inside fenced blocks are left out."""
    for number, line in enumerate(without_blocks(page.text).splitlines(), start=1):
        if line.startswith("%"):
            continue
        for match in _ROLE_OR_CODE.finditer(line):
            if match["role"]:
                inner = re.search(r"<([^<>]+)>$", match["text"])
                yield Reference(number, match["role"], inner[1] if inner else match["text"])
        for match in _LINK.finditer(_ROLE_OR_CODE.sub("", line)):
            yield Reference(number, "link", match["target"])


def directives(page: Page) -> Iterator[Directive]:
    """The directives of a page, those inside of others (a listing in a fold) after the one they stand in."""
    return _directives(page.text, 1)


def _directives(text: str, first: int) -> Iterator[Directive]:
    """The directives of a text whose first line has the number ``first``."""
    for match in _DIRECTIVE.finditer(text):
        line = first + text.count("\n", 0, match.start())
        yield Directive(line, match["name"], match["argument"], match["body"])
        if not match["name"].startswith("code"):
            yield from _directives(match["body"], line + 1)


def names(page: Page) -> set[str]:
    """The labels a page defines, in lower case as Sphinx looks them up: of headings, figures, formulas, blocks."""
    return {name.lower() for groups in _NAME.findall(page.text) for name in groups if name}
