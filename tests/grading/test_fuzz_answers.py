"""Property-based fuzzing of what a student's process says: answers, replies, failures, outputs of cells.

``MLC_FUZZ=20000 pytest tests/grading/test_fuzz_answers.py`` tries more.
"""

import json
import math
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlc_course.exercises.answers import WANTED
from mlc_course.grading.judging.item_grader import MAX_VALUE, vet_answer, vetted_reply
from mlc_course.grading.judging.parcels import opened
from mlc_course.grading.protocol.channel import MAX_TEXT, failure_from_plain
from mlc_course.grading.protocol.codec import ModuleText, Reference, pack, unpack
from mlc_course.grading.vetting.strict_json import Refused, parse
from mlc_ref.checks.failure import CheckFailure

EXAMPLES = int(os.environ.get("MLC_FUZZ", "200"))
fuzzed = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

text = st.text(st.characters(exclude_categories=()), max_size=12)  # halves of characters included
scalars = st.none() | st.booleans() | st.integers() | st.floats() | text
parts = st.sampled_from([ModuleText("{}"), ModuleText('{"root_index": 0, "nodes": []}'), Reference("os:system")])
values = st.recursive(
    scalars | parts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4) | st.tuples(inner),
    max_leaves=10,
)
plain = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4))
numerals = st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,4})?", fullmatch=True)
broken_json = st.lists(st.sampled_from([*'[]{}",:0-+eE.\\u d8', "NaN", "null", '"a":']), max_size=40).map("".join)


def numbers_in(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield from (n for v in inner for n in numbers_in(v))
    if isinstance(value, int | float):
        yield value


@fuzzed
@given(plain.map(lambda v: json.dumps(v)) | numerals | broken_json | st.text(max_size=60))
def test_a_value_is_refused_or_holds_finite_numbers_of_64_bits(said):
    try:
        value = vet_answer({"kind": "value"}, {"kind": "value", "value": said})["value"]
    except Refused:
        return
    assert all(math.isfinite(n) and (isinstance(n, float) or -(2**63) <= n < 2**63) for n in numbers_in(value))
    assert parse(json.dumps(value), limit=7 * MAX_VALUE, what=WANTED["value"], finite=True) == value
    unpack(pack({"value": value}))  # the judges' box gets it


messages = st.fixed_dictionaries(
    {"kind": st.sampled_from([*WANTED, "missing", "other"]) | values},
    optional={"value": values, "trace": values, "module": values, "found": values, "why": values},
)


@fuzzed
@given(st.sampled_from([*WANTED]), messages | values)
def test_whatever_a_student_process_calls_its_answer_is_refused_or_plain(kind, message):
    try:
        answer = vet_answer({"kind": kind, "externs": {}}, message)
    except CheckFailure:
        return
    unpack(pack({"answer": answer}))


@fuzzed
@given(values | st.fixed_dictionaries({"result": values}) | st.fixed_dictionaries({"failure": values}))
def test_a_reply_has_a_result_or_a_failure_and_no_module_that_was_not_vetted(reply):
    vetted = vetted_reply(reply, {})
    assert set(vetted) in ({"result"}, {"failure"})
    assert ModuleText("{}") not in vetted.values()


@fuzzed
@given(values | st.dictionaries(st.sampled_from(["expected", "found", "where", "hint"]), values))
def test_a_failure_keeps_texts_of_a_limited_length(data):
    failure = failure_from_plain(data)
    assert len(failure.expected.en) <= MAX_TEXT
    assert len(str(failure)) < 5 * MAX_TEXT


@fuzzed
@given(st.binary(max_size=200) | text | values)
def test_a_parcel_is_opened_or_refused(payload):
    result = opened(payload)
    assert isinstance(result, CheckFailure | dict | list | tuple | str | int | float | type(None))


@pytest.mark.parametrize("said", ["[" * 500 + "]" * 500, '"' + "\\ud800" * 50 + '"', "-0", "1E400", " 1 ", "\ufeff1"])
def test_values_on_the_border_are_refused_or_plain(said):
    try:
        vet_answer({"kind": "value"}, {"kind": "value", "value": said})
    except Refused:
        return
