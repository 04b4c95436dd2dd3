"""Preparing a machine: what is missing is said in one paragraph, and nothing is half done."""

import subprocess
import sys
from pathlib import Path

from mlc_course import bootstrap

SCRIPT = Path(bootstrap.__file__)


def test_wrong_arguments_show_the_usage_and_fail():
    done = subprocess.run([sys.executable, SCRIPT, "vnev", "x"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("usage: bootstrap.py venv DIR")


def test_a_folder_where_no_environment_can_be_made_is_explained(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = subprocess.run([sys.executable, SCRIPT, "venv", blocked / "venv"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "python3-venv" in done.stderr


def test_an_unsupported_python_stops_before_anything_is_made(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 8, 1))
    assert bootstrap.main(["venv", str(tmp_path / "venv")]) == 1
    assert "Python 3.8 cannot be used" in capsys.readouterr().err
    assert not (tmp_path / "venv").exists()


def test_missing_programs_are_named_by_their_debian_package(monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "which", lambda program: None)
    monkeypatch.setattr(bootstrap, "postgres_tools", lambda: None)
    monkeypatch.setattr(bootstrap, "FONT", ("fonts-noto-cjk", "/nowhere"))
    assert bootstrap.missing_system_packages() == [
        "g++",
        "chromium",
        "bubblewrap",
        "util-linux",
        "nodejs",
        "postgresql",
        "fonts-noto-cjk",
    ]


def test_what_cannot_be_installed_is_said_loudly_and_is_no_error(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap.shutil, "which", lambda program: None)
    monkeypatch.setattr(bootstrap, "FONT", ("fonts-noto-cjk", "/nowhere"))
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    assert bootstrap.prepare_system() == 0
    assert "*** NOT INSTALLED: g++ chromium bubblewrap" in capsys.readouterr().out


def test_the_script_parses_on_old_pythons():
    import ast

    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))
