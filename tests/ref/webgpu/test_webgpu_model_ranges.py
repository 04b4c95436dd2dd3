"""Models whose programs make the numbers of places for others: what was written, what was not, and what holds it."""

import numpy as np
import pytest
import tvm
from tvm import relax
from tvm.script import tirx as T
from webgpu_programs import masked_model

from mlc_ref.webgpu import Unsupported, limits
from mlc_ref.webgpu.models import compile_model, scheduled_model


def two_steps(second: str) -> tvm.IRModule:
    """A model whose second program writes over the input, or part of what the first one made."""

    @T.prim_func(private=True, s_tir=True)
    def plus(x: T.Buffer((8,), "int32"), y: T.Buffer((8,), "int32")):
        for i in T.thread_binding(8, "threadIdx.x"):
            with T.sblock("plus"):
                vi = T.axis.spatial(8, i)
                y[vi] = T.min(T.max(x[vi], 0), 9) + 50

    @T.prim_func(private=True, s_tir=True)
    def overwrite(x: T.Buffer((8,), "int32")):
        for i in T.thread_binding(4, "threadIdx.x"):
            with T.sblock("write"):
                vi = T.axis.spatial(4, i)
                x[vi] = 3

    @T.prim_func(private=True, s_tir=True)
    def take(x: T.Buffer((8,), "int32"), table: T.Buffer((10,), "float32"), y: T.Buffer((8,), "float32")):
        for i in T.thread_binding(8, "threadIdx.x"):
            with T.sblock("take"):
                vi = T.axis.spatial(8, i)
                y[vi] = table[x[vi]]

    builder = relax.BlockBuilder()
    ids, integers = relax.Var("ids", relax.TensorType((8,), "int32")), relax.TensorType((8,), "int32")
    plus_, overwrite_, take_ = (
        builder.add_func(f, n) for f, n in ((plus, "plus"), (overwrite, "over"), (take, "take"))
    )
    with builder.function("main", [ids]):
        with builder.dataflow():
            first = ids if second == "input" else builder.emit(relax.call_tir(plus_, (ids,), integers))
            over = builder.emit(relax.op.call_tir_inplace(overwrite_, (first,), [0], integers))
            table = relax.const(np.zeros(10, "float32"))
            out = builder.emit_output(relax.call_tir(take_, (over, table), relax.TensorType((8,), "float32")))
        builder.emit_func_output(out)
    return builder.finalize()  # not fused: the programs stay apart


def test_a_program_that_writes_over_a_part_keeps_what_the_rest_held():
    with pytest.raises(Unsupported, match=r"got index x\[.*\] of table, axis 0, whose values 0 to 59 come from x"):
        compile_model(two_steps("part"), "part")


def test_a_program_that_writes_over_an_input_is_refused():
    with pytest.raises(Unsupported, match=r"got over, which writes the input ids"):
        compile_model(two_steps("input"), "input")


def test_a_range_of_a_model_may_be_of_numpy_integers():
    builder = relax.BlockBuilder()
    ids = relax.Var("ids", relax.TensorType((6,), "int32"))
    with builder.function("main", [ids]):
        with builder.dataflow():
            out = builder.emit_output(relax.op.add(ids, relax.const(np.int32(1))))
        builder.emit_func_output(out)
    model = scheduled_model(relax.transform.LegalizeOps()(builder.finalize()))
    compiled = compile_model(model, "plus", ranges={"ids": (np.int64(0), np.int64(9))})
    assert '"range":[0,9]' in compiled.to_json()


def chain(*names: str) -> tvm.IRModule:
    """A model that makes numbers of places with some programs, the first of which makes the tensor, and looks them up."""

    @T.prim_func(private=True, s_tir=True)
    def one(x: T.Buffer((8,), "int32"), y: T.Buffer((8,), "int32")):
        for i in T.thread_binding(1, "threadIdx.x"):
            with T.sblock("one"):
                vi = T.axis.spatial(1, i)
                y[vi] = T.min(T.max(x[vi], 5), 9)

    @T.prim_func(private=True, s_tir=True)
    def alias(x: T.Buffer((8,), "int32"), y: T.Buffer((8,), "int32")):
        for i in T.thread_binding(8, "threadIdx.x"):
            with T.sblock("alias"):
                vi = T.axis.spatial(8, i)
                part = T.match_buffer(y[vi : vi + 1], (1,), "int32", offset_factor=1)
                part[0] = x[vi]

    @T.prim_func(private=True, s_tir=True)
    def part(x: T.Buffer((8,), "int32")):
        for i in T.thread_binding(1, "threadIdx.x"):
            with T.sblock("part"):
                vi = T.axis.spatial(1, i)
                x[vi] = 6

    @T.prim_func(private=True, s_tir=True)
    def take(x: T.Buffer((8,), "int32"), table: T.Buffer((10,), "float32"), y: T.Buffer((8,), "float32")):
        for i in T.thread_binding(8, "threadIdx.x"):
            with T.sblock("take"):
                vi = T.axis.spatial(8, i)
                y[vi] = table[x[vi] - 5]

    programs = {"one": one, "alias": alias, "part": part}
    builder, integers = relax.BlockBuilder(), relax.TensorType((8,), "int32")
    value = ids = relax.Var("ids", integers)
    with builder.function("main", [ids]):
        with builder.dataflow():
            for name in names:
                var = builder.add_func(programs[name], name)
                make = relax.call_tir if name != "part" else lambda f, xs, ty: relax.op.call_tir_inplace(f, xs, [0], ty)
                value = builder.emit(make(var, (value,), integers))
            table = relax.const(np.zeros(10, "float32"))
            call = relax.call_tir(builder.add_func(take, "take"), (value, table), relax.TensorType((8,), "float32"))
            out = builder.emit_output(call)
        builder.emit_func_output(out)
    return builder.finalize()


@pytest.mark.parametrize("names", [("one",), ("alias",), ("alias", "part"), ("one", "part")])
def test_what_no_program_is_known_to_write_is_not_taken_for_a_place(names):
    with pytest.raises(Unsupported, match="x"):
        compile_model(chain(*names), "chain")


def test_tensors_of_integers_share_no_storage_and_no_storage_is_without_a_tensor():
    artefact = compile_model(masked_model(), "masked")
    storages = [each.storage for each in artefact.tensors]
    assert sorted(set(storages)) == list(range(len(artefact.storages)))
    integers = [each.storage for each in artefact.tensors if each.dtype in limits.VALUES]
    assert all(storages.count(each) == 1 for each in integers)
