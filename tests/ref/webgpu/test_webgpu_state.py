"""Models with a state: inputs that programs write in place, which keep what a run leaves in them."""

import json

import pytest
from tvm import IRModule
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


def test_a_constant_has_no_range_but_a_state_of_integers_may():
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
