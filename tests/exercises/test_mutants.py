"""A solution with one thing changed loses a point, unless ``equivalent.txt`` says why it is right all the same.

An item takes part once its survivors have been looked at one by one: then it has an ``equivalent.txt``, even if nothing stands
in it. Some mutants of each are judged, always the same; ``MLC_ALL_MUTANTS=1`` judges all.
"""

import os

import pytest
from exercise_answers import FOLDER, items, solution
from mutants import mutants
from mutation import chosen, equivalents, is_equivalent, loses_by_judgement, survives

SORTED = [(stem, item) for stem, item in items() if (FOLDER / stem / item / "equivalent.txt").is_file()]
ALL = os.environ.get("MLC_ALL_MUTANTS") == "1"


@pytest.mark.parametrize(("stem", "item"), SORTED)
def test_a_mutant_of_the_solution_loses_a_point(stem, item, record_property):
    tried, patterns = chosen(stem, item, everything=ALL), equivalents(stem, item)
    alive = [mutant for mutant in tried if survives(stem, item, mutant)]
    surviving = [mutant.name for mutant in alive if not is_equivalent(mutant, patterns)]
    listed = [m for m in tried if is_equivalent(m, patterns) and m not in alive]
    wrongly_listed = [m.name for m in listed if loses_by_judgement(stem, item, m)]
    record_property("mutants", f"{stem} {item}: {len(tried)} tried, {len(alive)} alive")
    assert not surviving
    assert not wrongly_listed, "stands in equivalent.txt, but loses a point"


@pytest.mark.parametrize(("stem", "item"), SORTED)
def test_every_line_of_equivalents_names_a_mutant(stem, item):
    made = mutants(solution(stem, item))
    for pattern, reason in equivalents(stem, item).items():
        assert any(is_equivalent(mutant, {pattern: reason}) for mutant in made), pattern


def test_mutants_change_operators_bounds_conditions_names_orders_and_statements():
    code = "def f(x, n):\n    if x and n > 1:\n        return max(x[n, 0], 2)\n    y.parallel(n)\n    return x\n"
    made = {mutant.code for mutant in mutants(code)}
    for words in ("x or n > 1", "n >= 1", "if x:", "min(x[n, 0], 2)", "x[0, n]", "y.unroll(n)", "return n", "pass"):
        assert any(words in each for each in made), words
