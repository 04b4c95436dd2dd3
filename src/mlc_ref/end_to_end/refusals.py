"""Graphs that TVM refuses, and its reason in one line.

A parser's decorator says only that a program is not well-formed; the reason is what
``relax.analysis.well_formed`` answers when it is asked about the same text.
"""

import re

RECORD_IN_PURE = """
@R.function
def main(x: R.Tensor((4,), "float32")):
    _ = R.call_packed("mlc_ref.record", x, ty_args=R.Tuple)
    return x
"""

RECORD_IN_DATAFLOW = """
@R.function(pure=False)
def main(x: R.Tensor((4,), "float32")):
    with R.dataflow():
        _ = R.call_packed("mlc_ref.record", x, ty_args=R.Tuple)
        y = R.nn.relu(x)
        R.output(y)
    return y
"""

NOT_PUT_OUT = """
@R.function
def main(x: R.Tensor((4,), "float32")):
    with R.dataflow():
        y = R.nn.relu(x)
        z = R.exp(y)
        R.output(z)
    return R.add(y, z)
"""

INNER_SIZES_DIFFER = """
@R.function
def main(
    x: R.Tensor(("n", 64), "float32"),
    w: R.Tensor((32, 64), "float32"),
):
    with R.dataflow():
        h = R.matmul(x, w)
        R.output(h)
    return h
"""


def refusal(source: str) -> str:
    """Why TVM does not accept a graph; the message without the compiler's own file names and conditions.

    Args:
        source: TVMScript of a function or module, with the prefixes ``I``, ``T`` and ``R``.

    Returns:
        TVM's reason, ``"accepted"`` where there is none.
    """
    import tvm

    try:
        parsed = tvm.script.from_source(source, check_well_formed=False)
        mod = parsed if isinstance(parsed, tvm.IRModule) else tvm.IRModule({"main": parsed})
        tvm.relax.analysis.well_formed(mod)
    except (tvm.error.DiagnosticError, ValueError) as error:
        return _reason(str(error))
    return "accepted"


def _reason(message: str) -> str:
    reason = message.rpartition("identified error:")[2].partition("\n -->")[0]
    reason = reason.rpartition("is false: ")[2].strip().removeprefix("error: ")
    return re.sub(r"Function 0x[0-9a-f]+", "The function", reason)
