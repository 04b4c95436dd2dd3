"""A part of a file, as ``literalinclude`` chooses it."""

import pytest

from mlc_course.content.source_part import source_part

SOURCE = """\
import a


@a.b
def f():
    # begin
    x = 1
    # end
    return x


class C:
    def g(self):
        pass
"""


def test_a_part_of_a_file_is_chosen_as_on_the_page():
    assert source_part(SOURCE, {"pyobject": "f"})[:2] == ["@a.b", "def f():"]
    assert source_part(SOURCE, {"pyobject": "C.g"}) == ["def g(self):", "    pass"]
    assert source_part(SOURCE, {"start-after": "# begin", "end-before": "# end"}) == ["x = 1"]
    assert source_part(SOURCE, {"start-at": "# begin", "end-at": "# end"}) == ["# begin", "x = 1", "# end"]


@pytest.mark.parametrize("options", [{"pyobject": "nothing"}, {"start-after": "# nowhere"}])
def test_a_part_that_is_not_there_is_an_error(options):
    with pytest.raises(ValueError, match=r"nothing|nowhere"):
        source_part(SOURCE, options)
