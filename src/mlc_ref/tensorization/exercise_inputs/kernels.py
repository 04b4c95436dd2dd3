"""The micro-kernel and the instructions the exercises on tensorization are given."""

from functools import cache

DOT = "mlc_given_dot_16x4"
ROWS, LANES, DEPTH = 4, 8, 2

C_SOURCE = """\
/* C += A @ B: 4 x 2 times 2 x 8 floats; s? is the distance between rows, in floats. */
int rank2_4x8(float *c, const float *a, const float *b, int sc, int sa, int sb) {
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 8; ++j)
      for (int p = 0; p < 2; ++p) c[i * sc + j] += a[i * sa + p] * b[p * sb + j];
  return 0;
}
"""


def rank2_llvm() -> str:
    """``C_SOURCE`` as LLVM IR text, a row of ``C`` in a vector register."""
    body = [line for p in range(DEPTH) for line in (*_row("b", p), f"  %b{p}.v = load <8 x float>, ptr %b{p}, align 4")]
    for i in range(ROWS):
        body += [*_row("c", i), f"  %c{i}.v = load <8 x float>, ptr %c{i}, align 4", *_row("a", i)]
        total = f"%c{i}.v"
        for p in range(DEPTH):
            body += _step(i, p, total)
            total = f"%t{i}{p}"
        body.append(f"  store <8 x float> {total}, ptr %c{i}, align 4")
    arguments = "ptr %c, ptr %a, ptr %b, i32 %sc, i32 %sa, i32 %sb"
    return "\n".join([f"define i32 @rank2_4x8({arguments}) {{", *body, "  ret i32 0", "}", ""])


def _row(matrix: str, row: int) -> list[str]:
    name = f"%{matrix}{row}"
    return [
        f"  {name}.o = mul i32 %s{matrix}, {row}",
        f"  {name} = getelementptr float, ptr %{matrix}, i32 {name}.o",
    ]


def _step(i: int, p: int, total: str) -> list[str]:
    """``total += A[i, p] * B[p]`` on a row."""
    x = f"{i}{p}"
    return [
        f"  %e{x} = getelementptr float, ptr %a{i}, i32 {p}",
        f"  %f{x} = load float, ptr %e{x}, align 4",
        f"  %x{x} = insertelement <8 x float> poison, float %f{x}, i32 0",
        f"  %y{x} = shufflevector <8 x float> %x{x}, <8 x float> poison, <8 x i32> zeroinitializer",
        f"  %m{x} = fmul <8 x float> %y{x}, %b{p}.v",
        f"  %t{x} = fadd <8 x float> {total}, %m{x}",
    ]


@cache
def register_dot() -> None:
    """Register the portable dot product under the name ``DOT``; harmless when repeated."""
    from tvm.s_tir import TensorIntrin

    from mlc_ref.tensorization.exercise_inputs.programs import dot_portable
    from mlc_ref.tensorization.programs.dot import dot_desc

    TensorIntrin.register(DOT, dot_desc, dot_portable, override=True)
