"""Every refusal of a program that cannot run in a page: in both languages, with place, finding, limit and what to do."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from webgpu_programs import gather
from webgpu_refused import refused_artefacts, refused_programs

from mlc_ref.kinds import refusal
from mlc_ref.language import LANGUAGES, Text
from mlc_ref.webgpu import Unsupported, compile_kernels, refusals

SOURCES = Path(refusals.__file__).parent


@dataclass
class Refusals:
    """What is said of each of the programs, and the lines that said it: names of files of the package, and their lines."""

    texts: dict[str, Text]
    reached: set[tuple[str, int]]


@pytest.fixture(scope="module")
def told() -> Iterator[Refusals]:
    found = Refusals({}, set())

    def noting(*args: Any) -> Text:
        caller = sys._getframe(2)  # of ``unsupported``
        found.reached.add((Path(caller.f_code.co_filename).name, caller.f_lineno))
        return refusal(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refusals, "refusal", noting)
        for name, make in (refused_programs() | refused_artefacts()).items():
            with pytest.raises(Unsupported) as refused:
                make()
            found.texts[name] = refused.value.text
        yield found


CHINESE = re.compile(r"[\u4e00-\u9fff]")
PROSE = re.compile(r"\b[a-z]{2,}(?: [a-z]{2,})+\b")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff] ?[,;:?!]|[\u4e00-\u9fff]\.")
# What stands in a Chinese sentence as it is: what TVM says, a line of the program.
QUOTED = re.compile(r"（英文原文：.*）|（for [^（）]*）")
ORDER = {"en": r".+: got .+, allowed .+; .+", "zh": r".+：得到.+，允许的是.+；.+"}


def test_a_refusal_says_in_both_languages_where_what_is_allowed_and_what_to_do(told: Refusals):
    for name, text in told.texts.items():
        for language in LANGUAGES:
            assert re.fullmatch(ORDER[language], text.get(language), re.DOTALL), name
        own = QUOTED.sub("", text.zh)
        assert not CHINESE.search(text.en), text.en
        assert CHINESE.search(own.rpartition("；")[2]), text.zh
        assert not PROSE.search(own), text.zh
        assert not HALF_WIDTH.search(own), text.zh


def test_a_refusal_is_printed_in_the_reader_s_language(monkeypatch: pytest.MonkeyPatch):
    for language, words in (("zh", "请使用模块中的函数名"), ("en", "name a function of the module")):
        monkeypatch.setenv("MLC_LANG", language)
        with pytest.raises(Unsupported, match=words):
            compile_kernels(gather(), "gather", entry="other")


def sites() -> dict[str, set[tuple[str, int]]]:
    """The calls of ``unsupported`` in the package: what each says was got, and the lines it stands on."""
    found: dict[str, set[tuple[str, int]]] = {}
    for path in SOURCES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "unsupported":
                lines = range(node.lineno, (node.end_lineno or 0) + 1)
                found[f"{path.name}:{node.lineno}"] = {(path.name, line) for line in lines}
    return found


def test_every_place_that_refuses_is_among_those_looked_at(told: Refusals):
    assert sorted(site for site, lines in sites().items() if not lines & told.reached) == []


def test_nothing_in_the_package_refuses_in_another_way():
    others = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Unsupported" and path.name != "refusals.py"
    ]
    assert others == []
