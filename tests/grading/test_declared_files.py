"""Of a folder that was handed in, the notebook, its time and declared files go on, however the folder came here."""

import logging
import os
from pathlib import Path

import pytest
from submissions import light, submit

from mlc_course.grading.classroom.declared_files import declared_name
from mlc_course.grading.classroom.gradebook import Classroom
from mlc_course.grading.sandbox.bubblewrap import remove

NASTY = "a\x1b[2J\u202eb\n.html"


@pytest.fixture
def folder(room):
    """Eve's folder, with more in it than a notebook."""
    place = submit(room, "eve", light()).parent
    (place / "timestamp.txt").write_text("2026-11-20 08:00:00 UTC")
    for name in ("plot.html", NASTY, "nbgrader_config.py", "data.csv", "page.svg"):
        (place / name).write_text("<script>1</script>")
    (place / "secret.csv").symlink_to(room.folder / "gradebook.db")
    (place / "linked").symlink_to(room.folder)
    (place / "sub").mkdir()
    (place / "sub" / "table.csv").write_text("1")
    yield place
    remove(place.parent)


def taken(room: Classroom, where: str) -> set[str]:
    place = room.folder / where / "eve" / "toy"
    return {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()}


def test_nothing_goes_on_but_the_notebook_and_its_time_and_the_log_names_the_rest(room, folder, caplog):
    for number in range(20):
        (folder / f"more{number}.html").write_text("x")
    with caplog.at_level(logging.WARNING):
        room.autograde("toy", "eve")
        room.generate_feedback("toy", "eve")
    assert taken(room, "autograded") == {"toy.ipynb", "timestamp.txt"}
    assert taken(room, "feedback") == {"toy.html", "timestamp.txt"}
    (said,) = [record.getMessage() for record in caplog.records if "not taken along" in record.getMessage()]
    assert "a?[2J?b?.html" in said
    assert "and 23 more" in said
    assert said.isprintable()
    assert (folder / "plot.html").is_file()


def test_declared_files_go_on_as_texts_and_downloads_and_no_link_is_followed(room, folder):
    config = room.folder / "nbgrader_config.py"
    before = config.read_text()
    names = [
        "data.csv",
        "page.svg",
        "sub/table.csv",
        "secret.csv",
        "linked/gradebook.db",
        "../toy/plot.html",
        "/etc/passwd",
        "missing.csv",
    ]
    config.write_text(before + f'\nc.Autograde.exclude_overwriting = {{"toy": {names}}}\n')
    try:
        made = Classroom(room.folder)
        made.autograde("toy", "eve")
        made.generate_feedback("toy", "eve")
        made.autograde("toy", "eve")
    finally:
        config.write_text(before)
    declared = {"data.csv", "page.svg.txt", "sub/table.csv", "timestamp.txt"}
    assert taken(room, "autograded") == {"toy.ipynb", *declared}
    assert taken(room, "feedback") == {"toy.html", *declared}


@pytest.mark.parametrize("name", ["a.html", "A.HTM", "a.svg", "a.xhtml", "a.xml", "a.js", "a.pdf"])
def test_a_name_a_browser_would_act_on_becomes_a_texts(name):
    assert declared_name(name) == f"{name}.txt"
    assert declared_name("a.csv") == "a.csv"


def test_a_folder_too_deep_to_walk_and_a_pipe_in_place_of_the_time_cost_nothing(room, folder):
    (folder / "timestamp.txt").unlink()
    os.mkfifo(folder / "timestamp.txt")
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(1500):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(here)
    room.autograde("toy", "eve")
    assert taken(room, "autograded") == {"toy.ipynb"}
    assert room.scores("toy", "eve")["double"] == 4


def test_what_came_through_the_exchange_is_held_to_the_same(room, folder, tmp_path):
    inbound = tmp_path / "mlc" / "inbound"
    inbound.mkdir(parents=True)
    (folder / "secret.csv").unlink()
    (folder / "linked").unlink()
    folder.rename(inbound / "eve+toy+2026-11-20 08:00:00 UTC+abc")
    config = room.folder / "nbgrader_config.py"
    before = config.read_text()
    config.write_text(before + f"\nc.Exchange.root = {str(tmp_path)!r}\nc.ExchangeCollect.check_owner = False\n")
    try:
        made = Classroom(room.folder)
        result = made.api.collect("toy")
        assert result["success"], result
        assert (room.folder / "submitted" / "eve" / "toy" / "plot.html").is_file()
        made.autograde("toy", "eve")
    finally:
        config.write_text(before)
        remove(Path(inbound))
    assert taken(room, "autograded") == {"toy.ipynb", "timestamp.txt"}
