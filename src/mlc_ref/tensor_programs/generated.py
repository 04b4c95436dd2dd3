"""Looking at what a compiler makes of a tensor program, and at what it says against one."""

import re
import textwrap
from collections import Counter

import tvm
from tvm import s_tir, tirx

from mlc_ref.kinds import takes
from mlc_ref.language import Text, for_print


@takes("IRModule")
def without_blocks(mod: tvm.IRModule) -> tvm.IRModule:
    """The loops that are left once blocks have done their work; buffers become one-dimensional.

    Runs the passes of TVM's default pipeline that dissolve blocks and flatten buffers, and no other.
    Before and after, for a sum over ``k``::

        for i, k in T.grid(4, 6):               for i, k in T.grid(4, 6):
            with T.sblock("total"):                 if k == 0:
                vi, vk = remap("SR", [i, k])            total[i] = 0
                with T.init():                      total[i] = total[i] + X[i * 6 + k]
                    total[vi] = 0
                total[vi] = total[vi] + X[vi, vk]
    """
    passes = [
        s_tir.transform.LowerInitBlock(),
        s_tir.transform.ConvertBlocksToOpaque(),
        s_tir.transform.LowerOpaqueBlock(),
        tirx.transform.FlattenBuffer(),
    ]
    return tvm.transform.Sequential(passes)(mod)


def llvm_function(source: str, name: str) -> str:
    """One function of an LLVM listing, without debug notes.

    Args:
        source: what ``executable.mod.inspect_source("ll")`` returns.
        name: the function's name as it stands after ``@``; TVM calls the loops of ``main`` ``main_compute_``.

    Raises:
        KeyError: the listing defines no such function; the message lists those it defines.
    """
    bodies = re.findall(r"^define[^\n]*?@([\w.]+)\(.*?^\}", source, re.M | re.S)
    found = re.search(rf"^define[^\n]*?@{re.escape(name)}\(.*?^\}}", source, re.M | re.S)
    if found is None:
        raise KeyError(
            for_print(
                Text(
                    f"{name}: not defined, the listing has {', '.join(bodies)}",
                    f"{name}：没有定义，代码中有 {', '.join(bodies)}",
                )
            )
        )
    return "\n".join(line for line in found.group(0).splitlines() if "#dbg" not in line)


def arithmetic(llvm: str) -> Counter[str]:
    """How often each floating-point instruction stands in LLVM text, with the type it works on.

    ``{"fadd <4 x float>": 3}``: three instructions, each of which adds four pairs of numbers.
    """
    kind = r"<\d+ x \w+>|half|float|double"
    return Counter(" ".join(found) for found in re.findall(rf"= (f(?:add|sub|mul|div))(?: \w+)*? ({kind})", llvm))


def complaint(error: Exception, width: int = 76) -> str:
    """The reason TVM gives for a refusal, without the program it prints around it.

    Args:
        error: what was raised.
        width: long lines are broken to at most so many characters.
    """
    text = str(error)
    for mark in ("Error message: ", "Traceback: "):
        text = text.partition(mark)[2] or text
    lines = text.partition("\n -->")[0].strip().splitlines()
    return "\n".join(part for line in lines for part in textwrap.wrap(line, width))
