"""The pages of the exercises: what stands on them, when they are written, and that solutions can be left out."""

import io
import json
import re
import zipfile

import pytest
from bs4 import BeautifulSoup

from mlc_course.content.errors import SiteError
from mlc_course.content.exercise_page_names import page_names, sets_with_page
from mlc_course.exercises.catalog import load_exercise, load_tasks
from mlc_course.exercises.notebooks import learner_notebook
from mlc_course.exercises.source import BEGIN_SOLUTION, END_SOLUTION
from mlc_course.root import course_root
from mlc_course.site.build.command import build
from mlc_course.site.build.contents import write_contents
from mlc_course.site.exercises import pages as exercise_pages
from mlc_course.site.exercises.pages import solutions_shown, with_exercises, write_pages

ROOT = course_root()
SETS = sets_with_page(ROOT)
# What only the solutions of the toy exercises say.
SECRETS = ("quincunx", "thrice_less_one")


def made(stem, lang, *, solutions):
    return exercise_pages._text(ROOT, stem, lang, solutions)


def solution_regions(stem):
    """The lines between the marks of every solution of a set."""
    regions = []
    for cell in load_exercise(stem).cells:
        parts = cell.source.split(BEGIN_SOLUTION)[1:] if cell.role == "answer" else []
        regions += [part.split(END_SOLUTION)[0].strip() for part in parts]
    return regions


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("stem", SETS)
def test_a_page_has_the_solutions_only_where_they_are_asked_for(stem, lang):
    with_them, without = made(stem, lang, solutions=True), made(stem, lang, solutions=False)
    regions = solution_regions(stem)
    assert len(regions) >= len(load_tasks(stem))
    assert [region for region in regions if region not in with_them] == []
    assert [region for region in regions if region in without] == []
    assert without.count("raise NotImplementedError()") >= len(load_tasks(stem))


@pytest.mark.parametrize("stem", SETS)
def test_a_page_has_the_same_labels_and_code_in_both_languages(stem):
    english, chinese = (made(stem, lang, solutions=True) for lang in ("en", "zh"))
    label = re.compile(r"^\((exercises_[\w-]+)\)=$", re.M)
    assert label.findall(english) == label.findall(chinese)
    assert label.findall(english)[0] == f"exercises_{stem}"
    assert {f"exercises_{stem}-{task.name}" for task in load_tasks(stem)} <= set(label.findall(english))
    code = re.compile(r"^```python\n.*?^```$", re.M | re.S)
    assert len(code.findall(english)) == len(code.findall(chinese))


@pytest.mark.parametrize("stem", SETS)
def test_a_page_has_the_prompts_hints_starter_code_and_points_of_the_notebook(stem):
    page = made(stem, "zh", solutions=False)
    for cell in learner_notebook(stem, "zh").cells:
        if cell.id == "setup" or ("grade" in cell.metadata.get("nbgrader", {}) and cell.metadata["nbgrader"]["grade"]):
            continue
        shown = cell.source if cell.cell_type == "code" else cell.source.splitlines()[-1]
        assert "https://" in shown or shown in page
    for task in load_tasks(stem):
        assert f"| [{task.title.zh}](#exercises_{stem}-{task.name}) | {task.points} |" in page


@pytest.fixture
def fresh(make_toy, tmp_path):
    """A toy course of which nothing has been built."""
    return make_toy(tmp_path)


def test_pages_are_written_once_and_again_when_a_set_or_the_switch_changes(fresh, monkeypatch):
    monkeypatch.delenv("MLC_SOLUTIONS", raising=False)
    page = fresh / "chapters" / "en" / "exercises_introduction.md"
    assert write_pages(fresh, "en") == [page]
    assert SECRETS[0] in page.read_text("utf-8")
    assert write_pages(fresh, "en") == []
    monkeypatch.setenv("MLC_SOLUTIONS", "0")
    assert write_pages(fresh, "en") == [page]
    assert SECRETS[0] not in page.read_text("utf-8")
    source = fresh / "exercises" / "introduction" / "exercise.md"
    source.write_text(source.read_text("utf-8").replace("Two small items", "Two short items"), "utf-8")
    assert write_pages(fresh, "en") == [page]
    assert "Two short items" in page.read_text("utf-8")


def test_the_page_of_a_set_that_is_gone_is_removed(fresh):
    former = fresh / "chapters" / "en" / "exercises_former.md"
    former.write_text("# Former\n")
    write_pages(fresh, "en")
    assert not former.exists()


@pytest.mark.parametrize("given", ["no", "false", "2"])
def test_a_switch_that_is_neither_on_nor_off_is_refused(monkeypatch, given):
    monkeypatch.setenv("MLC_SOLUTIONS", given)
    with pytest.raises(SiteError, match=f"MLC_SOLUTIONS: got '{given}', allowed 0"):
        solutions_shown()


def test_an_exercise_page_stands_first_under_its_chapter_and_nowhere_else(fresh):
    toc = {
        "root": "chapters/en/index",
        "parts": [
            {"chapters": [{"file": "chapters/en/introduction", "sections": [{"file": "chapters/en/more"}]}]},
            {"chapters": [{"file": "chapters/en/references"}]},
        ],
    }
    first, second = with_exercises(toc, fresh)["parts"]
    sections = [section["file"] for section in first["chapters"][0]["sections"]]
    assert sections == ["chapters/en/exercises_introduction", "chapters/en/more"]
    assert second == {"chapters": [{"file": "chapters/en/references"}]}


def test_the_contents_of_the_root_keep_whole_paths(fresh, tmp_path):
    write_contents(fresh, None, tmp_path / "out.yml")
    assert "file: chapters/en/exercises_introduction" in (tmp_path / "out.yml").read_text("utf-8")


def test_a_set_whose_topic_is_not_in_the_contents_has_no_page(fresh):
    (fresh / "exercises" / "introduction").rename(fresh / "exercises" / "elsewhere")
    assert page_names(fresh) == []


def html(root, name):
    return BeautifulSoup((root / "_site" / name).read_text("utf-8"), "html.parser")


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "title", "solution"), [
    ("en", "Exercises of the toy course", "Reference solution"), ("zh", "玩具课程的练习", "参考解答"),
])  # fmt: skip
def test_the_built_page_folds_hints_and_solutions_and_is_in_the_contents_and_the_search(built, lang, title, solution):
    page = html(built, f"{lang}/exercises_introduction.html")
    assert title in page.h1.get_text()
    folded = page.article.find_all("details")
    assert [f.summary.get_text(strip=True) for f in folded if solution in f.summary.get_text()] == [solution] * 2
    assert not any(f.has_attr("open") for f in folded)
    assert SECRETS[0] in next(f for f in folded if solution in f.summary.get_text()).get_text()
    assert "/edit/main/exercises/introduction/exercise.md" in str(page)
    assert page.find("a", string=re.compile("^(Cells|单元)$"))["href"] == "introduction.html#introduction-cells"
    sidebar = html(built, f"{lang}/index.html").find("nav", class_="bd-links")
    assert sidebar.find("a", href="exercises_introduction.html")
    assert {a["hreflang"]: a["href"] for a in page.select(".mlc-language a")} == {
        "en": "../en/exercises_introduction.html",
        "zh-CN": "../zh/exercises_introduction.html",
    }
    found = json.loads((built / "_site" / lang / "search.json").read_text("utf-8"))["sections"]
    assert "exercises_introduction" in {section["page"] for section in found}
    assert SECRETS[0] not in str(found)


def test_nothing_on_an_exercise_page_is_run(fresh):
    write_pages(fresh, "en")
    text = (fresh / "chapters" / "en" / "exercises_introduction.md").read_text("utf-8")
    assert "kernelspec" not in text
    assert "code-cell" not in text


def holders(folder, secret):
    """Files below a folder that hold a text, inside archives too."""
    found = []
    for path in (p for p in folder.rglob("*") if p.is_file()):
        content = path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        if secret.encode() in content:
            found.append(path.relative_to(folder).as_posix())
    return found


@pytest.mark.slow
def test_a_site_for_a_class_has_the_solutions_in_no_file_even_after_a_build_with_them(toy):
    for secret in SECRETS:
        assert set(holders(toy / "_site", secret)) >= {f"{lang}/exercises_introduction.html" for lang in ("en", "zh")}
    build(toy, ["en", "zh"], echo=False, solutions=False)
    for secret in SECRETS:
        assert holders(toy / "_site", secret) == []
        assert [path for path in holders(toy / "_build" / "site", secret) if "/html/" in path] == []
    assert "raise NotImplementedError()" in html(toy, "zh/exercises_introduction.html").article.get_text()
