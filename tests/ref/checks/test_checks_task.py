"""Tasks are parts with points; a report shows them as text and as a table, in its language."""

import pytest

from mlc_ref.checks import PartResult, Report, Task
from mlc_ref.language import Text

TITLE = Text("Title", "标题")


def make(kind="value", **options):
    return Task("item", kind=kind, title=TITLE, **options)


def test_parts_keep_their_order_and_add_up():
    task = make("program")

    @task.inspect("first", points=2, title=TITLE)
    def first(answer):
        """Never called here."""

    @task.run("second", points=3, title=TITLE)
    def second(call, rng):
        """Never called here."""

    assert [(part.name, part.stage) for part in task.parts] == [("first", "inspect"), ("second", "run")]
    assert task.points == 5
    assert task.parts[0].judge is first


def test_a_part_has_a_name_of_its_own_and_points():
    task = make()
    task.inspect("a", points=1, title=TITLE)(print)
    with pytest.raises(ValueError, match="task item: part 'a' exists already"):
        task.inspect("a", points=1, title=TITLE)
    with pytest.raises(ValueError, match="part b: points must be positive, got 0"):
        task.inspect("b", points=0, title=TITLE)


def test_a_module_is_given_for_traces_and_for_nothing_else():
    with pytest.raises(ValueError, match="a module is given for kind 'trace' and for no other, got trace"):
        make("trace")
    with pytest.raises(ValueError, match="got program"):
        make("program", module=dict)


PASSED = PartResult("a", Text("one", "一"), 2, 2)
FAILED = PartResult("b", Text("two", "二"), 3, 0, Text("x < y", "x 小于 y"), Text("look", "看"))


def report(language):
    return Report("item", TITLE, (PASSED, FAILED), language)


def test_a_report_counts_points():
    assert (report("en").score, report("en").points, report("en").passed) == (2, 5, False)
    assert Report("item", TITLE, (PASSED,)).passed


def test_a_report_reads_as_text_in_its_language():
    assert str(report("en")) == "Title (item): 2/5\n  [2/2] one: passed\n  [0/3] two: x < y\n        Hint: look"
    assert repr(report("zh")) == "标题 (item): 2/5\n  [2/2] 一: 通过\n  [0/3] 二: x 小于 y\n        提示：看"


def test_a_report_is_a_table_in_a_notebook_and_escapes_what_it_shows():
    html = report("en")._repr_html_()
    assert "x &lt; y<br>Hint: look" in html
    assert html.count("<tr>") == 3
    assert "<caption>Title: 2/5</caption>" in html


@pytest.mark.parametrize("kind", ["values", "", None, "Trace"])
def test_an_unknown_kind_is_refused_with_those_allowed(kind):
    with pytest.raises(ValueError, match=rf"task item: got the kind {kind!r}, allowed trace, module, program, value"):
        make(kind=kind)
