"""Messages between processes: what is sent arrives, and hostile bytes make nothing but a refusal."""

import functools
import io
import json
import os
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlc_course.exercises.plain import NotPlain
from mlc_course.grading.protocol.codec import ModuleText, Reference, pack, unpack
from mlc_course.grading.vetting.strict_json import Refused
from mlc_ref.targets import features_from_flags

EXAMPLES = int(os.environ.get("MLC_FUZZ", "300"))
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=20)
numbers = arrays(
    st.sampled_from(["float32", "int8", "bool", "complex64", "uint64"]), st.sampled_from([(), (0,), (2, 3)])
)
plain = st.recursive(
    scalars | numbers,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


def same(a, b) -> bool:
    if isinstance(a, np.ndarray):
        return type(b) is np.ndarray and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return type(b) is dict and list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return type(a) is type(b) and (a == b or a != a)


@settings(max_examples=EXAMPLES, deadline=None)
@given(plain)
def test_plain_data_arrives_as_it_was_sent(value):
    assert same(value, unpack(pack(value)))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_refused(data):
    with pytest.raises(Refused):
        unpack(data)


@settings(max_examples=EXAMPLES, deadline=None)
@given(plain, st.data())
def test_a_message_with_bytes_changed_is_refused_or_plain(value, data):
    message = bytearray(pack(value))
    for _ in range(data.draw(st.integers(1, 4))):
        message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    try:
        pack(unpack(bytes(message)))
    except (Refused, NotPlain):
        return


def message(header: object, *blobs: bytes) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + b"".join(blobs)


def test_a_part_that_stands_in_a_message_many_times_is_refused_before_it_is_copied():
    array = io.BytesIO()
    np.lib.format.write_array(array, np.zeros(2**18))
    for kind, part in [("array", array.getvalue()), ("module", b" " * 2**21)]:
        with pytest.raises(Refused, match="twice"):
            unpack(message({"value": {"list": [{kind: 0}] * 100_000}, "blobs": [len(part)]}, part))


def pickled() -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, np.array([print], dtype=object), allow_pickle=True)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        message({"value": 1}),
        message({"value": 1, "blobs": [3]}),
        message({"value": 1, "blobs": [-1]}),
        message({"value": {"array": 0}, "blobs": []}),
        message({"value": {"array": True}, "blobs": [1]}, b"x"),
        message({"value": {"array": 0}, "blobs": [len(pickled())]}, pickled()),
        message({"value": {"pickle": 0}, "blobs": [1]}, b"x"),
        message({"value": {"list": 3}, "blobs": []}),
        message({"value": {"dict": [["a"]]}, "blobs": []}),
        message({"value": {"dict": [[1, 2]]}, "blobs": []}),
        message({"value": {"module": 0}, "blobs": [1]}, b"\xff"),
        message({"value": {"ref": ["os:system"]}, "blobs": []}),
        message({"value": [1], "blobs": []}),
        message({"value": {"list": [], "tuple": []}, "blobs": []}),
    ],
)
def test_forged_messages_are_refused(data):
    with pytest.raises(Refused):
        unpack(data)


def test_functions_of_the_reference_package_travel_by_name_and_no_others_do():
    sent = functools.partial(features_from_flags, "abc")
    arrived = unpack(pack([sent, features_from_flags]))
    assert arrived[1] == Reference("mlc_ref.targets:features_from_flags")
    assert arrived[0].resolve()() == features_from_flags(set("abc"))
    assert arrived[1].resolve() is features_from_flags
    with pytest.raises(NotPlain):
        pack([os.system])
    with pytest.raises(ValueError, match="allowed a name in mlc_ref"):
        Reference("os:system").resolve()


def test_modules_travel_as_text_and_are_not_loaded():
    assert unpack(pack({"m": ModuleText("{}")})) == {"m": ModuleText("{}")}
