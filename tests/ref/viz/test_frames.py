"""Remembering the modules of frames changes how long ``inspect`` searches, and not what it finds."""

import inspect
import sys

import pytest

from mlc_ref import frames


@pytest.fixture
def searches(monkeypatch):
    """The objects that the search of the standard library is asked about, starting with nothing remembered."""
    asked = []
    search = frames._search

    def counted(thing, _filename=None):
        asked.append(thing)
        return search(thing, _filename)

    monkeypatch.setattr(frames, "_search", counted)
    monkeypatch.setattr(frames, "_by_file", {})
    return asked


def test_a_frame_belongs_to_the_module_of_its_file(searches):
    frame = sys._getframe()
    assert inspect.getmodule(frame) is frames._search(frame)


def test_a_file_is_searched_once(searches):
    inspect.getmodule(sys._getframe())
    searches.clear()
    inspect.getmodule(sys._getframe())
    assert not searches


def test_frames_of_code_without_a_file_have_no_module(searches):
    namespace = {"sys": sys}
    exec(compile("frame = sys._getframe()", "<no file>", "exec"), namespace)
    assert inspect.getmodule(namespace["frame"]) is None
    searches.clear()
    assert inspect.getmodule(namespace["frame"]) is None
    assert not searches


def test_functions_and_modules_are_searched_every_time(searches):
    assert inspect.getmodule(frames.remember_modules_of_frames) is frames
    assert inspect.getmodule(pytest) is pytest
    assert len(searches) == 2
