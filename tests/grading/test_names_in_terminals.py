"""Names and messages of students in a terminal and in logs."""

import io
import logging

import pytest

from mlc_course import terminal
from mlc_course.terminal import escape_log_records, one_line, printable, table, width

OBEYED = [*map(chr, range(0x20)), "\x7f", *map(chr, range(0x80, 0xA1)), "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160",
          "\u180e", *map(chr, range(0x200B, 0x2010)), *map(chr, range(0x2028, 0x2030)), *map(chr, range(0x2060, 0x2070)),
          "\u3000", "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\ufffe", "\ud83d", "\udcff", "\U000e0001", "\U000e0100"]  # fmt: skip


@pytest.mark.parametrize("character", OBEYED, ids=lambda c: f"{ord(c):04x}")
def test_what_a_terminal_obeys_or_hides_is_written_as_an_escape(character):
    said = printable(f"a{character}b")
    assert character not in said
    assert said.startswith("a\\")
    assert said.endswith("b")


@pytest.mark.parametrize("name", ["Ada Lovelace", "李明", "Zoë", "नमस्ते", "สวัสดี", "Nguyễn", "🙂", "a\\b"])
def test_names_of_every_script_stay_as_they_are(name):
    assert printable(name) == name


def test_accents_heaped_on_a_letter_are_cut():
    assert printable("a" + "\u0301" * 50).count("\u0301") == terminal.MAX_MARKS


def test_a_message_is_one_line_of_bounded_length():
    said = one_line("first\nsecond\x1b[2J" + "x" * 10_000, 40)
    assert said.startswith("first second\\x1b[2J")
    assert len(said) == 40


def test_columns_stay_aligned_beside_chinese_names_and_accents():
    lines = table([("student", "score"), ("李明", "1"), ("e\u0301e", "2"), ("ada", "3")]).splitlines()
    assert {width(line[: line.rindex(line[-1])]) for line in lines[1:]} == {9}


def test_log_lines_of_any_library_are_escaped(monkeypatch):
    monkeypatch.setattr(logging, "_logRecordFactory", logging.LogRecord)
    escape_log_records()
    escape_log_records()
    stream = io.StringIO()
    logger = logging.Logger("library")
    logger.addHandler(logging.StreamHandler(stream))
    logger.warning("Copying %s (%d)\nnext", "\x1b]0;title\x07a\nforged", 3)
    logger.warning("\u202eplain %")
    assert stream.getvalue() == "Copying \\x1b]0;title\\x07a\\nforged (3)\nnext\n\\u202eplain %\n"
