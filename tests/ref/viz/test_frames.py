"""Remembering the modules of frames changes how long ``inspect`` searches, and not what it finds."""

import inspect
import sys
from types import ModuleType
from typing import Any

import pytest

from mlc_ref import frames


class CountedSearch:
    """The search of the standard library, and the objects that it was asked about."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def __call__(self, thing: Any, _filename: str | None = None) -> ModuleType | None:
        self.asked.append(thing)
        return inspect.getmodule(thing, _filename)


@pytest.fixture
def search() -> CountedSearch:
    return CountedSearch()


@pytest.fixture
def modules(search) -> frames.ModulesOfFrames:
    """With nothing remembered."""
    return frames.ModulesOfFrames(search)


def test_a_frame_belongs_to_the_module_of_its_file(modules):
    found = modules.getmodule(sys._getframe())
    assert found is not None
    assert found.__name__ == __name__


def test_a_file_is_searched_once(modules, search):
    modules.getmodule(sys._getframe())
    modules.getmodule(sys._getframe())
    assert len(search.asked) == 1


def test_frames_of_code_without_a_file_have_no_module(modules, search):
    namespace: dict[str, Any] = {"sys": sys}
    exec(compile("frame = sys._getframe()", "<no file>", "exec"), namespace)
    assert modules.getmodule(namespace["frame"]) is None
    assert modules.getmodule(namespace["frame"]) is None
    assert len(search.asked) == 1


def test_functions_and_modules_are_searched_every_time(modules, search):
    assert modules.getmodule(frames.remember_modules_of_frames) is frames
    assert modules.getmodule(pytest) is pytest
    assert len(search.asked) == 2


def test_the_course_replaces_the_search_of_the_standard_library_once():
    replaced = inspect.getmodule
    assert isinstance(getattr(replaced, "__self__", None), frames.ModulesOfFrames)
    frames.remember_modules_of_frames()
    assert inspect.getmodule == replaced
