"""Tensor Core schedules that MetaSchedule samples compute the right numbers: they reuse shared memory with other element types."""

import functools
import re

import numpy as np
import pytest
import tvm
from tvm import te
from tvm.s_tir import Schedule
from tvm.s_tir import meta_schedule as ms
from tvm.s_tir.schedule import Trace
from tvm.script import tirx as T

from mlc_ref.gpu_sim import Unsupported, simulate
from mlc_ref.gpu_sim.lowering import lower_for_gpu
from mlc_ref.targets import cuda_target

SIZE = 128
SAMPLES = 5


def matmul(accumulator):
    a, b = (te.placeholder((SIZE, SIZE), "float16", name=name) for name in "AB")
    k = te.reduce_axis((0, SIZE), name="k")

    def element(i, j):
        return te.sum(a[i, k].astype(accumulator) * b[k, j].astype(accumulator), axis=k)

    return tvm.IRModule({"main": te.create_prim_func([a, b, te.compute((SIZE, SIZE), element, name="C")])})


@functools.cache
def sampled(accumulator):
    """Schedules of the Tensor Core space that pass its postprocessors."""
    from tvm.s_tir.tensor_intrin import cuda  # noqa: F401  registers the instructions of the rules

    kind = "cuda-tensorcore"
    rules = ms.space_generator.PostOrderApply(sch_rules=kind, postprocs=kind, mutator_probs=kind)
    mod = matmul(accumulator)
    context = ms.TuneContext(mod, target=cuda_target(), space_generator=rules, num_threads=1, rand_state=1)
    spaces = context.generate_design_space()
    found = []
    for seed in range(1, 100):
        schedule = Schedule(mod, seed=seed)
        Trace(spaces[seed % len(spaces)].trace.insts, {}).apply_to_schedule(schedule, remove_postproc=True)
        if all(step.apply(schedule) for step in rules.postprocs):
            found.append(schedule.mod)
        if len(found) == SAMPLES:
            break
    return found


def reuses_of_another_type(mod):
    """Pointers that name another element type than the buffer they point into was allocated with."""
    text = lower_for_gpu(mod)["main"].script()
    types = dict(re.findall(r'(\w+) = T\.alloc_buffer\(\(\d+,\), "(\w+)", scope="shared', text))
    pointers = re.findall(r'tvm_access_ptr\(T\.type_annotation\("(\w+)"\), (\w+)', text)
    return [name for dtype, name in pointers if types.get(name, dtype) != dtype]


@pytest.mark.parametrize("accumulator", ["float16", "float32"])
def test_sampled_tensor_core_schedules_compute_the_product(accumulator):
    rng = np.random.default_rng(0)
    a, b = rng.integers(-3, 4, (2, SIZE, SIZE)).astype("float16")  # small integers: sums are exact in float16
    expected = a.astype("float64") @ b.astype("float64")
    mods = sampled(accumulator)
    assert len(mods) == SAMPLES
    for mod in mods:
        assert "mma_sync" in mod.script()
        np.testing.assert_array_equal(simulate(mod, [a, b], [((SIZE, SIZE), accumulator)]).outputs[0], expected)


def test_the_samples_reuse_shared_memory_with_another_type():
    assert any(map(reuses_of_another_type, sampled("float32")))


def counting_through(dtype, offset=0):
    """Four threads add one to an element of shared memory, through a pointer of a type."""

    @T.prim_func(s_tir=True)
    def main(A: T.Buffer((4,), "int32"), B: T.Buffer((4,), "int32")):
        for t in T.thread_binding(4, thread="threadIdx.x"):
            with T.sblock("count"):
                vt = T.axis.spatial(4, t)
                T.reads()
                T.writes(B[vt])
                held = T.sblock_alloc_buffer((4,), "int32", scope="shared")
                held[vt] = A[vt]
                T.tvm_storage_sync("shared")
                T.evaluate(
                    T.call_extern(
                        "int32", "atomicAdd", T.tvm_access_ptr(T.type_annotation(dtype), held.data, offset, 1, 3), 1
                    )
                )
                T.tvm_storage_sync("shared")
                B[vt] = held[vt]

    return tvm.IRModule({"main": main})


def counted(mod):
    return simulate(mod, [np.full(4, 65535, "int32")], [((4,), "int32")]).outputs[0].tolist()


def test_offsets_of_a_pointer_count_elements_of_its_own_type():
    assert counted(counting_through("int32", 2)) == [65535, 65535, 65539, 65535]
    assert counted(counting_through("uint64", 1)) == [65535, 65535, 65539, 65535]


def test_an_argument_seen_as_another_type_is_refused_by_name():
    @T.prim_func(s_tir=True)
    def main(B: T.Buffer((4,), "int32")):
        for t in T.thread_binding(4, thread="threadIdx.x"):
            with T.sblock("count"):
                vt = T.axis.spatial(4, t)
                T.reads()
                T.writes(B[vt])
                T.evaluate(
                    T.call_extern(
                        "int32", "atomicAdd", T.tvm_access_ptr(T.type_annotation("uint32"), B.data, vt, 1, 3), 1
                    )
                )

    with pytest.raises(Unsupported, match="argument B seen as another element type"):
        simulate(tvm.IRModule({"main": main}), [], [np.zeros(4, "int32")])
