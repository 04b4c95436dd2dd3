"""The toy accelerator's library: the same three functions in C and in LLVM IR.

A program calls them by name (``call_extern``), and TVM does not check that the name exists: calling
a function that is nowhere ends the process; ``harness.build`` looks first. So either load a shared library before ``tvm.compile``
(``load_c_library``), and ask ``require_symbols`` when in doubt, or give TVM the functions with the
program (``attach_llvm``), which needs no compiler.
"""

import ctypes
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mlc_ref.compilers import c_compiler
from mlc_ref.crashes import UnresolvedSymbolError as UnresolvedSymbolError  # callers of require_symbols catch it here
from mlc_ref.crashes import require_loaded
from mlc_ref.kinds import takes
from mlc_ref.language import Text, for_print

if TYPE_CHECKING:
    from tvm.s_tir import Schedule

C_SOURCE = """\
/* Tiles are 4 x 4 floats; s? is the distance between rows, in floats. */
int toy_clear(float *d, int sd) {
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) d[i * sd + j] = 0.0f;
  return 0;
}

int toy_copy(float *d, const float *s, int sd, int ss) {
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) d[i * sd + j] = s[i * ss + j];
  return 0;
}

int toy_mac(float *c, const float *a, const float *b, int sc, int sa, int sb) {
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      for (int p = 0; p < 4; ++p) c[i * sc + j] += a[i * sa + p] * b[p * sb + j];
  return 0;
}
"""
SYMBOLS = ("toy_clear", "toy_copy", "toy_mac")


class NoCCompilerError(RuntimeError):
    """A C function was to be compiled, and no C compiler is installed."""


def compile_c(source: str, library: Path) -> Path:
    """Compile C text to a shared library.

    Args:
        source: C text.
        library: file to write.

    Returns:
        ``library``.

    Raises:
        NoCCompilerError: no compiler is installed.
        RuntimeError: the compiler refuses the text; its message is included.
    """
    compiler = c_compiler()
    if compiler is None:
        raise NoCCompilerError(
            for_print(
                Text(
                    "C: found no compiler (CC, cc, gcc, clang); install one, or use attach_llvm",
                    "C：没有找到编译器（CC、cc、gcc、clang）；请安装一个，或改用 attach_llvm",
                )
            )
        )
    command = [compiler, "-x", "c", "-O2", "-shared", "-fPIC", "-o", str(library), "-"]
    done = subprocess.run(command, input=source, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(
            for_print(
                Text(
                    f"C: {compiler} refused the source:\n{done.stderr}",
                    f"C：{compiler} 不接受这段源代码：\n{done.stderr}",
                )
            )
        )
    return library


def load_library(library: Path) -> ctypes.CDLL:
    """Load a shared library so that every program compiled later finds its functions."""
    return ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)


@cache
def load_c_library() -> ctypes.CDLL:
    """Compile ``C_SOURCE`` and load it, once a process.

    Raises:
        NoCCompilerError: no compiler is installed.
    """
    folder = Path(tempfile.mkdtemp(prefix="mlc-toy-"))
    suffix = ".dylib" if sys.platform == "darwin" else ".so"
    try:
        return load_library(compile_c(C_SOURCE, folder / f"libtoy{suffix}"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # the process keeps what it has mapped


def require_symbols(names: tuple[str, ...] = SYMBOLS) -> None:
    """Make sure that every function exists in this process before a program calls it.

    Raises:
        UnresolvedSymbolError: naming those that no loaded library has.
    """
    require_loaded(names)


@takes("Schedule")
def attach_llvm(sch: "Schedule", block: str, text: str | None = None) -> "Schedule":
    """Give the program the functions it calls as LLVM IR text.

    Args:
        sch: a schedule for the CPU, changed in place.
        block: a block below the loop that carries the text.
        text: LLVM IR; default ``llvm_ir()``.
    """
    sch.annotate(sch.get_loops(block)[0], "pragma_import_llvm", text or llvm_ir())
    return sch


def llvm_ir() -> str:
    """The functions of ``C_SOURCE`` as LLVM IR text, a row of a tile in a vector register.

    Syntax: *LLVM Language Reference Manual*, ``load``, ``getelementptr``, ``shufflevector``.
    """
    clear = [_row(f"d{i}", "%d", "%sd", i) + _store(f"d{i}", "zeroinitializer") for i in range(4)]
    copy = [
        _row(f"d{i}", "%d", "%sd", i) + _row(f"s{i}", "%s", "%ss", i) + _load(f"s{i}") + _store(f"d{i}", f"%s{i}.v")
        for i in range(4)
    ]
    functions = [
        ("toy_clear", "ptr %d, i32 %sd", clear),
        ("toy_copy", "ptr %d, ptr %s, i32 %sd, i32 %ss", copy),
        ("toy_mac", "ptr %c, ptr %a, ptr %b, i32 %sc, i32 %sa, i32 %sb", _mac_body()),
    ]
    return "\n".join(
        f"define i32 @{name}({arguments}) {{\n{''.join(body)}  ret i32 0\n}}\n" for name, arguments, body in functions
    )


def _row(name: str, pointer: str, stride: str, row: int) -> str:
    return f"  %{name}.o = mul i32 {stride}, {row}\n  %{name} = getelementptr float, ptr {pointer}, i32 %{name}.o\n"


def _load(name: str) -> str:
    return f"  %{name}.v = load <4 x float>, ptr %{name}, align 4\n"


def _store(name: str, value: str) -> str:
    return f"  store <4 x float> {value}, ptr %{name}, align 4\n"


def _mac_body() -> list[str]:
    rows = [_row(f"{m}{i}", f"%{m}", f"%s{m}", i) + _load(f"{m}{i}") for m in "abc" for i in range(4)]
    body = list(rows)
    for i in range(4):
        total = f"%c{i}.v"
        for p in range(4):
            lane = f"<4 x i32> <{', '.join([f'i32 {p}'] * 4)}>"
            body.append(
                f"  %x{i}{p} = shufflevector <4 x float> %a{i}.v, <4 x float> poison, {lane}\n"
                f"  %m{i}{p} = fmul <4 x float> %x{i}{p}, %b{p}.v\n"
                f"  %t{i}{p} = fadd <4 x float> {total}, %m{i}{p}\n"
            )
            total = f"%t{i}{p}"
        body.append(_store(f"c{i}", total))
    return body
