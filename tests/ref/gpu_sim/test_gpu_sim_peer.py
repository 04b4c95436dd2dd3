"""What TVM's own tests say of the simulator (tests/peer): no wrong number hides behind something else."""

from pathlib import Path

import pytest

TEST = "tirx-base/test_tir_ptx_ldmatrix.py::test_ptx_ldmatrix"  # reported.txt: UninitializedRead
OTHER = "codegen/test_target_codegen_cuda.py::test_cuda_vectorize_add"
KNOWN, UNKNOWN = "UninitializedRead: reads what nothing has written", "DataRace: two stores"
WRONG = "Arrays are not equal\nMismatched elements: 3 / 32"
REFUSAL = "type float4_e2m1fn"
REFUSED = f"kernel main_kernel: {REFUSAL} is not supported; statement: B[0] = A[0]"
SHORT = f"{REFUSAL} is not supported"
UNBUILT = "Cannot find the CUDA compiler"


@pytest.fixture
def verdict(monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3]))
    from tests.peer import plugin
    from tests.peer.device import Record

    return lambda test, outcome, message="", **record: plugin.verdict(test, outcome, Record(**record), message)


@pytest.mark.parametrize(
    "noted",
    [
        {"refusals": [SHORT], "runs": 1},
        {"refusals": [SHORT]},
        {"unbuilt": [UNBUILT], "runs": 1},
        {"errors": [KNOWN]},
        {"errors": [KNOWN], "refusals": [SHORT], "unbuilt": [UNBUILT]},
    ],
)
def test_a_wrong_number_is_a_failure_whatever_was_caught_before_it(verdict, noted):
    assert verdict(TEST, "failed", WRONG, **noted) == ("failed", "Arrays are not equal / Mismatched elements: 3 / 32")


@pytest.mark.parametrize("outcome", ["passed", "failed", "skipped"])
@pytest.mark.parametrize(
    "noted", [{}, {"refusals": [SHORT]}, {"unbuilt": [UNBUILT]}, {"errors": [KNOWN, UNKNOWN], "refusals": [SHORT]}]
)
def test_an_error_that_nobody_reported_is_a_failure_whatever_else_there_is(verdict, noted, outcome):
    noted = {"errors": [UNKNOWN], **noted}
    assert verdict(TEST, outcome, REFUSED, **noted) == ("failed", UNKNOWN)


@pytest.mark.parametrize(
    ("message", "noted", "expected"),
    [
        (REFUSED, {"refusals": ["more than 60 seconds", SHORT]}, ("refused", SHORT)),
        (
            "more than 60 seconds",
            {"refusals": ["more than 60 seconds"], "runs": 1},
            ("refused", "more than 60 seconds"),
        ),
        ("reads what nothing has written", {"errors": [KNOWN], "refusals": [SHORT]}, ("wrong kernel", KNOWN)),
        (f"Traceback\n  {UNBUILT}\n", {"unbuilt": [f"  {UNBUILT}"], "runs": 1}, ("not built", f"  {UNBUILT}")),
        ("No module named 'torch'", {}, ("not built", "No module named 'torch'")),
    ],
)
def test_a_test_that_ends_with_what_was_noted_is_that(verdict, message, noted, expected):
    assert verdict(TEST, "failed", message, **noted) == expected


@pytest.mark.parametrize(
    ("outcome", "noted", "expected"),
    [
        ("passed", {"runs": 1}, ("right", "")),
        ("passed", {"runs": 1, "unbuilt": [UNBUILT]}, ("right", "")),
        ("passed", {"runs": 1, "refusals": [SHORT]}, ("refused", SHORT)),
        ("passed", {"runs": 1, "errors": [KNOWN]}, ("wrong kernel", KNOWN)),
        ("passed", {"unbuilt": [UNBUILT]}, ("not built", UNBUILT)),
        ("passed", {}, ("no kernel ran", "")),
        ("skipped", {}, ("no kernel ran", "skipped: needs a GPU")),
        ("skipped", {"refusals": [SHORT]}, ("refused", SHORT)),
    ],
)
def test_a_test_that_did_not_fail_is_right_where_nothing_was_noted(verdict, outcome, noted, expected):
    assert verdict(TEST, outcome, "needs a GPU", **noted) == expected


def test_an_error_is_reported_of_its_own_test_only(verdict):
    assert verdict(OTHER, "failed", "reads what nothing has written", errors=[KNOWN]) == ("failed", KNOWN)


@pytest.mark.parametrize(
    ("noted", "expected"),
    [
        ({"runs": 1}, "right"),
        ({}, "not built"),
        ({"runs": 1, "errors": [UNKNOWN]}, "failed"),
        ({"runs": 1, "refusals": [SHORT]}, "refused"),
        ({"refusals": [SHORT], "unbuilt": [UNBUILT]}, "refused"),
    ],
)
def test_ir_of_another_version_of_tvm_says_nothing_of_kernels_that_ran(verdict, noted, expected):
    assert verdict(OTHER, "failed", "StructuralEqual check failed, caused by lhs at <root>", **noted)[0] == expected


def test_a_wrong_number_is_a_failure_though_other_kernels_ran(verdict):
    assert verdict(OTHER, "failed", WRONG, runs=3)[0] == "failed"
