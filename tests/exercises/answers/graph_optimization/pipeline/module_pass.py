# A module pass of its own, which takes equal calls for one by their structural hash.
# earns: all
import tvm_ffi


@tvm.transform.module_pass(opt_level=0, name="OneOfEqualCalls")
class OneOfEqualCalls:
    def transform_module(self, mod, context):
        main, builder = mod["main"], relax.BlockBuilder()
        new, made = {param: relax.Var(param.name, param.ty) for param in main.params}, {}
        with builder.function("main", list(new.values())):
            with builder.dataflow():
                for binding in bindings(main):
                    value = binding.value
                    if isinstance(value, relax.Call):
                        value = relax.Call(value.op, [new.get(each, each) for each in value.args], value.attrs)
                    key = tvm_ffi.structural_hash(value)
                    if key not in made:
                        made[key] = builder.emit(value)
                    new[binding.var] = made[key]
                result = builder.emit_output(new[main.body.body])
            builder.emit_func_output(result)
        return builder.finalize()


def pipeline(mod):
    with tvm.transform.PassContext(opt_level=3):
        return Sequential([OneOfEqualCalls(), legalize_and_fuse(), passes.MergeLoops])(mod)
