"""`mlc`: what each command prints, its exit codes, and the one paragraph it gives for each kind of bad input."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from notebook_files import cell, save

from mlc_course import bootstrap, cli, doctor
from mlc_course.exercises.notebooks import instructor_notebook, learner_notebook

TOY = Path(__file__).parent / "data" / "toy"


@pytest.fixture(autouse=True)
def toy_course(monkeypatch):
    monkeypatch.delenv("MLC_LANG", raising=False)
    monkeypatch.setenv("MLC_COURSE_ROOT", str(TOY))


@pytest.fixture(scope="module")
def half_solved(tmp_path_factory):
    """What `mlc check --json` says of a notebook with right, wrong, raising and missing answers, and the file."""
    notebook = instructor_notebook("toy", "zh", TOY)
    cell(notebook, "double-answer").source = "def double(x):\n    x *= 2\n    return x"
    cell(notebook, "scale-answer").source = "scale = undefined_name"
    path = save(notebook, tmp_path_factory.mktemp("half") / "my work.ipynb")
    before = path.read_bytes()
    command = [sys.executable, "-m", "mlc_course.cli", "check", str(path), "--json"]
    environment = {**os.environ, "MLC_COURSE_ROOT": str(TOY)}
    environment.pop("MLC_LANG", None)
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    return done, json.loads(done.stdout), path.read_bytes() == before


def test_check_reports_every_item_and_fails_unless_all_pass(half_solved):
    done, found, _ = half_solved
    assert done.returncode == cli.NOT_PASSED
    assert [(item["name"], item["score"], item["points"]) for item in found["items"]] == [
        ("axis", 2, 2),
        ("double", 3, 4),
        ("scale", 0, 3),
        ("split", 0, 3),
    ]
    assert "NameError: name 'undefined_name' is not defined" in found["items"][2]["parts"][0]["message"]["en"]


def test_check_never_writes_to_the_file(half_solved):
    assert half_solved[2]


def test_check_speaks_the_notebooks_language_unless_told_otherwise(half_solved):
    assert {item["language"] for item in half_solved[1]["items"]} == {"zh"}


def test_check_of_the_solution_passes_and_prints_a_table(tmp_path, capsys):
    path = save(instructor_notebook("toy", "zh", TOY), tmp_path / "toy.ipynb")
    assert cli.main(["check", str(path), "--lang", "en"]) == cli.DONE
    out = capsys.readouterr().out
    assert "Double an array (double): 4/4\n  [3/3] right numbers: passed" in out
    assert out.endswith("toy: 12/12\n")


def test_an_answer_that_ends_the_process_costs_only_itself_and_is_named(tmp_path, capsys):
    notebook = instructor_notebook("toy", "en", TOY)
    cell(notebook, "double-answer").source = "import os\nos._exit(1)"
    path = save(notebook, tmp_path / "toy.ipynb")
    assert cli.main(["check", str(path)]) == cli.PROBLEM
    shown = capsys.readouterr()
    assert "Name the axis kind (axis): 2/2" in shown.out
    assert "expected: cells that end; found: a cell ended the Python process" in shown.out
    assert shown.out.endswith("toy: 8/12\n")
    assert "('import os') ended the Python process" in shown.err


def test_an_endless_cell_is_stopped_and_named(tmp_path, capsys):
    notebook = instructor_notebook("toy", "en", TOY)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("while True: pass"))  # before anything that takes time
    path = save(notebook, tmp_path / "toy.ipynb")
    assert cli.main(["check", str(path), "--timeout", "3"]) == cli.PROBLEM
    shown = capsys.readouterr()
    assert "('while True: pass') took longer than 3 seconds" in shown.err
    assert shown.out.endswith("toy: 12/12\n")


def test_an_untouched_notebook_says_of_each_item_in_a_line_that_it_is_not_solved(tmp_path, capsys):
    path = save(learner_notebook("toy", "zh", TOY), tmp_path / "toy.ipynb")
    assert cli.main(["check", str(path)]) == cli.NOT_PASSED
    *items, total = [line for line in capsys.readouterr().out.splitlines() if line]
    assert [line.partition(" – ")[2] for line in items] == ["尚未完成"] * 4
    assert total == "toy: 0/12"


HELP = [["--help"], *(["check", "--help"], ["progress", "--help"], ["exercises", "build", "--help"])]


@pytest.mark.parametrize("arguments", [*HELP, ["grade", "--help"], ["course", "create", "--help"]], ids=" ".join)
def test_help_in_chinese_holds_no_english(arguments, monkeypatch, capsys):
    monkeypatch.setenv("MLC_LANG", "zh")
    with pytest.raises(SystemExit):
        cli.main(arguments)
    help_text = capsys.readouterr().out
    told = " ".join(help_text.partition("\n\n")[2].split())
    assert "用法：mlc" in help_text
    assert not re.findall(r"[a-z]+ [a-z]+", re.sub(r"^  \S+  +|\b(nbgrader|all)\b|--\w+|\{.*?\}", "", told)), told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["check", "none.ipynb"], "没有这个文件"), (["progress", "none"], "没有练习集 'none'。本课程有：toy。")],
)
def test_what_is_missing_is_told_in_the_readers_language(arguments, said, monkeypatch, capsys):
    monkeypatch.setenv("MLC_LANG", "zh")
    assert cli.main(arguments) == cli.PROBLEM
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["grade", "toy"], ["check", "none.ipynb"]], ids=" ".join)
def test_a_language_the_course_does_not_have_is_told_in_a_sentence(arguments, monkeypatch, capsys):
    monkeypatch.setenv("MLC_LANG", "fr")
    assert cli.main(arguments) == cli.PROBLEM
    said = capsys.readouterr().err
    assert "MLC_LANG: language: got 'fr', allowed en, zh." in said
    assert "请设为 en 或 zh" in said
    assert said.count("\n") == 2  # a sentence in each language


def test_an_endless_function_costs_only_its_item_and_its_line_is_named(tmp_path, capsys):
    notebook = instructor_notebook("toy", "zh", TOY)
    cell(notebook, "double-answer").source = "def double(x):\n    while True:\n        pass"
    path = save(notebook, tmp_path / "toy.ipynb")
    assert cli.main(["check", str(path), "--timeout", "3"]) == cli.NOT_PASSED
    shown = capsys.readouterr()
    assert "期望：一个会结束的答案；实际：3 秒后仍在运行，已被中断；位置：你的单元第 " in shown.out
    assert shown.out.endswith("toy: 8/12\n")
    assert shown.err == ""


def without(name):
    def edit(notebook):
        notebook.cells.remove(cell(notebook, name))

    return edit


def doubled(name):
    def edit(notebook):
        twin = nbformat.from_dict({**cell(notebook, name), "id": "twin"})
        notebook.cells.append(twin)

    return edit


def edited(notebook):
    cell(notebook, "double-check").source = 'check("axis", "reduction")'


def renamed(notebook):
    notebook.metadata["mlc"]["stem"] = "tow"


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (without("double-answer"), "the answer cell of item 'double' is missing"),
        (without("double-check"), "the check cell of item 'double' is missing"),
        (doubled("double-answer"), "the answer cell of item 'double' stands twice, as cells"),
        (doubled("double-check"), "the check cell of item 'double' stands twice"),
        (edited, "the check cell of item 'double' was edited"),
        (renamed, "there is no exercise set 'tow'. The course has: toy"),
    ],
)
def test_a_notebook_whose_cells_are_not_as_handed_out_is_refused(tmp_path, capsys, edit, message):
    notebook = learner_notebook("toy", "en", TOY)
    edit(notebook)
    assert cli.main(["check", str(save(notebook, tmp_path / "toy.ipynb"))]) == cli.PROBLEM
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("content", ["", "{", '{"cells": 3}', "[]", '{"nbformat": 4, "nbformat_minor": 5}'])
def test_a_broken_notebook_is_refused(tmp_path, capsys, content):
    path = tmp_path / "toy.ipynb"
    path.write_text(content)
    assert cli.main(["check", str(path)]) == cli.PROBLEM
    err = capsys.readouterr().err
    assert "this is not a readable notebook" in err
    assert err.count("\n") == 1
    assert path.read_text() == content


def test_a_file_that_is_not_there_is_refused(tmp_path, capsys):
    assert cli.main(["check", str(tmp_path / "toy.ipynb")]) == cli.PROBLEM
    assert "there is no such file" in capsys.readouterr().err


def test_build_writes_the_notebooks_asked_for(tmp_path, capsys):
    assert cli.main(["exercises", "build", "--lang", "zh", "--out", str(tmp_path)]) == cli.DONE
    assert capsys.readouterr().out == f"{tmp_path / 'zh' / 'toy.ipynb'}\n"
    assert not (tmp_path / "en").exists()


def test_build_of_an_unknown_set_lists_those_that_exist(tmp_path, capsys):
    assert cli.main(["exercises", "build", "--stems", "tow", "--out", str(tmp_path)]) == cli.PROBLEM
    assert capsys.readouterr().err == "There is no exercise set 'tow'. The course has: toy.\n"


def test_create_makes_a_course_folder_in_the_language(tmp_path):
    folder = tmp_path / "class"
    assert cli.main(["course", "create", str(folder), "--lang", "zh"]) == cli.DONE
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == [
        "README.md",
        "nbgrader_config.py",
        "source/toy/toy.ipynb",
    ]
    assert "# 课程文件夹" in (folder / "README.md").read_text("utf-8")
    assert nbformat.read(folder / "source/toy/toy.ipynb", 4).metadata.mlc.language == "zh"


def test_create_refuses_a_folder_that_holds_something_and_leaves_it_alone(tmp_path, capsys):
    kept = tmp_path / "gradebook.db"
    kept.write_text("scores")
    assert cli.main(["course", "create", str(tmp_path)]) == cli.PROBLEM
    assert "it was left untouched" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["gradebook.db"]
    assert cli.main(["course", "create", str(kept)]) == cli.PROBLEM


def test_create_with_an_unknown_set_makes_nothing(tmp_path):
    assert cli.main(["course", "create", str(tmp_path / "class"), "--stems", "tow"]) == cli.PROBLEM
    assert not (tmp_path / "class").exists()


def test_a_python_that_is_too_old_is_told_so(monkeypatch, capsys):
    monkeypatch.setattr(cli, "python_problem", lambda version: bootstrap.python_problem((3, 9)))
    assert cli.main(["doctor"]) == cli.PROBLEM
    assert "Python 3.9 cannot be used" in capsys.readouterr().err


def test_other_versions_of_tvm_stop_a_check_before_it_starts(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("mlc_ref.versions.PINNED", {"apache-tvm": "9.9"})
    assert cli.main(["check", str(tmp_path / "toy.ipynb")]) == cli.PROBLEM
    assert "the course needs 9.9" in capsys.readouterr().err


def test_the_doctor_says_what_is_missing_and_fails_only_for_what_is_needed(monkeypatch, capsys):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    monkeypatch.delenv("CXX", raising=False)
    assert cli.main(["doctor"]) == cli.DONE
    out = capsys.readouterr().out
    assert "[miss] Chromium: not found" in out
    assert "[miss] C++ compiler: not found" in out
    assert re.search(r"\[miss\] sandbox.*bubblewrap", out)
    monkeypatch.setattr("mlc_ref.versions.PINNED", {"apache-tvm": "9.9"})
    assert cli.main(["doctor"]) == cli.PROBLEM
    assert "[FAIL] TVM: apache-tvm: found" in capsys.readouterr().out


def test_the_doctor_speaks_the_readers_language(monkeypatch, capsys):
    monkeypatch.setenv("MLC_LANG", "zh")
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    monkeypatch.setattr("mlc_ref.versions.PINNED", {"apache-tvm": "9.9"})
    monkeypatch.delenv("CXX", raising=False)
    assert cli.main(["doctor"]) == cli.PROBLEM
    *lines, sandbox = capsys.readouterr().out.splitlines()
    assert sandbox.startswith("[可选] 评分用的沙箱（bubblewrap）：只有评分的教师需要它。英文原文：")
    assert [line for line in lines if line.startswith("[必需]")] == [line for line in lines if "本课程需要 9.9" in line]
    assert "[可选] Chromium：没有找到" in "\n".join(lines)
    assert not re.findall(
        r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", re.sub(r"apt-get install|pip install", "", "\n".join(lines))
    )


@pytest.mark.parametrize("arguments", [[], ["check"], ["course"], ["exercises", "build", "--lang", "fr"]])
def test_incomplete_commands_show_their_usage(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == cli.PROBLEM
    assert "usage: mlc" in capsys.readouterr().err


def test_the_command_loads_nothing_heavy_before_it_is_needed():
    code = "import sys, mlc_course.cli as c; c._parser(); print(*(set(sys.modules) & {'tvm', 'numpy', 'nbgrader'}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == ""


def test_a_set_whose_checks_cannot_be_loaded_says_why(tmp_path, monkeypatch, capsys):
    import shutil

    root = shutil.copytree(TOY, tmp_path / "course")
    (root / "exercises/toy/checks/axis.py").write_text("import there_is_no_such_module\n")
    path = save(learner_notebook("toy", "en", TOY), tmp_path / "toy.ipynb")
    monkeypatch.setenv("MLC_COURSE_ROOT", str(root))
    assert cli.main(["check", str(path)]) == cli.PROBLEM
    assert "The checks of toy could not be loaded: ModuleNotFoundError" in capsys.readouterr().err
