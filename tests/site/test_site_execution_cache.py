"""Results are used again only while the code the pages import and the pins stay the same."""

import pytest

from mlc_course.site.build.execution_cache import CACHE, execution_key, refresh_cache


@pytest.fixture
def tree(tmp_path):
    package = tmp_path / "src" / "mlc_ref"
    package.mkdir(parents=True)
    (package / "a.py").write_text("x = 1\n")
    (tmp_path / "requirements.lock").write_text("numpy==2.0\n")
    return tmp_path


def fill(tree):
    (tree / CACHE).mkdir(parents=True, exist_ok=True)
    (tree / CACHE / "global.db").write_text("results")


@pytest.mark.parametrize(
    ("path", "text"), [("src/mlc_ref/a.py", "x = 2\n"), ("src/mlc_ref/b.py", ""), ("requirements.lock", "numpy==2.1\n")]
)
def test_a_change_outside_the_pages_empties_the_cache_and_says_so(tree, path, text):
    refresh_cache(tree)
    fill(tree)
    (tree / path).write_text(text)
    assert "executed anew" in refresh_cache(tree)
    assert not (tree / CACHE).exists()


def test_without_a_change_the_cache_stays(tree):
    refresh_cache(tree)
    fill(tree)
    assert refresh_cache(tree) is None
    assert (tree / CACHE / "global.db").exists()


def test_a_cache_of_unknown_origin_is_emptied(tree):
    fill(tree)
    assert refresh_cache(tree)
    assert not (tree / CACHE).exists()


def test_a_first_build_has_nothing_to_say(tree):
    assert refresh_cache(tree) is None


def test_compiled_files_and_the_course_s_own_tools_do_not_count(tree):
    before = execution_key(tree)
    (tree / "src" / "mlc_ref" / "__pycache__").mkdir()
    (tree / "src" / "mlc_ref" / "__pycache__" / "a.pyc").write_bytes(b"x")
    (tree / "src" / "mlc_course").mkdir()
    (tree / "src" / "mlc_course" / "c.py").write_text("y = 1\n")
    assert execution_key(tree) == before
