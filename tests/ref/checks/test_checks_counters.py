"""Bounds on counters, and a kernel's mistakes, as checks with a message in both languages."""

import numpy as np
import pytest
from present import present
from tvm import IRModule
from tvm.script import tirx as T

from mlc_ref.checks import CheckFailure
from mlc_ref.checks.counters import coalesced, counter_at_most, counter_is, no_bank_conflicts, no_race, simulated
from mlc_ref.gpu_sim import Options, programs, simulate

TILE = [((64, 64), "float32")]


@pytest.fixture(scope="module")
def square():
    return np.random.default_rng(0).random((64, 64), dtype="float32")


@pytest.fixture(scope="module")
def transposes(square):
    mods = {
        "naive": programs.transpose_naive(64),
        "shared": programs.transpose_shared(64),
        "padded": programs.transpose_shared(64, 1),
    }
    return {name: simulate(mod, [square], TILE) for name, mod in mods.items()}


def test_a_counter_within_its_limit(transposes):
    counter_at_most(transposes["shared"], "global_store_sectors", 512)
    counter_is(transposes["shared"], "barriers", 4)


def test_a_counter_above_its_limit(transposes):
    with pytest.raises(CheckFailure) as caught:
        counter_at_most(transposes["naive"], "global_store_sectors", 4095)
    message = caught.value.message
    assert message.en.startswith(
        "expected: at most 4,095 global store sectors; found: 4,096; where: kernel main_kernel, B["
    )
    assert message.zh.startswith("期望：全局内存存储扇区不超过 4,095；实际：4,096；位置：内核 main_kernel，B[")


def test_a_counter_that_must_be_exact(transposes):
    with pytest.raises(CheckFailure, match="expected: 5 barriers; found: 4"):
        counter_is(transposes["shared"], "barriers", 5)


def test_bank_conflicts(transposes):
    no_bank_conflicts(transposes["padded"])
    with pytest.raises(CheckFailure, match=r"0 shared load conflicts; found: 3,968; where: .*= tile\["):
        no_bank_conflicts(transposes["shared"])


def test_coalescing(transposes):
    coalesced(transposes["padded"])
    coalesced(transposes["naive"], sectors=32)
    with pytest.raises(CheckFailure, match=r"at most 4 sectors a request; found: 32\.0"):
        coalesced(transposes["naive"])


def test_a_race_is_a_failure_with_a_hint(square):
    no_race(programs.transpose_shared(64), [square], TILE)
    with pytest.raises(CheckFailure, match=r"no order; found: DataRace: read by kernel main_kernel") as caught:
        no_race(programs.transpose_shared(64), [square], TILE, barriers_by_hand=True)
    assert "屏障" in present(caught.value.hint).zh


def test_an_endless_kernel_is_a_failure(square):
    with pytest.raises(CheckFailure, match=r"runs without an error; found: StepLimit: .*more than 3 statements"):
        simulated(programs.transpose_shared(64), [square], TILE, options=Options(step_limit=3))


def test_arguments_that_do_not_fit_are_a_failure(square):
    with pytest.raises(CheckFailure, match="found: ValueError: argument A: got shape"):
        simulated(programs.transpose_shared(32), [square], [((32, 32), "float32")])


@T.prim_func(s_tir=True)
def unbound(A: T.Buffer((2, 32), "float32"), B: T.Buffer((2, 32), "float32")):
    for i in range(2):
        for tx in T.thread_binding(32, thread="threadIdx.x"):
            with T.sblock("B"):
                vi, vj = T.axis.remap("SS", [i, tx])
                B[vi, vj] = A[vi, vj] + T.float32(1)


def test_a_loop_around_a_kernel_is_a_failure():
    rows = np.zeros((2, 32), "float32")
    with pytest.raises(
        CheckFailure, match=r"started once each; found: a loop of the CPU that starts .* 2 times"
    ) as caught:
        simulated(IRModule({"main": unbound.with_attr("global_symbol", "main")}), [rows], [((2, 32), "float32")])
    assert "blockIdx" in present(caught.value.hint).zh


def test_an_unknown_counter_is_a_mistake_of_the_check(transposes):
    with pytest.raises(ValueError, match="'sectors', there are global_load_requests"):
        counter_at_most(transposes["naive"], "sectors", 1)
