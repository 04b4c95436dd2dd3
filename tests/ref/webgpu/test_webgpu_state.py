"""Models with a state: inputs that programs write in place, which keep what a run leaves in them."""

import json

import pytest
from tvm import IRModule
from tvm.s_tir import Schedule
from tvm.script import ir as I
from tvm.script import relax as R
from tvm.script import tirx as T
from webgpu_state_model import ROWS, remembering

from mlc_ref.webgpu import Unsupported, from_json
from mlc_ref.webgpu.artefact import Artefact, Tensor
from mlc_ref.webgpu.models import compile_model

NAMES = ("position", "cache")
RANGE = {"position": (0, ROWS - 1)}


def compiled(last: int = ROWS - 1, **options) -> Artefact:
    return compile_model(remembering(last), "remembering", **({"state": NAMES, "ranges": RANGE} | options))


def test_inputs_named_as_state_have_that_role_and_every_other_result_can_be_read():
    artefact = compiled()
    roles = {role: [artefact.tensors[i].name for i in artefact.with_role(role)] for role in ("input", "state")}
    assert roles == {"input": ["x"], "state": list(NAMES)}
    assert [artefact.tensors[i].shape for i in artefact.with_role("output")] == [(4,), (4,)]
    storages = [tensor.storage for tensor in artefact.tensors if tensor.role != "temporary"]
    assert len(set(storages)) == len(storages)


def test_a_state_keeps_its_stated_range_and_the_json_gives_it_back():
    artefact = compiled()
    (position,) = (tensor for tensor in artefact.tensors if tensor.name == "position")
    assert position.range == RANGE["position"]
    assert from_json(artefact.to_json()) == artefact
    assert json.loads(artefact.to_json())["version"] == 3


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_of_an_older_version_has_no_state(version):
    data = json.loads(compiled().to_json()) | {"version": version}
    with pytest.raises(Unsupported, match=f"got a state in version {version}, allowed one from version 3 on"):
        from_json(json.dumps(data))


def test_an_input_that_a_program_writes_and_no_state_is_refused():
    with pytest.raises(
        Unsupported, match=r"remember, which writes the input cache, allowed .* keeps what is written in state"
    ):
        compiled(state=("position",))


def test_an_index_that_a_run_may_leave_out_of_bounds_is_refused():
    with pytest.raises(
        Unsupported, match=rf"advance, which may leave 0 to {ROWS} in the state position, allowed 0 to 7"
    ):
        compiled(last=ROWS)


def test_a_state_used_as_an_index_needs_a_stated_range():
    with pytest.raises(Unsupported, match="state the ranges"):
        compiled(ranges={})


@pytest.mark.parametrize("span", [(1, 7), (-3, -1)])
def test_a_range_without_the_zero_that_a_state_begins_with_is_refused(span):
    with pytest.raises(Unsupported, match="one with 0, as states begin with it"):
        compiled(ranges={"position": span})


def test_a_state_that_nothing_writes_and_one_that_is_no_input_are_refused():
    with pytest.raises(Unsupported, match="the state x, which nothing writes"):
        compiled(state=(*NAMES, "x"))
    with pytest.raises(Unsupported, match="got the state 'rows', allowed x, position, cache"):
        compiled(state=("rows",))


def test_an_output_has_no_range_though_a_state_of_integers_may():
    artefact = compiled()
    wide = Tensor("position", (1,), "int32", "output", 0, (0, 7))
    with pytest.raises(Unsupported, match="no input or state of integers"):
        Artefact("x", artefact.storages, (wide,), artefact.kernels, ())


@T.prim_func(private=True, s_tir=True)
def stored_under_another_name(position: T.Buffer((1,), "int32")):
    for i in T.thread_binding(1, "threadIdx.x"):
        with T.sblock("store"):
            vi = T.axis.spatial(1, i)
            part = T.match_buffer(position[vi : vi + 1], (1,), "int32", offset_factor=1)
            part[0] = 1000


def test_what_is_stored_under_another_name_of_a_state_may_be_anything():
    mod = remembering()
    mod = IRModule({**mod.functions, mod.get_global_var("advance"): stored_under_another_name})
    with pytest.raises(Unsupported, match=r"advance, which may leave -2147483648 to 2147483647 in the state position"):
        compile_model(mod, "remembering", state=NAMES, ranges=RANGE)


@I.ir_module
class KeepsTheOld:
    """Returns what the state held before a step: ``main`` copies it before, ``viewed`` only looks at it."""

    @T.prim_func(private=True, s_tir=True)
    def copy(s: T.Buffer((T.int64(2), T.int64(4)), "float32"), old: T.Buffer((T.int64(2), T.int64(4)), "float32")):
        for i, j in T.grid(T.int64(2), T.int64(4)):
            with T.sblock("copy"):
                vi, vj = T.axis.remap("SS", [i, j])
                old[vi, vj] = s[vi, vj]

    @T.prim_func(private=True, s_tir=True)
    def add(s: T.Buffer((T.int64(2), T.int64(4)), "float32"), x: T.Buffer((T.int64(4),), "float32")):
        for i in T.thread_binding(T.int64(2), "threadIdx.x"):
            for j in range(T.int64(4)):
                with T.sblock("add"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    s[vi, vj] = s[vi, vj] + x[vj]

    @R.function
    def main(x: R.Tensor((4,), "float32"), s: R.Tensor((2, 4), "float32")):
        cls = KeepsTheOld
        with R.dataflow():
            old = R.call_tir(cls.copy, (s,), out_ty=R.Tensor((2, 4), "float32"))
            after = R.call_tir_inplace(cls.add, (s, x), inplace_indices=[0], out_ty=R.Tensor((2, 4), "float32"))
            results = (old, after)
            R.output(results)
        return results

    @R.function
    def viewed(x: R.Tensor((4,), "float32"), s: R.Tensor((2, 4), "float32")):
        cls = KeepsTheOld
        with R.dataflow():
            old = R.reshape(s, R.shape([8]))
            after = R.call_tir_inplace(cls.add, (s, x), inplace_indices=[0], out_ty=R.Tensor((2, 4), "float32"))
            results = (old, after)
            R.output(results)
        return results


def test_a_copy_of_a_state_is_made_before_the_state_changes():
    sch = Schedule(KeepsTheOld)
    sch.work_on("copy")
    sch.bind(sch.fuse(*sch.get_loops("copy")), "threadIdx.x")
    artefact = compile_model(sch.mod, "kept", state=("s",))
    assert [artefact.kernels[launch.kernel].name for launch in artefact.launches] == ["copy_kernel", "add_kernel"]
    (old,) = artefact.with_role("output")
    assert artefact.tensors[old].storage not in [artefact.tensors[i].storage for i in artefact.with_role("state")]


def test_another_shape_of_a_state_is_refused_once_the_state_has_changed():
    with pytest.raises(Unsupported, match="got old, another shape of s, which a program has written since"):
        compile_model(KeepsTheOld, "viewed", entry="viewed", state=("s",))
