"""What readers take with them: executed notebooks, hosted machines with the pinned environment, the book on paper."""

import json
import re
import sys
import types
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from present import present

from mlc_course.content.errors import SiteError
from mlc_course.content.languages import SITE_LANGUAGES
from mlc_course.content.settings import Settings
from mlc_course.root import course_root
from mlc_course.site.notebooks.cached_outputs import cached_outputs, with_outputs
from mlc_course.site.notebooks.downloads import launch_links
from mlc_course.site.notebooks.environment_cell import environment_cell
from mlc_course.site.notebooks.export import main
from mlc_course.site.pdf.book import typeset
from mlc_course.site.pdf.latex import book_file, configure
from mlc_course.wheels import excluded, pins, resolves

ROOT = course_root()
SETTINGS = Settings("https://course.example/mlc/", "https://code.example/team/mlc", "main")


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def test_outputs_go_into_the_cells_after_the_check_of_the_environment():
    notebook = new_notebook(cells=[new_code_cell("check"), new_code_cell("print(1)"), new_code_cell("x = 2")])
    with_outputs(notebook, [[printed("1\n")], []])
    assert [len(cell.outputs) for cell in notebook.cells] == [0, 1, 0]
    assert [cell.execution_count for cell in notebook.cells] == [None, 1, 2]


def test_outputs_of_other_cells_are_refused():
    with pytest.raises(ValueError, match="got those of 2 cells, the notebook has 0"):
        with_outputs(new_notebook(cells=[new_code_cell("check")]), [[], []])


def test_a_page_that_was_not_run_has_no_outputs(tmp_path):
    page = ROOT / "chapters" / "en" / "index.md"
    assert cached_outputs(page, tmp_path / "nowhere", "en") is None
    assert cached_outputs(page, tmp_path, "en") is None


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_notebooks_of_the_site_hold_what_its_cells_printed(site, language):
    paths = sorted((site / language / "notebooks").glob("*.ipynb"))
    assert paths
    for path in paths:
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        assert any(cell.outputs for cell in cells), path.name
        assert not [o for cell in cells for o in cell.outputs if o.output_type == "error" or o.get("name") == "stderr"]


def test_on_colab_the_first_cell_installs_the_pins_and_elsewhere_nothing(monkeypatch, capsys):
    source = environment_cell(ROOT, "en", SETTINGS).source
    calls = []
    monkeypatch.setattr("subprocess.run", lambda command, **_: calls.append(command))
    exec(compile(source, "cell", "exec"), {})
    assert calls == []
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    exec(compile(source, "cell", "exec"), {})
    assert [part for part in calls[0] if "==" in part] == ["apache-tvm==0.27.0.post1", "apache-tvm-ffi==0.1.14.post1"]
    assert calls[0][-1] == "https://code.example/team/mlc/archive/refs/heads/main.zip"
    capsys.readouterr()


def test_hosted_notebooks_are_named_by_repository_branch_language_and_page():
    links = launch_links("gpu", "zh", SETTINGS)
    assert links["Colab"].endswith("/github/team/mlc/blob/notebooks/zh/gpu.ipynb")
    assert links["Binder"].endswith("/v2/gh/team/mlc/main?labpath=notebooks/zh/gpu.ipynb")


def test_binder_and_the_devcontainer_install_the_pinned_torch():
    torch = present(re.search(r"^torch==\S+$", (ROOT / "requirements.lock").read_text("utf-8"), re.M))[0]
    assert f"{torch}+cpu" in (ROOT / "binder" / "requirements.txt").read_text("utf-8").splitlines()
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    # It takes the CPU build of the pin.
    assert "make setup" in container["onCreateCommand"]
    assert (ROOT / "binder" / "postBuild").stat().st_mode & 0o100


def test_pins_are_the_lines_of_the_lock_without_comments():
    assert pins("# why\nnumpy==2.4.6\n\nPyYAML==6.0.3\n") == ["numpy==2.4.6", "PyYAML==6.0.3"]


def test_pins_without_a_wheel_are_found_among_many():
    requirements = [f"p{number}==1" for number in range(40)]
    bad = {"p3==1", "p4==1", "p39==1"}
    assert excluded(requirements, lambda some: not bad & set(some)) == ["p3==1", "p4==1", "p39==1"]


def uv_that(tmp_path: Path, code: int) -> str:
    """A uv that ends with an exit code whatever it is asked."""
    uv = tmp_path / "uv"
    uv.write_text(f"#!/bin/sh\necho no network >&2\nexit {code}\n")
    uv.chmod(0o755)
    return str(uv)


@pytest.mark.parametrize(("code", "found"), [(0, True), (1, False)])
def test_requirements_resolve_or_not(tmp_path, code, found):
    assert resolves(tmp_path / "x.in", "3.12.12", uv_that(tmp_path, code)) is found


def test_a_failure_of_uv_itself_is_no_answer(tmp_path):
    with pytest.raises(RuntimeError, match=r"for Python 3\.12\.12: no network"):
        resolves(tmp_path / "x.in", "3.12.12", uv_that(tmp_path, 2))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_book_is_set_with_chinese_fonts_and_names_in_its_language(language):
    config: Any = types.SimpleNamespace(author="A")
    configure(config, SITE_LANGUAGES[language])
    assert config.latex_engine == "xelatex"
    assert "Noto Serif CJK SC" in config.latex_elements["preamble"]
    names = {"en": "{Contents}", "zh": "{目录}"}
    assert [code for code in names if names[code] in config.latex_elements["preamble"]] == [language]
    assert book_file(Path("r"), language).name == f"mlc-{language}.pdf"


def test_a_book_that_tex_refuses_is_explained_by_its_errors(tmp_path, monkeypatch):
    (tmp_path / "mlc-en.log").write_text("noise\n! Undefined control sequence.\nl.7 \\nothing\n")
    failed = types.SimpleNamespace(returncode=1, stderr="")
    monkeypatch.setattr("subprocess.run", lambda *_args, **_options: failed)
    with pytest.raises(SiteError, match=r"(?s)could not be set.*Undefined control sequence"):
        typeset(tmp_path, "en")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_with_a_notebook_offers_it_at_its_end(site, language):
    names = [path.stem for path in (site / language / "notebooks").glob("*.ipynb")]
    assert "quickstart" in names
    without = [
        name
        for name in names
        if 'class="mlc-take"' not in (page := (site / language / f"{name}.html").read_text("utf-8"))
        or f'href="notebooks/{name}.ipynb"' not in page.partition('class="mlc-take"')[2]
    ]
    assert without == []


def test_a_notebook_that_a_reader_works_in_is_written_once(tmp_path, monkeypatch):
    names = ["quickstart", "introduction"]
    monkeypatch.setattr("mlc_course.site.notebooks.export.pages", lambda root: names)
    monkeypatch.setattr("mlc_course.exercises.notebooks.exercise_stems", lambda root: ["introduction"])
    kept = ["introduction.ipynb", "exercises/introduction.ipynb"]
    (tmp_path / "en" / "exercises").mkdir(parents=True)
    for name in kept:
        (tmp_path / "en" / name).write_text("my answer", "utf-8")
    assert main([str(tmp_path), "--exercises", "--keep"]) == 0
    assert [(tmp_path / "en" / name).read_text("utf-8") for name in kept] == ["my answer"] * 2
    assert all((tmp_path / name).is_file() for name in ("en/quickstart.ipynb", *(f"zh/{name}" for name in kept)))
    assert main([str(tmp_path), "--exercises"]) == 0
    assert "my answer" not in [(tmp_path / "en" / name).read_text("utf-8") for name in kept]
