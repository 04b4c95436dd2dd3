# The module stands inside of the function and is written anew at every call.
# earns: all
def run_with_library(x, v, w, b, library):
    tvm.register_global_func("lab.linear", library, override=True)

    @I.ir_module
    class Mixed:
        @T.prim_func(s_tir=True)
        def mix(X: T.Buffer((5, 14), "float32"), V: T.Buffer((14, 9), "float32"), Y: T.Buffer((5, 9), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j, k in T.grid(5, 9, 14):
                with T.sblock("mix"):
                    vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                    with T.init():
                        Y[vi, vj] = T.float32(0)
                    Y[vi, vj] += X[vi, vk] * V[vk, vj]

        @T.prim_func(s_tir=True)
        def square(X: T.Buffer((5, 9), "float32"), Y: T.Buffer((5, 9), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j in T.grid(5, 9):
                with T.sblock("square"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    Y[vi, vj] = X[vi, vj] * X[vi, vj]

        @R.function
        def main(
            x: R.Tensor((5, 14), "float32"), v: R.Tensor((14, 9), "float32"),
            w: R.Tensor((6, 9), "float32"), b: R.Tensor((6,), "float32"),
        ) -> R.Tensor((5, 6), "float32"):
            with R.dataflow():
                m = R.call_tir(Mixed.mix, (x, v), out_ty=R.Tensor((5, 9), "float32"))
                s = R.call_tir(Mixed.square, (m,), out_ty=R.Tensor((5, 9), "float32"))
                y = R.call_dps_packed("lab.linear", (s, w, b), out_ty=R.Tensor((5, 6), "float32"))
                R.output(y)
            return y

    vm = relax.VirtualMachine(tvm.compile(Mixed, target=tvm.target.Target("llvm")), tvm.cpu())
    given = [tvm.runtime.tensor(np.ascontiguousarray(array)) for array in (x, v, w, b)]
    return Mixed, vm["main"](*given).numpy()
