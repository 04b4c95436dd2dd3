"""Answers to the exercises on graph optimization, right and wrong, made in many ways."""

from typing import Any

import numpy as np
import tvm
from tvm import ir, relax, te, topi
from tvm.ir.transform import Sequential
from tvm.relax import transform
from tvm.relax.backend.utils import has_leaking_intermediate_variables
from tvm.relax.dpl import is_op, rewrite_call, wildcard
from tvm.relax.utils import copy_with_new_vars
from tvm_ffi import structural_equal

from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.graph_optimization.exercise_inputs import Sketch
from mlc_ref.graph_optimization.operator_fusion import LinearFuser
from mlc_ref.graph_optimization.walk import bindings, operands, producers, use_counts


def sub_functions_by_hand(*attrs):
    """Layers found by pattern, the attributes of the groups replaced by a choice of their own."""

    def answer(mod):
        grouped = layers_by_pattern(both="Composite" in attrs)(mod)
        for variable, function in list(grouped.functions_items()):
            if variable.name_hint == "main":
                continue
            for name in set(dict(function.attrs)) - set(attrs):
                function = function.without_attr(name)
            grouped.update_func(variable, function)
        return grouped

    return answer


def unchanged(mod, *_rest):
    return mod


def nothing(mod, *_rest):
    return None


def doubled_again_and_again(mod, *_rest):
    """A graph that has 2**60 words when every value in it is written out."""
    builder, params = relax.BlockBuilder(), [relax.Var(p.name, p.ty) for p in mod["main"].params]
    with builder.function("main", params):
        with builder.dataflow():
            value = params[0]
            for _ in range(60):
                value = builder.emit(relax.op.add(value, value))
            value = builder.emit_output(value)
        builder.emit_func_output(value)
    return builder.finalize()


def by_pattern(*, single=True, shapes=True, factors=True, sign=1, both_sides=False, clean=True):
    """The rewrite in the pattern language, with its conditions and its program spoilt on request."""

    def program(x, y, z):
        shape = x.shape if len(x.shape) >= len(y.shape) else y.shape
        x, y, z = (topi.broadcast_to(each, shape) for each in (x, y, z))
        return te.compute(shape, lambda *i: sign * (x[i] * y[i] - z[i]))

    def answer(mod):
        main = mod["main"]
        uses, values = use_counts(main), producers(main)
        product = is_op("relax.multiply")(wildcard(), wildcard())
        z = wildcard()
        pattern = is_op("relax.subtract")(product, z)
        if both_sides:
            pattern = pattern | is_op("relax.subtract")(z, product)
        builder = relax.BlockBuilder(mod)

        def rewrite(call, found):
            inner = next((v for v in call.args if v in values and values[v].same_as(found[product])), None)
            if inner is None or (single and uses[inner] != 1):
                return call
            x, y = found[product].args
            other = call.args[0] if call.args[1].same_as(inner) else call.args[1]
            if shapes and not structural_equal(other.ty, (x if factors else call).ty):
                return call
            if shapes and factors and not structural_equal(x.ty, y.ty):
                return call
            return builder.call_te(program, x, y, other)

        builder.update_func(mod.get_global_var("main"), rewrite_call(pattern, rewrite, main))
        done = builder.finalize()
        return transform.DeadCodeElimination()(done) if clean else done

    return answer


def layers_by_pattern(*, check=True, vector=True, both=False, names=("lab.linear_relu", "lab.linear"), reverse=False):
    def fits(match):
        right = not vector or len(match.annotated_expr["bias"].ty.shape) == 1
        return right and (not check or not has_leaking_intermediate_variables(match))

    def answer(mod):
        bias = wildcard()
        total = is_op("relax.add")(is_op("relax.matmul")(wildcard(), is_op("relax.permute_dims")(wildcard())), bias)
        patterns = [(names[0], is_op("relax.nn.relu")(total), {"bias": bias}, fits)]
        if both:
            patterns.append((names[1], total, {"bias": bias}, fits))
        return transform.FuseOpsByPattern(patterns[::-1] if reverse else patterns, bind_constants=False)(mod)

    return answer


def three_operators(mod):
    return LinearFuser(mod, activation=True).transform()


def cleaned(*, order="backwards", known=True, effects=True, typed=True):
    def has_effect(binding, pure):
        op = getattr(binding.value, "op", None)
        return effects and isinstance(op, relax.ExternFunc) and not (known and op.global_symbol in pure)

    def once(main, pure):
        needed = set(operands(main.body.body))
        for binding in bindings(main):
            needed.update(operands(binding.value))
        blocks = [
            type(block)([b for b in block.bindings if b.var in needed or has_effect(b, pure)])
            for block in main.body.blocks
        ]
        body = relax.SeqExpr(blocks, main.body.body)
        body = relax.BlockBuilder().normalize(body) if typed else body
        return relax.Function(main.params, body, main.ret_ty, main.is_pure, main.attrs)

    def answer(mod, pure):
        main, rounds = mod["main"], 1 if order == "single pass" else len(bindings(mod["main"])) + 1
        for _ in range(rounds):
            main = once(main, pure)
        return tvm.IRModule({mod.get_global_var("main"): main})

    return answer


def folded_by_walk(*, swapped=True, product=np.multiply, combine=np.add, named=False):
    """Constant folding over a list of bindings, without a mutator."""
    compute = {"relax.add": np.add, "relax.subtract": np.subtract, "relax.multiply": product}

    def answer(mod):
        main = mod["main"]
        known: dict[Any, Any] = {}
        sums: dict[Any, Any] = {}
        names: dict[Any, Any] = {}
        builder = relax.BlockBuilder()
        params = list(copy_with_new_vars(main).params)
        names.update(zip(main.params, params, strict=True))

        def value_of(v):
            return v.value.numpy() if isinstance(v, ir.GenericConst) else known.get(v)

        def expression(v):
            constant = value_of(v)
            return names[v] if constant is None else relax.const(constant, "float32")

        with builder.function("main", params):
            with builder.dataflow():
                for b in bindings(main):
                    left, right = b.value.args
                    a, c = value_of(left), value_of(right)
                    if a is not None and c is not None:
                        known[b.var] = compute[callee_name(b.value)](a, c)
                        continue
                    rest, constant = (left, c) if c is not None else (right, a)
                    if callee_name(b.value) == "relax.add" and constant is not None and (c is not None or swapped):
                        if rest in sums:
                            rest, before = sums[rest]
                            constant = combine(before, constant)
                        sums[b.var] = (rest, constant)
                        total = relax.const(constant, "float32")
                        total = builder.emit(total) if named else total
                        names[b.var] = builder.emit(relax.op.add(names[rest], total))
                        continue
                    names[b.var] = builder.emit(relax.Call(b.value.op, [expression(left), expression(right)]))
                out = builder.emit_output(names[main.body.body])
            builder.emit_func_output(out)
        return transform.DeadCodeElimination()(builder.finalize())

    return answer


def folded_by_tvm(mod):
    return Sequential([transform.FoldConstant(), transform.DeadCodeElimination()])(mod)


def legalized_after_grouping(mod):
    """Groups first and lowers the group afterwards, keeping the given module's functions in place."""
    lowered = transform.LegalizeOps()(mod)
    functions = dict(lowered.functions_items())
    main = lowered.get_global_var("main")
    group = ir.GlobalVar("all_of_it")
    inner = copy_with_new_vars(functions[main]).without_attr("global_symbol").with_attr("Primitive", 1)
    relax.expr._update_type(group, inner.ty)
    functions[group] = inner
    params = list(copy_with_new_vars(functions[main]).params)
    out = relax.Var("out", functions[main].ret_ty)
    block = relax.DataflowBlock([relax.VarBinding(out, relax.Call(group, params))])
    body = relax.BlockBuilder().normalize(relax.SeqExpr([block], out))
    functions[main] = relax.Function(params, body, functions[main].ret_ty).with_attr("global_symbol", "main")
    return transform.FuseTIR()(tvm.IRModule(functions))


def of_zeros(mod):
    """Calls one program, which fills the result with zeros."""
    main = mod["main"]
    shape = [int(n) for n in main.ret_ty.shape.values]
    params = list(copy_with_new_vars(main).params)
    builder = relax.BlockBuilder()
    with builder.function("main", params):
        with builder.dataflow():
            out = builder.emit_output(builder.call_te(lambda x: te.compute(shape, lambda *_: te.const(0.0)), params[0]))
        builder.emit_func_output(out)
    return builder.finalize()


def behind_a_call(mod):
    """The first bound is met by a ``main`` that calls the function with all the work in it."""
    functions = dict(Sequential(STEPS)(mod).functions_items())
    main = next(var for var in functions if var.name_hint == "main")
    inner = ir.GlobalVar("inner")
    functions[inner] = copy_with_new_vars(functions[main]).without_attr("global_symbol")
    relax.expr._update_type(inner, functions[inner].ty)
    params = list(copy_with_new_vars(functions[main]).params)
    out = relax.Var("out", functions[main].ret_ty)
    block = relax.DataflowBlock([relax.VarBinding(out, relax.Call(inner, params))])
    body = relax.BlockBuilder().normalize(relax.SeqExpr([block], out))
    functions[main] = relax.Function(params, body, functions[main].ret_ty).with_attr("global_symbol", "main")
    return tvm.IRModule(functions)


def fixed(mod):
    """A module made for shapes of its own."""
    return Sketch({"x": (2, 99)}, ['out = R.add(x, R.const(1.0, "float32"))'], "out").module()


def with_a_part_missing(solution):
    def answer(mod):
        text = str(mod.script())
        last = max(("R.tanh", "R.sigmoid"), key=text.rfind)
        start = text.rfind(last)
        return solution(tvm.script.from_source(f"{text[:start]}R.nn.relu{text[start + len(last) :]}"))

    return answer


TVM_CSE = transform.EliminateCommonSubexpr()


def pipelined(*steps):
    return lambda mod: Sequential(list(steps))(mod)


STEPS = [transform.LegalizeOps(), transform.AnnotateTIROpPattern(), transform.FoldConstant(), transform.FuseOps(),
         transform.FuseTIR()]  # fmt: skip
