"""Write ``node_schema.json``: the fields of every whitelisted node type, as TVM itself declares them.

    python -m mlc_course.authoring.node_schema

The table is committed, so that a submission is checked without TVM; a test compares it with the installed TVM.
"""

import json
from typing import Any

from mlc_course.grading.vetting.allowlist import LIBRARY_CALL, NODE_TYPES
from mlc_course.grading.vetting.module_graph import SCHEMA_FILE


def declared_schema() -> dict[str, Any]:
    """``{type: {"is": [ancestors and itself], "fields": {name: type}}}`` from TVM's reflection."""
    import tvm.relax
    import tvm.s_tir  # noqa: F401  (registers the node types)
    from tvm_ffi import core

    return {
        key: _entry(core._lookup_or_register_type_info_from_type_key(key))
        for key in sorted(NODE_TYPES | {LIBRARY_CALL})
    }


def _entry(info: Any) -> dict[str, Any]:
    kinds: list[str] = []
    fields: dict[str, Any] = {}
    while info is not None:
        kinds.append(info.type_key)
        own = {f.name: json.loads(f.metadata["type_schema"]) for f in info.fields or ()}
        fields = {**own, **fields}
        info = info.parent_type_info
    return {"is": kinds, "fields": {name: _field(schema) for name, schema in fields.items()}}


def _field(schema: dict[str, Any]) -> Any:
    """A type as a name, or as ``[name, *arguments]``."""
    arguments = [_field(a) for a in schema.get("args", [])]
    return [schema["type"], *arguments] if arguments else schema["type"]


if __name__ == "__main__":
    lines = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in declared_schema().items()]
    SCHEMA_FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
