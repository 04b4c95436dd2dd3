"""Check an ``IRModule`` as JSON (``tvm.ir.save_json``) in pure Python, before TVM's loader sees it.

The format is a list of nodes that refer to one another by index. It is accepted when every node is of a
whitelisted type with exactly the fields TVM declares, of the declared types; when references only point
backwards, so that there is no cycle; when nothing in it can call a function by name; and when it stays
small however often its shared parts are visited.
"""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from mlc_course.grading.vetting.allowlist import (
    ANNOTATIONS,
    EXTERN_CALL,
    EXTERN_CODE,
    LIBRARY_CALL,
    LIBRARY_CALL_TYPE,
)
from mlc_course.grading.vetting.module_graph import ModuleGraph, fits, schema, text_of
from mlc_course.grading.vetting.module_refusals import refused_call, refused_node, short, size_of
from mlc_course.grading.vetting.strict_json import parse, refuse
from mlc_course.grading.vetting.tensor_bytes import is_exact_tensor
from mlc_ref.language import Text

MAX_BYTES = 8 * 2**20
MAX_NODES = 200_000
MAX_DEPTH = 1_500
MAX_VISITS = 5_000_000  # nodes a walk sees when it follows shared parts each time

_WHAT = Text("an IRModule", "一个 IRModule")
_LEAVES = {"bool": bool, "int": int, "float": (int, float), "ffi.String": str, "DataType": str}
_RAW = {"int": int, "float": (int, float), "bool": bool, "DataType": str}
_MAY_BE_NONE = {("tirx.IterVar", "dom")}  # declared as a range; a loop bound to a thread has none
_DTYPES = ("int", "uint", "float", "bfloat", "bool", "handle", "void")


def vet_module(text: str, root: str = "ir.IRModule", externs: Mapping[str, str] | None = None) -> str:
    """Accept the JSON of a module, or say why not.

    Returns:
        The same module written anew from what was understood here: what is loaded is what was looked at, even
        where TVM would read the original differently.

    Args:
        text: what ``tvm.ir.save_json`` wrote in the student's process.
        root: node type the whole has to be of.
        externs: functions that may be called by name, with the LLVM text that may define each (``Task.externs``).

    Raises:
        Refused: with the node concerned.
    """
    data = parse(text, limit=MAX_BYTES, what=_WHAT)
    if not isinstance(data, dict) or not {"root_index", "nodes"} <= set(data) <= {"root_index", "nodes", "metadata"}:
        raise refuse(_WHAT, Text("JSON of another form", "另一种形式的 JSON"))
    nodes = data["nodes"]
    if not isinstance(nodes, list) or not 0 < len(nodes) <= MAX_NODES:
        raise refuse(Text(f"at most {MAX_NODES} nodes", f"最多 {MAX_NODES} 个节点"), size_of(nodes))
    graph = ModuleGraph(nodes, externs or {})
    for index, node in enumerate(nodes):
        _vet_node(graph, index, node)
    top = data["root_index"]
    if type(top) is not int or not 0 <= top < len(nodes) or nodes[top]["type"] != root:
        raise refuse(_WHAT, Text("a root of another type", "另一种类型的根节点"))
    if "metadata" in data and not _is_metadata(data["metadata"]):
        raise refuse(_WHAT, Text("unknown metadata", "未知的元数据"))
    if root == "ir.IRModule":
        _vet_names(graph, nodes[top]["data"])
    try:
        return json.dumps(data, ensure_ascii=False).encode().decode()
    except UnicodeEncodeError as error:
        raise refuse(_WHAT, Text("text with halves of characters", "含有半个字符的文本")) from error


def _vet_node(graph: ModuleGraph, index: int, node: Any) -> None:
    kind = node.get("type") if isinstance(node, dict) else None
    if kind == "None":
        children, extra = [], set(node) - {"type"}
    else:
        if not isinstance(kind, str) or set(node) != {"type", "data"}:
            raise refused_node(index, Text("not a node", "不是节点"))
        children, extra = _children(graph, index, kind, node["data"]), set()
    if extra:
        keys = [key[:40] for key in sorted(extra)[:5]]
        raise refused_node(index, Text(f"unknown keys {keys}", f"未知的键 {keys}"))
    graph.depth.append(1 + max((graph.depth[c] for c in children), default=0))
    graph.visits.append(1 + sum(graph.visits[c] for c in children))
    if graph.depth[index] > MAX_DEPTH:
        raise refused_node(index, Text(f"nested deeper than {MAX_DEPTH} levels", f"嵌套超过 {MAX_DEPTH} 层"))
    if graph.visits[index] > MAX_VISITS:
        raise refused_node(
            index, Text(f"more than {MAX_VISITS} visits to shared parts", f"对共用部分的访问超过 {MAX_VISITS} 次")
        )


def _children(graph: ModuleGraph, index: int, kind: str, data: Any) -> list[int]:
    """Check the contents of one node and return the nodes it refers to."""
    if kind in _LEAVES:
        if not _is_raw(kind, data, _LEAVES[kind]):
            raise refused_node(index, f"{kind} {short(data)}")
        return []
    if kind == "ir.SourceName":
        if not isinstance(data, str):
            raise refused_node(index, Text("a malformed ir.SourceName", "格式有误的 ir.SourceName"))
        return []
    if kind == "ir.EnvFunc" and graph.libraries and data == LIBRARY_CALL_TYPE:
        return []
    if kind == "ir.Op":
        if not isinstance(data, str) or data not in graph.operators:
            raise refused_call(data if isinstance(data, str) else short(data))
        return []
    if kind == "ffi.Tensor":
        if not is_exact_tensor(data):
            raise refused_node(
                index,
                Text("a malformed tensor, or one whose size and contents differ", "格式有误或大小与内容不符的张量"),
            )
        return []
    if kind in ("ffi.Array", "ffi.Map"):
        if not isinstance(data, list) or (kind == "ffi.Map" and len(data) % 2):
            raise refused_node(index, Text(f"a malformed {kind}", f"格式有误的 {kind}"))
        return [_reference(index, r) for r in data]
    if kind not in schema() or (kind == LIBRARY_CALL and not graph.libraries):
        raise refuse(
            Text("an IRModule of the nodes this course uses", "只含本课程所用节点的 IRModule"),
            kind[:80],
            Text("Calls of functions by name and inline code are not accepted.", "不接受按名字调用的函数与内联代码。"),
        )
    return _vet_fields(graph, index, kind, data)


def _vet_fields(graph: ModuleGraph, index: int, kind: str, data: Any) -> list[int]:
    fields = schema()[kind]["fields"]
    if not isinstance(data, dict) or set(data) != set(fields):
        raise refused_node(index, Text(f"{kind} with other fields than it has", f"{kind} 的字段与它应有的不同"))
    children = []
    for name, wanted in fields.items():
        value = data[name]
        if isinstance(wanted, str) and wanted in _RAW:
            if not _is_raw(wanted, value, _RAW[wanted]):
                raise refused_node(index, f"{kind}.{name} = {short(value)}")
            continue
        child = _reference(index, value)
        if (kind, name) in _MAY_BE_NONE and graph.nodes[child]["type"] == "None":
            continue
        if not fits(graph, child, wanted):
            raise refused_node(
                index,
                Text(
                    f"{kind}.{name} of type {graph.nodes[child]['type']}",
                    f"{kind}.{name} 的类型是 {graph.nodes[child]['type']}",
                ),
            )
        children.append(child)
    _vet_meaning(graph, index, kind, data)
    return children


def _vet_meaning(graph: ModuleGraph, index: int, kind: str, data: dict[str, Any]) -> None:
    """What types alone do not say: who may be called, and names that make the compiler do something."""
    _vet_calls(graph, index, kind, data)
    _vet_annotations(graph, kind, data)


def _vet_calls(graph: ModuleGraph, index: int, kind: str, data: dict[str, Any]) -> None:
    nodes = graph.nodes
    if kind == LIBRARY_CALL:
        name = str(text_of(graph, data["global_symbol"]))
        if not any(fnmatchcase(name, pattern) for pattern in graph.libraries):
            raise refused_call(name)
    if kind == "ir.Call" and nodes[data["op"]]["type"] not in ("ir.Op", "ir.GlobalVar", LIBRARY_CALL):
        raise refused_call(nodes[data["op"]]["type"])
    if kind == "ir.Call" and nodes[data["op"]].get("data") == EXTERN_CALL:
        name = text_of(graph, next(iter(nodes[data["args"]]["data"]), None))
        if not graph.externs.get(name):
            raise refused_call(f"{EXTERN_CALL} {name!r}")
    if kind == "ir.IRModule" and nodes[data["global_infos"]]["data"]:
        raise refused_node(index, Text("an IRModule with global information", "带有全局信息的 IRModule"))


def _vet_names(graph: ModuleGraph, module: dict[str, Any]) -> None:
    """Every function that is named is one of the module: TVM looks others up among all that any library registered."""
    nodes = graph.nodes
    defined = nodes[module["functions"]]["data"][::2]
    listed = nodes[module["global_var_map_"]]["data"]
    names = [text_of(graph, nodes[key]["data"]["name_hint"]) for key in defined]
    if len(set(names)) != len(names) or dict(zip(names, defined, strict=True)) != {
        text_of(graph, name): variable for name, variable in zip(listed[::2], listed[1::2], strict=True)
    }:
        raise refuse(_WHAT, Text("functions whose names do not agree", "名字不一致的函数"))
    known = set(defined)
    for index, node in enumerate(nodes):
        if node["type"] == "ir.GlobalVar" and index not in known:
            raise refused_call(text_of(graph, node["data"]["name_hint"]), defined=False)


def _vet_annotations(graph: ModuleGraph, kind: str, data: dict[str, Any]) -> None:
    nodes = graph.nodes
    pairs: list[int] = []
    if kind in ("tirx.For", "s_tir.SBlock", "ir.DictAttrs"):
        place = data["__dict__" if kind == "ir.DictAttrs" else "annotations"]
        pairs = [] if place in graph.annotated else nodes[place]["data"]
        graph.annotated.add(place)
    elif kind == "tirx.AttrStmt":
        pairs = [data["attr_key"], data["value"]]
    for key, value in zip(pairs[::2], pairs[1::2], strict=True):
        name = nodes[key].get("data")
        known = name in ANNOTATIONS or (
            name == EXTERN_CODE and text_of(graph, value) in filter(None, graph.externs.values())
        )
        if nodes[key]["type"] != "ffi.String" or not known:
            raise refuse(
                Text("annotations this course uses", "本课程所用的注解"),
                Text(f"annotation {str(name)[:80]!r} in {kind}", f"{kind} 中的注解 {str(name)[:80]!r}"),
            )


def _reference(index: int, value: Any) -> int:
    if type(value) is not int or not 0 <= value < index:
        raise refused_node(index, Text("a reference that does not point backwards", "不指向前面的引用"))
    return value


def _is_raw(kind: str, value: Any, types: Any) -> bool:
    if isinstance(value, bool) != (kind == "bool") or not isinstance(value, types):
        return False
    if kind == "DataType":
        return len(value) <= 24 and (value == "" or value.startswith(_DTYPES))
    return True


def _is_metadata(value: Any) -> bool:
    return isinstance(value, dict) and set(value) <= {"tvm_version"} and all(isinstance(v, str) for v in value.values())
