"""Which values integer inputs may have: derived from the shapes, stated by the author, or refused by name."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tvm
from tvm import relax
from tvm.s_tir import Schedule
from tvm.script import ir as I
from tvm.script import tirx as T
from webgpu_programs import gather, looked_up

from mlc_ref.gpu import programs
from mlc_ref.gpu.schedules import vector_add
from mlc_ref.webgpu import Unsupported, compile_kernels, export_webgpu, from_json, simulated
from mlc_ref.webgpu.artefact import Artefact
from mlc_ref.webgpu.compiling import inputs_of
from mlc_ref.webgpu.models import compile_model, scheduled_model
from mlc_ref.webgpu.reference import hashes, recipe


def ranges(artefact: Artefact) -> dict[str, tuple[int, int] | None]:
    return {tensor.name: tensor.range for tensor in artefact.tensors if tensor.role == "input"}


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint32", "int8", "uint8"])
def test_the_numbers_of_rows_that_a_gather_may_take_follow_from_the_table(dtype: str):
    assert ranges(compile_kernels(gather(dtype), "gather")) == {"ids": (0, 99), "table": None}


def test_reference_inputs_are_drawn_from_the_whole_range_and_nothing_else():
    artefact = compile_kernels(gather(rows=11), "gather")
    _, (ids, table) = inputs_of(artefact)
    assert set(ids.tolist()) == set(range(11))
    (out,) = simulated(gather(rows=11), artefact)
    assert np.array_equal(out, table[ids])


@pytest.mark.parametrize(
    ("index", "allowed"),
    [("negative", (-100, 99)), ("clipped", None), ("remainder", None)],
)
def test_an_index_that_the_program_brings_into_bounds_asks_for_no_more_than_it_needs(index: str, allowed):
    assert ranges(compile_kernels(looked_up(index), index))["ids"] == allowed


@pytest.mark.parametrize(
    ("index", "stated"),
    [("doubled", None), ("squared", None), ("doubled", (0, 50)), ("squared", (-9, 9)), ("overflowing", (0, 2**31 - 1))],
)
def test_an_index_that_is_not_proved_to_be_in_bounds_is_refused_with_what_to_do(index: str, stated):
    said = r"function main: got index .* of table, axis 0, .* come from ids, allowed 0 to 99; state fewer values of ids, ranges="
    with pytest.raises(Unsupported, match=said):
        compile_kernels(looked_up(index), index, ranges=stated and {"ids": stated})


@pytest.mark.parametrize(("index", "stated"), [("doubled", (0, 49)), ("squared", (0, 9)), ("clipped", (-5, 5))])
def test_a_stated_range_is_what_the_artefact_says(tmp_path, index: str, stated):
    path = export_webgpu(looked_up(index), tmp_path / "looked_up.json", ranges={"ids": stated})
    artefact = from_json(path.read_text("utf-8"))
    assert ranges(artefact) == {"ids": stated, "table": None}
    _, (ids, _) = inputs_of(artefact)
    assert stated[0] <= ids.min() <= ids.max() <= stated[1]


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"table": (0, 1)}, "ranges: got 'table', allowed ids"),
        ({"ids": (0, 2**31)}, "range of ids: got 0 to 2147483648, allowed -2147483648 to 2147483647"),
        ({"ids": (5, 4)}, "range of ids: got 5 to 4, .* smaller first"),
    ],
)
def test_a_range_that_cannot_be_is_refused(stated, message: str):
    with pytest.raises(Unsupported, match=message):
        compile_kernels(gather(), "gather", ranges=stated)


def test_a_range_for_a_program_without_integers_is_refused():
    added = vector_add.one_element_a_thread(Schedule(programs.vector_add(64)))
    with pytest.raises(Unsupported, match="got 'A', allowed none: the function has no parameter of integers"):
        compile_kernels(added, "add", ranges={"A": (0, 1)})


def through(kind: str) -> tvm.IRModule:
    """``out[i] = table[…]``, where the index takes a way: through another buffer, a scatter, a loop, a float."""

    @I.ir_module
    class Copied:
        @T.prim_func(s_tir=True)
        def main(ids: T.Buffer((64,), "int32"), table: T.Buffer((100,), "float32"), out: T.Buffer((64,), "float32")):
            kept = T.sblock_alloc_buffer((64,), "int32", scope="local")
            for i in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("copy"):
                    vi = T.axis.spatial(64, i)
                    kept[vi] = ids[vi]
                with T.sblock("look"):
                    vi = T.axis.spatial(64, i)
                    out[vi] = table[kept[vi]]

    @I.ir_module
    class Scattered:
        @T.prim_func(s_tir=True)
        def main(ids: T.Buffer((64,), "int32"), table: T.Buffer((64,), "float32"), out: T.Buffer((100,), "float32")):
            for i in T.thread_binding(1, "threadIdx.x"):
                for j in range(64):
                    with T.sblock("put"):
                        vj = T.axis.opaque(64, i * 64 + j)
                        T.reads(ids[vj], table[vj])
                        T.writes(out[0:100])
                        out[ids[vj]] = table[vj]

    @I.ir_module
    class Looped:
        @T.prim_func(s_tir=True)
        def main(ids: T.Buffer((64,), "int32"), table: T.Buffer((100,), "float32"), out: T.Buffer((64,), "float32")):
            for i in T.thread_binding(64, "threadIdx.x"):
                for j in range(ids[i]):
                    with T.sblock("add"):
                        vi = T.axis.spatial(64, i)
                        vj = T.axis.opaque(100, j)
                        out[vi] = table[vj]

    @I.ir_module
    class Floating:
        @T.prim_func(s_tir=True)
        def main(ids: T.Buffer((64,), "float32"), table: T.Buffer((100,), "float32"), out: T.Buffer((64,), "float32")):
            for i in T.thread_binding(64, "threadIdx.x"):
                with T.sblock("look"):
                    vi = T.axis.spatial(64, i)
                    out[vi] = table[T.Cast("int32", ids[vi])]

    return {"copy": Copied, "scatter": Scattered, "loop": Looped, "float": Floating}[kind]


@pytest.mark.parametrize("kind", ["copy", "scatter"])
def test_a_number_of_a_place_is_followed_to_the_input_it_comes_from(kind: str):
    assert ranges(compile_kernels(through(kind), kind))["ids"] == (0, 99)


def test_a_loop_whose_length_is_an_input_keeps_to_the_table_for_all_lengths():
    assert ranges(compile_kernels(through("loop"), "loop", ranges={"ids": (0, 100)}))["ids"] == (0, 100)
    with pytest.raises(Unsupported, match=r"got index vj of table, axis 0, whose values 0 to 100 come from ids"):
        compile_kernels(through("loop"), "loop", ranges={"ids": (0, 101)})


def test_an_index_made_of_a_float_is_refused():
    with pytest.raises(Unsupported, match=r"come from ids, allowed 0 to 99; clip the index in the program"):
        compile_kernels(through("float"), "float")


def test_an_artefact_refuses_a_range_that_its_tensor_cannot_have():
    artefact = compile_kernels(gather(), "gather")
    for number, span in ((0, (3, 2)), (0, (0, 2**31)), (1, (0, 1)), (2, (0, 1))):
        tensors = list(artefact.tensors)
        tensors[number] = replace(tensors[number], range=span)
        with pytest.raises(Unsupported, match=rf"tensor {tensors[number].name}: got the range {span[0]} to {span[1]}"):
            replace(artefact, tensors=tuple(tensors))


def test_an_artefact_of_the_first_version_is_read_and_has_no_ranges():
    data = json.loads(compile_kernels(looked_up("clipped"), "clipped").to_json()) | {"version": 1}
    for tensor in data["tensors"]:
        del tensor["range"]
    assert ranges(from_json(json.dumps(data))) == {"ids": None, "table": None}


def test_integers_without_a_range_are_drawn_as_before():
    former = (hashes(100, 1) >> np.uint32(24)).tolist()
    assert recipe((100,), "int32", 1).tolist() == recipe((100,), "uint32", 1).tolist() == former
    assert recipe((10_000,), "int32", 5, (-(2**31), 2**31 - 1)).min() < -(2**30)


def test_recipes_are_those_of_the_page():
    """The same file is read by ``tests/js/webgpu_reference.test.mjs``."""
    for case in json.loads((Path(__file__).parents[2] / "js" / "recipes.json").read_text("utf-8")):
        span = case["range"] and (case["range"][0], case["range"][1])
        assert recipe((6,), case["dtype"], 3, span).astype("int64").tolist() == case["values"], case


def looking_up(dtype: str, *, reshaped: bool = False, cast: str = "") -> tvm.IRModule:
    """A model that takes rows of a constant table of 10."""
    builder = relax.BlockBuilder()
    ids = relax.Var("ids", relax.TensorType((3, 2) if reshaped else (6,), dtype))
    table = np.random.default_rng(0).random((10, 4), dtype="float32")
    with builder.function("main", [ids]):
        with builder.dataflow():
            rows = builder.emit(relax.op.reshape(ids, (6,))) if reshaped else ids
            rows = builder.emit(relax.op.astype(rows, cast)) if cast else rows
            out = builder.emit_output(relax.op.take(relax.const(table), rows, axis=0, mode="fast"))
        builder.emit_func_output(out)
    return scheduled_model(relax.transform.LegalizeOps()(builder.finalize()))


@pytest.mark.parametrize("reshaped", [False, True])
@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_a_model_says_which_rows_there_are(dtype: str, reshaped: bool):
    assert ranges(compile_model(looking_up(dtype, reshaped=reshaped), "rows")) == {"ids": (0, 9)}


def test_a_stated_range_reaches_the_index_through_the_programs_of_a_model():
    model = looking_up("int64", reshaped=True, cast="int32")
    assert ranges(compile_model(model, "rows", ranges={"ids": (0, 9)})) == {"ids": (0, 9)}
    with pytest.raises(Unsupported, match=r"parameter ids: got int64 values"):
        compile_model(model, "rows")
    with pytest.raises(Unsupported, match=r"got index .* of A, axis 0, whose values 0 to 10 .* allowed 0 to 9"):
        compile_model(model, "rows", ranges={"ids": (0, 10)})
    with pytest.raises(Unsupported, match=r"ranges: got 'rows', allowed ids"):
        compile_model(model, "rows", ranges={"rows": (0, 9)})
