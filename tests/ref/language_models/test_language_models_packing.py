"""Packed weights, and the profile that shows what they save: nothing is transposed for every word any more."""

import itertools
from dataclasses import astuple

import numpy as np
import pytest
from tvm import IRModule, relax

from mlc_ref.harness import run
from mlc_ref.language_models import numpy_model
from mlc_ref.language_models.config import SMALL
from mlc_ref.language_models.packing import lanes_of, pack_program, packed, product_program
from mlc_ref.language_models.profile import kernel_times
from mlc_ref.language_models.relax_model import growing_decoder, in_place_decoder
from mlc_ref.language_models.runners import GrowingRun, InPlaceRun

WEIGHTS = numpy_model.random_weights(SMALL, 0)
TOKENS = [int(token) for token in np.random.default_rng(1).integers(0, SMALL.vocab, 6)]
EXPECTED = numpy_model.logits(SMALL, WEIGHTS, TOKENS)
BOUND = 2e-5  # of logits of about 1, after some hundred float32 sums


@pytest.fixture(scope="module")
def runs() -> dict[str, GrowingRun | InPlaceRun]:
    return {
        "growing": GrowingRun(SMALL, WEIGHTS),
        "in place": InPlaceRun(SMALL, WEIGHTS),
        "not packed": InPlaceRun(SMALL, WEIGHTS, is_packed=False),
    }


def transposes(function: relax.Function) -> int:
    """How often a function calls ``permute_dims``."""
    found = 0

    def count(node) -> None:
        nonlocal found
        found += isinstance(node, relax.Call) and getattr(node.op, "name", "") == "relax.permute_dims"

    relax.analysis.post_order_visit(function, count)
    return found


@pytest.mark.parametrize("decoder", [growing_decoder, in_place_decoder])
def test_packing_moves_every_transposed_weight_out_of_every_function(decoder):
    module = decoder(SMALL).module
    assert [transposes(module[name]) for name in ("prefill", "decode")] == [4 * SMALL.layers + 1] * 2
    after = packed(module)
    assert [transposes(after[name]) for name in ("prefill", "decode")] == [0, 0]
    assert transposes(after["transform_params"]) == 1  # the head, whose outputs fill no whole vectors


def test_packing_neither_adds_nor_drops_a_weight(runs):
    packed_sizes, sizes = (sorted(w.numpy().nbytes for w in runs[name].weights) for name in ("in place", "not packed"))
    assert packed_sizes == sizes


def test_a_profile_shows_that_nothing_is_transposed_any_more(runs):
    found = {}
    for name in ("in place", "not packed"):
        run = runs[name]

        def one_step(run=run) -> None:
            run.start(TOKENS[:5])
            run.step(TOKENS[5])

        found[name] = {each.name: each for each in kernel_times(run.machine, one_step, runs=2)}
    assert sum(each.calls for name, each in found["not packed"].items() if "transpose" in name) == 2 * (
        4 * SMALL.layers + 1
    )
    assert not any("transpose" in name for name in found["in place"])
    products = {name: each.calls for name, each in found["in place"].items() if name.startswith("product")}
    assert sum(products.values()) == 2 * 4 * SMALL.layers
    assert found["in place"]["append_rows"].calls == 2 * 2 * SMALL.layers
    assert any(each.is_builtin for each in found["in place"].values())


def test_a_profile_adds_the_time_of_all_calls_of_one_run_the_longest_first(runs, monkeypatch: pytest.MonkeyPatch):
    ticks = itertools.count()  # every call takes one
    monkeypatch.setattr("mlc_ref.language_models.profile.time.perf_counter", lambda: float(next(ticks)))
    rows = [astuple(each) for each in kernel_times(runs["growing"].machine, lambda: runs["growing"].start(TOKENS[:5]))]
    assert [calls for _, calls, _ in rows] == [took for _, _, took in rows]
    assert rows == sorted(rows, key=lambda row: -row[2])
    assert max(calls for _, calls, _ in rows) > 1


def test_a_profile_leaves_the_machine_as_it_was(runs):
    run = runs["in place"]

    def fails() -> None:
        raise KeyError("in the middle")

    with pytest.raises(KeyError):
        kernel_times(run.machine, fails)
    assert np.abs(run.start(TOKENS) - EXPECTED[5]).max() < BOUND
    with pytest.raises(ValueError, match="runs: got 0"):
        kernel_times(run.machine, lambda: None, runs=0)


@pytest.mark.parametrize(("outputs", "inputs", "shape"), [(64, 16, (1, 1)), (96, 20, (2, 3)), (176, 8, (1, 5))])
def test_the_packed_product_is_the_product(outputs: int, inputs: int, shape: tuple[int, int]):
    rng = np.random.default_rng(2)
    matrix = rng.normal(size=(outputs, inputs)).astype("float32")
    x = rng.normal(size=(*shape, inputs)).astype("float32")
    lanes = lanes_of(outputs)
    assert lanes is not None
    module = IRModule({"pack": pack_program(outputs, inputs), "product": product_program(outputs, inputs, *shape)})
    module = IRModule({name: f.with_attr("global_symbol", str(name.name_hint)) for name, f in module.functions_items()})
    (laid,) = run(module, [matrix], [((outputs // lanes, inputs, lanes), "float32")], "pack")
    (y,) = run(module, [x, laid], [((*shape, outputs), "float32")], "product")
    assert np.allclose(y, x @ matrix.T, atol=1e-5)


def test_outputs_that_fill_no_vectors_are_refused():
    assert lanes_of(175) is None
    for make in (pack_program, product_program):
        with pytest.raises(ValueError, match="outputs: got 175, allowed multiples of 16"):
            make(175, 8)
