"""The language of the open notebook is that of its outputs, with no setting, and even where its first cell was not run."""

import json
import sys

import pytest

from mlc_ref import open_notebook
from mlc_ref.language import current_language, is_language_chosen


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    monkeypatch.delenv("MLC_LANG", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


def written(folder, content):
    path = folder / f"{len(list(folder.iterdir()))}.ipynb"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


CHINESE = {"metadata": {"mlc": {"language": "zh"}}, "cells": []}


def opened_in_jupyter(path, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))


def opened_in_vs_code(path, monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "__vsc_ipynb_file__", str(path), raising=False)


@pytest.mark.parametrize("opened", [opened_in_jupyter, opened_in_vs_code])
def test_outputs_follow_the_open_notebook(tmp_path, monkeypatch, opened):
    opened(written(tmp_path, CHINESE), monkeypatch)
    assert (current_language(), is_language_chosen()) == ("zh", True)


def test_what_a_person_sets_wins(tmp_path, monkeypatch):
    opened_in_jupyter(written(tmp_path, CHINESE), monkeypatch)
    monkeypatch.setenv("MLC_LANG", "en")
    assert current_language() == "en"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no JSON",
        "[" * 100_000,
        [],
        {"metadata": {}},
        {"metadata": {"mlc": []}},
        {"metadata": {"mlc": {"language": "fr"}}},
        {"metadata": {"mlc": {"language": ["zh"]}}},
    ],
    ids=str,
)
def test_a_notebook_that_does_not_say_is_read_in_english(tmp_path, monkeypatch, content):
    opened_in_jupyter(written(tmp_path, content), monkeypatch)
    assert (current_language(), is_language_chosen()) == ("en", False)


def test_a_notebook_that_is_too_large_or_missing_says_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(open_notebook, "MAX_BYTES", 10)
    for path in (written(tmp_path, CHINESE), tmp_path / "none.ipynb", tmp_path / "console-1"):
        opened_in_jupyter(path, monkeypatch)
        assert not is_language_chosen()
