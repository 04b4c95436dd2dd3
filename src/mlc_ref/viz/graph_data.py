"""A module as plain data for the graph explorer: levels of nodes and edges, loop nests, and what differs.

A *level* is what is drawn together: the body of a function, or of a dataflow block within it. The ``args`` of
a node are numbers of nodes of its level that make the values it takes; what comes from elsewhere is text in
it, or a node of the kind ``input`` where it is read several times.
"""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mlc_ref.kinds import takes
from mlc_ref.viz.calls import call_kind, callee_name, operands, typed
from mlc_ref.viz.loops import changed_lines, loop_nest

if TYPE_CHECKING:
    import tvm
    from tvm import relax

Node = dict[str, Any]
_SHOWN_LINES = 80


@takes("IRModule")
def functions_of(mod: "tvm.IRModule") -> dict[str, Node]:
    """Every function of a module by its name.

    A Relax function has ``params`` (texts) and ``nodes`` (a level); a tensor program has ``lines``, its loop nest.
    """
    from tvm import relax, tirx

    found: dict[str, Node] = {}
    for var, function in mod.functions_items():
        if isinstance(function, relax.Function):
            level = _Level({}, function.params)
            found[var.name_hint] = {"params": [typed(p) for p in function.params], "nodes": level.function(function)}
        elif isinstance(function, tirx.PrimFunc):
            lines = loop_nest(function)
            cut = ["…"] if len(lines) > _SHOWN_LINES else []
            found[var.name_hint] = {"lines": lines[:_SHOWN_LINES] + cut}
    return found


class _Level:
    """The nodes of one level, made binding by binding."""

    def __init__(self, aliases: dict["relax.Var", "relax.Var"], params: list["relax.Var"]):
        self.aliases = aliases
        self.params = list(params)
        self.nodes: list[Node] = []
        self.made: dict[relax.Var, int] = {}
        self.reads: list[tuple[int, relax.Expr]] = []

    def function(self, function: "relax.Function") -> list[Node]:
        """The level of a whole function: its blocks, the calls outside of dataflow blocks, and its result."""
        return self.sequence(function.body, result=True)

    def sequence(self, body: "relax.SeqExpr", *, result: bool) -> list[Node]:
        from tvm import relax

        for block in body.blocks:
            if isinstance(block, relax.DataflowBlock):
                self._block(block)
            else:
                self._bindings(block.bindings)
        if result:
            self._add({"kind": "result", "name": self._text(body.body)}, operands(body.body))
        return self._finish()

    def _block(self, block: "relax.DataflowBlock") -> None:
        from tvm import relax

        inner = _Level(self.aliases, self.params)
        inner._bindings(block.bindings)
        number = len(self.nodes)
        outside = sorted({self.made[var] for _, var in inner.reads if var in self.made})
        outputs = [binding.var for binding in block.bindings if not isinstance(binding.var, relax.DataflowVar)]
        inner.mark_outputs(outputs)
        self.nodes.append({"kind": "block", "args": outside, "nodes": inner._finish()})
        for var in outputs:
            self.made.setdefault(self._root(var), number)

    def mark_outputs(self, variables: list["relax.Var"]) -> None:
        """Note which nodes make what can be seen outside."""
        for var in variables:
            if self._root(var) in self.made:
                self.nodes[self.made[self._root(var)]]["out"] = True

    def _bindings(self, bindings: list["relax.Binding"]) -> None:
        from tvm import ir, relax

        for binding in bindings:
            value = binding.value
            if isinstance(binding, relax.VarBinding) and isinstance(value, relax.Var | ir.GenericConst):
                self.aliases[binding.var] = self._root(value)
                continue
            node: Node = {"kind": "value", "name": _value_name(binding), "value": typed(binding.var)}
            if isinstance(value, relax.Call):
                node |= {"kind": call_kind(value), "name": callee_name(value).removeprefix("relax.")}
            elif isinstance(value, relax.If):
                node["parts"] = [self._branch(value.true_branch), self._branch(value.false_branch)]
            self.made[binding.var] = self._add(node, operands(value.cond if isinstance(value, relax.If) else value))

    def _branch(self, body: "relax.Expr") -> list[Node]:
        return _Level(self.aliases, self.params).sequence(body, result=True)

    def _add(self, node: Node, reads: list["relax.Expr"]) -> int:
        number = len(self.nodes)
        self.nodes.append({**node, "args": []})
        self.reads += [(number, self._root(each)) for each in reads]
        return number

    def _root(self, value: "relax.Expr") -> "relax.Expr":
        from tvm import relax

        return self.aliases.get(value, value) if isinstance(value, relax.Var) else value

    def _text(self, value: "relax.Expr") -> str:
        return ", ".join(typed(each) for each in operands(value)) or "()"

    def _finish(self) -> list[Node]:
        """Nodes with their edges; values from elsewhere become inputs or text."""
        from tvm import relax

        own = [each for _, each in self.reads if isinstance(each, relax.Var) and each not in self.made]
        often = Counter(own)
        for number, value in self.reads:
            if value not in self.made and self._is_input(value, often):
                self.made[value] = len(self.nodes)
                self.nodes.append({"kind": "input", "name": typed(value), "args": []})
            argument = self.made[value] if value in self.made else typed(value)
            self.nodes[number]["args"].append(argument)
        return self.nodes

    def _is_input(self, value: "relax.Expr", often: Counter["relax.Var"]) -> bool:
        """Whether a value from elsewhere has a place of its own: the first parameter, and what is read twice or computed."""
        from tvm import relax

        if not isinstance(value, relax.Var):
            return False
        place = next((i for i, param in enumerate(self.params) if param.same_as(value)), None)
        return place in (None, 0) or often[value] > 1


def _value_name(binding: "relax.Binding") -> str:
    from tvm import relax

    value = binding.value
    if isinstance(binding, relax.MatchCast):
        return "match_cast"
    if isinstance(value, relax.TupleGetItem):
        return f"[{value.index}]"
    names = {"Tuple": "tuple", "ShapeExpr": "shape", "If": "if", "Function": "function"}
    return names.get(type(value).__name__, "const")


def paths(nodes: list[Node], prefix: str = "") -> Iterator[tuple[str, Node]]:
    """Every node that computes something, those of blocks and branches after one another, each with its path."""
    for number, node in enumerate(nodes):
        path = f"{prefix}{number}"
        if node["kind"] == "block":
            yield from paths(node["nodes"], f"{path}.")
        elif node["kind"] not in ("input", "result"):
            yield path, node
            for branch, part in enumerate(node.get("parts", ())):
                yield from paths(part, f"{path}.{branch}.")


def differences(before: Node | None, after: Node | None) -> tuple[list[Any], list[Any]]:
    """What a function lost and what it has instead: paths of nodes, or numbers of lines of a tensor program.

    Two nodes are the same if they call the same for a value of the same type, in the same order.
    A function of another kind, or that was not there, differs as a whole.
    """
    sides = [[] if each is None else _keys(each) for each in (before, after)]
    same_kind = before is None or after is None or ("lines" in before) == ("lines" in after)
    texts = [[key for _, key in side] for side in sides]
    gone, new = changed_lines(*texts) if same_kind else (set(range(len(texts[0]))), set(range(len(texts[1]))))
    return [sides[0][i][0] for i in sorted(gone)], [sides[1][i][0] for i in sorted(new)]


def _keys(function: Node) -> list[tuple[Any, str]]:
    if "lines" in function:
        return list(enumerate(function["lines"]))
    return [
        (path, f"{n['kind']} {n['name']} {n.get('value', '').partition(' ')[2]}")
        for path, n in paths(function["nodes"])
    ]
