"""Building the toy course: both languages over one cache, and what happens when something is wrong."""

import os
import shutil
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from present import present

from mlc_course.content.errors import SiteError
from mlc_course.site.build.command import build
from mlc_course.site.build.execution_cache import CACHE

pytestmark = pytest.mark.slow


def run(root, *options):
    """The build as a person starts it; returns exit code and output."""
    environment = {**os.environ, "MLC_COURSE_ROOT": str(root)}
    command = [sys.executable, "-m", "mlc_course.site.build", *options]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    return done.returncode, done.stdout + done.stderr


def edit(root, page, old, new):
    path = root / "chapters" / page
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def page(root, name):
    return BeautifulSoup((root / "_site" / name).read_text("utf-8"), "html.parser")


def executions(output):
    return output.count("Executing notebook")


def test_the_site_has_both_languages_and_the_pages_of_neither(built):
    site = built / "_site"
    for name in (
        "index.html",
        "404.html",
        ".nojekyll",
        "en/index.html",
        "zh/index.html",
        "zh/notebooks/introduction.ipynb",
    ):
        assert (site / name).exists(), name
    assert page(built, "zh/introduction.html").html["lang"] == "zh-CN"


def test_scripts_of_widgets_are_modules_which_do_not_hold_up_the_page(built):
    (script,) = page(built, "en/introduction.html").select('script[src*="widgets/main.js"]')
    assert script["type"] == "module"


def test_formulas_need_no_script(built):
    text = (built / "_site" / "en" / "introduction.html").read_text("utf-8")
    assert "<math " in text
    assert "mathjax.js" not in text
    assert "MathJax" not in text


def test_chinese_lines_are_joined_on_the_page(built):
    assert "TensorIR 调度，但不改变" in page(built, "zh/introduction.html").get_text()
    assert "中间表示是编译器" in page(built, "zh/introduction.html").get_text()


def test_exercises_are_linked_in_the_repository_until_their_notebooks_are_built(toy):
    link = page(toy, "zh/index.html").find("a", string="练习")
    assert link["href"].endswith("/blob/main/exercises/introduction/exercise.md")
    for language in ("en", "zh"):
        folder = toy / "_build" / "exercises" / language
        folder.mkdir(parents=True)
        shutil.copy(toy / "_site" / language / "notebooks" / "introduction.ipynb", folder)
    code, output = run(toy)
    assert code == 0, output
    assert page(toy, "zh/index.html").find("a", string="练习")["href"] == "exercises/introduction.ipynb"
    assert (toy / "_site" / "zh" / "exercises" / "introduction.ipynb").exists()


def test_chinese_uses_the_results_of_english_and_prose_executes_nothing(toy):
    # The copy lies elsewhere: everything is read again, from the cache.
    code, output = run(toy)
    assert (code, executions(output)) == (0, 0), output
    edit(toy, "en/introduction.md", "keeps its meaning", "never changes its meaning")
    code, output = run(toy)
    assert (code, executions(output)) == (0, 0), output
    assert "never changes its meaning" in page(toy, "en/introduction.html").get_text()


def test_changed_code_that_a_page_shows_executes_it_once_for_both_languages(toy):
    module = toy / "src" / "mlc_ref" / "language.py"
    module.write_text(module.read_text("utf-8") + "\n# a remark\n", "utf-8")
    code, output = run(toy)
    assert (code, executions(output)) == (0, 1), output
    assert "what they import changed, executed anew: introduction" in output
    assert (toy / CACHE).exists()


def test_a_failing_cell_is_named_and_the_old_site_stays(toy):
    edit(toy, "en/introduction.md", "1 + 1", "1 / 0")
    code, output = run(toy)
    assert code == 1
    message = output.split("The website was not built.")[1]
    assert "chapters/en/introduction.md: this cell failed with ZeroDivisionError" in message
    assert "1 / 0" in message
    assert (toy / "_site" / "index.html").exists()


def test_a_warning_fails_the_build_and_fails_it_again(toy):
    edit(toy, "zh/introduction.md", "{ref}`introduction-more`", "{nowhere}`introduction-more`")
    for _ in range(2):
        with pytest.raises(
            SiteError, match=r"""chapters/zh/introduction\.md.*[Uu]nknown interpreted text role "nowhere\""""
        ):
            build(toy, ["zh"], echo=False)


def test_a_missing_label_is_told_before_anything_is_executed(toy):
    edit(toy, "zh/introduction.md", "{ref}`introduction-more`", "{ref}`introduction-nowhere`")
    code, output = run(toy)
    assert code == 1
    lines = (toy / "chapters" / "zh" / "introduction.md").read_text("utf-8").splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if "introduction-nowhere" in line]
    assert f"chapters/zh/introduction.md:{number}: undefined label: 'introduction-nowhere'" in output
    assert "Running Sphinx" not in output


def test_a_wrong_formula_is_named_with_its_page(toy):
    edit(toy, "en/introduction.md", "y_i = x_i", r"\wrongly x_i")
    with pytest.raises(SiteError, match=r"chapters/en/introduction\.md.*uses \\wrongly"):
        build(toy, ["en"], echo=False)


def test_a_page_taken_out_of_the_contents_leaves_the_site(toy):
    contents = (toy / "_toc.yml").read_text("utf-8")
    (toy / "_toc.yml").write_text(
        contents.replace("      - file: chapters/en/introduction\n", "      - file: chapters/en/other\n")
    )
    for language in ("en", "zh"):
        (toy / "chapters" / language / "introduction.md").rename(toy / "chapters" / language / "other.md")
    code, output = run(toy)
    assert code == 0, output
    assert (toy / "_site" / "zh" / "other.html").exists()
    assert not (toy / "_site" / "zh" / "introduction.html").exists()


def test_a_missing_page_stops_before_anything_is_built(toy):
    (toy / "chapters" / "zh" / "introduction.md").unlink()
    code, output = run(toy)
    assert code == 1
    assert "chapters/zh/introduction.md" in output
    assert "Running Sphinx" not in output


def test_the_stock_command_builds_the_english_book_without_warnings(toy):
    command = [
        sys.executable,
        "-c",
        "from jupyter_book.cli.main import main; main()",
        "build",
        ".",
        "-W",
        "--keep-going",
    ]
    done = subprocess.run(command, cwd=toy, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    html = toy / "_build" / "html"
    assert (html / "chapters" / "en" / "introduction.html").exists()
    assert (html / "notebooks" / "introduction.ipynb").exists()
    shown = BeautifulSoup((html / "chapters" / "en" / "introduction.html").read_text("utf-8"), "html.parser")
    assert present(shown.html)["lang"] == "en"
    assert (html / "chapters" / "en" / str(present(shown.find("a", class_="mlc-notebook"))["href"])).exists()
