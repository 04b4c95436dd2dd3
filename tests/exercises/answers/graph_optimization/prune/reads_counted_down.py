# Reads are counted; a call that nobody reads goes, and takes its own reads along.
# earns: all
from collections import Counter, deque


def prune(mod, pure):
    main = mod["main"]
    value_of = {binding.var: binding.value for binding in bindings(main)}
    reads = Counter(operands(main.body.body))
    for value in value_of.values():
        reads.update(operands(value))

    def may_go(var):
        callee = getattr(value_of.get(var), "op", None)
        effect = isinstance(callee, relax.ExternFunc) and callee.global_symbol not in pure
        return var in value_of and not effect and reads[var] == 0

    dead, gone = deque(filter(may_go, value_of)), set()
    while dead:
        var = dead.popleft()
        gone.add(var)
        reads.subtract(operands(value_of[var]))
        dead.extend(read for read in set(operands(value_of[var])) if may_go(read))
    blocks = [type(block)([b for b in block.bindings if b.var not in gone]) for block in main.body.blocks]
    body = relax.BlockBuilder().normalize(relax.SeqExpr(blocks, main.body.body))
    return tvm.IRModule({"main": relax.Function(main.params, body, main.ret_ty, main.is_pure, main.attrs)})
