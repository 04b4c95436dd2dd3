"""What may leave a student's process: real answers pass, and each kind of forged data is refused with a reason."""

import base64
import json

import pytest
import tvm
from tvm import te, topi
from tvm.script import ir as I
from tvm.script import relax as R
from tvm.script import tirx as T
from vetted_programs import scale

import mlc_ref.end_to_end.programs as graph_programs
import mlc_ref.tensor_programs.programs as tensor_programs
from mlc_course.authoring.node_schema import declared_schema
from mlc_course.grading.vetting.allowlist import ANNOTATIONS, LIBRARY_CALL, NODE_TYPES, OPERATORS
from mlc_course.grading.vetting.ir_module import MAX_BYTES, vet_module
from mlc_course.grading.vetting.module_graph import SCHEMA_FILE
from mlc_course.grading.vetting.strict_json import Refused

PROGRAMS = {
    name: value
    for module in (tensor_programs, graph_programs)
    for name, value in vars(module).items()
    if isinstance(value, tvm.IRModule)
}
CALLS_BY_NAME = [name for name, module in PROGRAMS.items() if "packed(" in module.script()]


def saved(module=None):
    return json.loads(tvm.ir.save_json(module or scale()))


@pytest.mark.parametrize("name", sorted(set(PROGRAMS) - set(CALLS_BY_NAME)))
def test_the_courses_own_programs_pass(name):
    vet_module(tvm.ir.save_json(PROGRAMS[name]))


@pytest.mark.parametrize("name", CALLS_BY_NAME)
def test_graphs_that_call_functions_by_name_are_refused(name):
    with pytest.raises(Refused, match=r"nodes this course uses|operators this course uses"):
        vet_module(tvm.ir.save_json(PROGRAMS[name]))


def test_the_table_of_nodes_is_what_tvm_declares():
    committed = json.loads(SCHEMA_FILE.read_text())
    assert committed == declared_schema(), "run: python -m mlc_course.authoring.node_schema"
    assert set(committed) == NODE_TYPES | {LIBRARY_CALL}


def test_every_operator_is_one_tvm_knows():
    known = {str(name) for name in tvm.ir.Op.list_op_names()}
    assert sorted(OPERATORS - known) == []


@pytest.mark.parametrize(
    "operator",
    [
        "tirx.call_extern", "tirx.call_pure_extern", "tirx.tvm_call_packed", "tirx.tvm_call_cpacked",
        "tirx.call_llvm_intrin", "tirx.call_llvm_pure_intrin", "tirx.address_of", "tirx.tvm_access_ptr",
        "tirx.handle_add_byte_offset", "tirx.reinterpret", "tirx.tvm_struct_get", "tirx.tvm_struct_set",
        "tirx.lookup_param", "tirx.tvm_stack_alloca", "tirx.cuda.printf", "tirx.print_buffer",
        "relax.call_dps_packed", "relax.call_pure_packed", "relax.call_inplace_packed", "relax.call_py_func",
        "relax.call_builtin_with_ctx", "relax.invoke_closure", "relax.print", "relax.memory.alloc_storage",
        "relax.vm.call_tir_dyn",
    ],
)  # fmt: skip
def test_operators_that_reach_outside_are_refused(operator):
    data = saved(scale(lambda a, i: te.exp(a[i])))
    node = next(node for node in data["nodes"] if node["type"] == "ir.Op")
    node["data"] = operator
    with pytest.raises(Refused, match=f"a call of {operator}"):
        vet_module(json.dumps(data))


@pytest.mark.parametrize(
    "operator",
    [topi.nn.softmax, lambda x: topi.nn.pool2d(x, [3, 3], [2, 2], [1, 1], [0] * 4, "max"),
     lambda x: topi.nn.adaptive_pool(x, (1, 1), "avg"),
     lambda x: topi.nn.dense(topi.reshape(x, (6, 56)), topi.reshape(x, (6, 56)))],
    ids=["softmax", "pool", "adaptive pool", "dense"],
)  # fmt: skip
def test_programs_of_tvms_operator_library_are_accepted(operator):
    x = te.placeholder((2, 3, 7, 8), name="x")
    vet_module(tvm.ir.save_json(tvm.IRModule({"main": te.create_prim_func([x, operator(x)])})))


@pytest.mark.parametrize(
    "kind", ["relax.expr.ExternFunc", "ir.EnvFunc", "ffi.Function", "ffi.Module", "ir.OpaqueExpr", "te.ComputeOp",
             "s_tir.Schedule", "ffi.OpaquePyObject", "no.such.Node", "runtime.disco.Session"],
)  # fmt: skip
def test_other_node_types_are_refused(kind):
    data = saved()
    data["nodes"].append({"type": kind, "data": {}})
    with pytest.raises(Refused, match="nodes this course uses"):
        vet_module(json.dumps(data))


@I.ir_module
class CallsLibrary:
    @R.function(pure=False)
    def main(x: R.Tensor((4,), "float32")):
        _ = R.call_packed("lab.log", x, ty_args=R.Tensor((4,), "float32"))
        return x


def test_a_task_may_name_libraries_that_stand_in_graphs_which_are_not_run():
    text = tvm.ir.save_json(CallsLibrary)
    vet_module(text, externs={"lab.*": ""})
    for externs in ({}, {"other.*": ""}, {"lab.log": LLVM}):
        with pytest.raises(Refused):
            vet_module(text, externs=externs)


@I.ir_module
class PassesDestination:
    @R.function
    def main(x: R.Tensor((4,), "float32")):
        y = R.call_dps_packed("lab.log", (x,), out_ty=R.Tensor((4,), "float32"))
        return y


def test_a_library_function_in_destination_passing_style_stands_in_such_graphs_alone():
    text = tvm.ir.save_json(PassesDestination)
    vet_module(text, externs={"lab.log": ""})
    for externs in ({}, {"lab.linear": ""}, {"lab.log": LLVM}):
        with pytest.raises(Refused):
            vet_module(text, externs=externs)


LLVM = "define i32 @kernel(ptr %a) { ret i32 0 }"


@T.prim_func(s_tir=True)
def with_kernel(A: T.Buffer((4,), "float32")):
    for i in T.serial(4, annotations={"pragma_import_llvm": LLVM}):
        with T.sblock("A"):
            v = T.axis.spatial(4, i)
            T.writes(A[v])
            T.evaluate(T.call_extern("int32", "kernel", A.access_ptr("w")))


def test_a_task_may_name_the_functions_that_are_called_and_their_code():
    data = saved(tvm.IRModule({"main": with_kernel}))
    with pytest.raises(Refused, match=r"operators this course uses|annotations this course uses"):
        vet_module(json.dumps(data))
    vet_module(json.dumps(data), externs={"kernel": LLVM})
    with pytest.raises(Refused, match="call_extern 'kernel'"):
        vet_module(json.dumps(data), externs={"other": LLVM})
    with pytest.raises(Refused, match="pragma_import_llvm"):
        vet_module(json.dumps(data), externs={"kernel": LLVM + " "})


def find(data, kind):
    return next(node for node in data["nodes"] if node["type"] == kind)


def edit_self_reference(data):
    find(data, "ffi.Array")["data"] = [data["nodes"].index(find(data, "ffi.Array"))]


def edit_forward_reference(data):
    find(data, "tirx.For")["data"]["body"] = len(data["nodes"]) - 1


def edit_negative_reference(data):
    find(data, "tirx.For")["data"]["body"] = -1


def edit_wrong_type(data):
    find(data, "tirx.For")["data"]["body"] = data["nodes"].index(find(data, "ffi.String"))


def edit_null(data):
    find(data, "tirx.For")["data"]["body"] = data["nodes"].index(find(data, "None"))


def edit_missing_field(data):
    del find(data, "tirx.For")["data"]["kind"]


def edit_extra_field(data):
    find(data, "tirx.For")["data"]["hook"] = 0


def edit_raw_type(data):
    find(data, "tirx.For")["data"]["kind"] = "0"


def edit_bool_for_int(data):
    find(data, "tirx.For")["data"]["kind"] = True


def edit_root(data):
    data["root_index"] = 0


def edit_root_out_of_range(data):
    data["root_index"] = len(data["nodes"])


def edit_root_bool(data):
    data["root_index"] = True


def edit_metadata(data):
    data["metadata"] = {"b64ndarrays": ["x"]}


def edit_extra_key(data):
    data["attrs"] = {}


def edit_array_of_wrong_elements(data):
    block = find(data, "s_tir.SBlock")["data"]
    find(data, "ffi.Map")["data"] += [0]
    block["reads"] = block["annotations"]


def edit_data_type(data):
    find(data, "ir.PrimType")["data"]["dtype"] = "custom[evil]32"


def edit_call_of_variable(data):
    find(data, "ir.Call")["data"]["op"] = data["nodes"].index(find(data, "ir.Var"))


@pytest.mark.parametrize(
    "edit", [value for name, value in list(globals().items()) if name.startswith("edit_")], ids=lambda f: f.__name__[5:]
)
def test_malformed_graphs_are_refused(edit):
    data = saved(scale(lambda a, i: te.exp(a[i])))
    vet_module(json.dumps(data))
    edit(data)
    with pytest.raises(Refused):
        vet_module(json.dumps(data))


@pytest.mark.parametrize("key", ["pragma_import_llvm", "pragma_import_c", "pragma_scope", "extern_scope", ""])
def test_annotations_that_bring_code_along_are_refused(key):
    @T.prim_func(s_tir=True)
    def annotated(A: T.Buffer((4,), "float32")):
        for i in T.serial(4, annotations={"pragma_auto_unroll_max_step": "x"}):
            A[i] = T.float32(0)

    data = saved(tvm.IRModule({"main": annotated}))
    find_text = next(n for n in data["nodes"] if n.get("data") == "pragma_auto_unroll_max_step")
    vet_module(json.dumps(data))
    find_text["data"] = key
    with pytest.raises(Refused, match="annotations this course uses"):
        vet_module(json.dumps(data))
    assert key not in ANNOTATIONS


@I.ir_module
class WithConstant:
    @R.function
    def main(x: R.Tensor((4,), "float32")):
        y = R.add(x, R.const([1.0, 2.0, 3.0, 4.0], "float32"))
        return y


def test_constants_pass_with_the_size_they_claim_and_no_other():
    data = saved(WithConstant)
    vet_module(json.dumps(data))
    node = find(data, "ffi.Tensor")
    raw = base64.b64decode(node["data"])
    for forged in (raw[:-4], raw + b"1234", raw[:16] + b"\x02" + raw[17:], raw[:24] + b"\xff\xff\xff\x7f" + raw[28:]):
        node["data"] = base64.b64encode(forged).decode()
        with pytest.raises(Refused, match="tensor"):
            vet_module(json.dumps(data))
    node["data"] = "not base64!"
    with pytest.raises(Refused, match="malformed tensor"):
        vet_module(json.dumps(data))


def test_bombs_are_refused_before_anything_is_loaded():
    shared = [{"type": "None"}] + [{"type": "ffi.Array", "data": [n, n]} for n in range(80)]
    with pytest.raises(Refused, match="visits to shared parts"):
        vet_module(json.dumps({"root_index": 80, "nodes": shared}))
    deep = [{"type": "None"}] + [{"type": "ffi.Array", "data": [n]} for n in range(5000)]
    with pytest.raises(Refused, match="nested deeper"):
        vet_module(json.dumps({"root_index": 1, "nodes": deep}))
    with pytest.raises(Refused, match="at most"):
        vet_module("x" * (MAX_BYTES + 1))
    with pytest.raises(Refused, match="nodes"):
        vet_module(json.dumps({"root_index": 0, "nodes": [{"type": "None"}] * 200_001}))
