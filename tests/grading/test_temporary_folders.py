"""Folders that a killed grader left behind are removed by the next, and nothing else is."""

import os
import subprocess
import sys
import tempfile

import pytest

from mlc_course.grading.sandbox import temporary_folders as scratch


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left_behind() -> str:
    """The folder of a process that has ended."""
    code = "from mlc_course.grading.sandbox.temporary_folders import make_folder; print(make_folder())"
    environment = {**os.environ, "TMPDIR": tempfile.gettempdir()}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_folders_of_processes_that_are_gone_are_removed_closed_and_deep_ones_too(place):
    folder = left_behind()
    subprocess.run("for i in $(seq 300); do mkdir d; cd d; done; chmod 0 ../..", shell=True, cwd=folder, check=True)
    assert [str(path) for path in scratch.remove_leftovers()] == [folder]
    assert list(place.iterdir()) == []


def test_the_folders_of_living_processes_stay(place):
    own = scratch.make_folder()
    assert own.stat().st_mode & 0o777 == 0o700
    assert scratch.remove_leftovers() == []
    assert own.is_dir()


def test_a_number_that_another_process_has_now_does_not_keep_a_folder(place):
    (place / f"mlc-box-{os.getpid()}-1-abc").mkdir()
    assert len(scratch.remove_leftovers()) == 1


def test_links_files_and_other_names_stay(place):
    keep = place / "work"
    keep.mkdir()
    (place / "mlc-box-1-1-link").symlink_to(keep)
    (place / "mlc-box-1-1-file").write_text("x")
    (place / "mlc-box-1-1-").mkdir()
    (place / "mlc-progress-abc").mkdir()
    assert scratch.remove_leftovers() == []
    assert len(list(place.iterdir())) == 5


def test_folders_of_other_accounts_stay(place, monkeypatch):
    (place / "mlc-box-1-1-abc").mkdir()
    monkeypatch.setattr(scratch.os, "geteuid", lambda: os.getuid() + 1)
    assert scratch.remove_leftovers() == []
