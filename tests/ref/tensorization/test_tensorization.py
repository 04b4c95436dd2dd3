"""The toy accelerator, its library in C and LLVM IR, and what each instruction's description says."""

import ctypes
import importlib.util
import shutil

import numpy as np
import pytest
from tvm.s_tir import Schedule, TensorIntrin
from tvm_ffi import structural_equal

from mlc_ref.compilers import cpp_compiler
from mlc_ref.harness import error_bound, run
from mlc_ref.tensorization import accelerator, intrinsics, microkernel, reference
from mlc_ref.tensorization.programs import matmul as programs
from mlc_ref.tensorization.programs import toy as toy_programs
from mlc_ref.tensorization.schedules import toy


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def uniform(rng, *shape):
    return rng.random(shape, dtype="float32")


# The accelerator in NumPy


@pytest.mark.parametrize(("n", "m", "k"), [(4, 4, 4), (8, 12, 16)])
def test_accelerator_multiplies_tile_by_tile(rng, n, m, k):
    a, b, c = uniform(rng, n, k), uniform(rng, k, m), np.full((n, m), np.nan, "float32")
    unit = accelerator.Accelerator()
    accelerator.matmul(unit, a, b, c)
    np.testing.assert_allclose(c, reference.matmul(a, b), rtol=error_bound(k + 1))
    tiles = (n // 4) * (m // 4)
    steps = tiles * (k // 4)
    assert unit.counts == {"clear": tiles, "load_a": steps, "load_b": steps, "mac": steps, "store": tiles}


def test_a_program_that_forgets_to_clear_the_accumulator_is_noticed(rng):
    unit = accelerator.Accelerator()
    unit.load_a(uniform(rng, 4, 4))
    unit.load_b(uniform(rng, 4, 4))
    unit.mac()
    assert np.isnan(unit.tile_acc).all()


def test_accelerator_refuses_what_is_no_tile(rng):
    unit = accelerator.Accelerator()
    with pytest.raises(ValueError, match=r"load_a: got \(4, 5\) float32, allowed \(4, 4\) float32"):
        unit.load_a(uniform(rng, 4, 5))
    with pytest.raises(ValueError, match=r"store: got \(4, 4\) float64"):
        unit.store(np.zeros((4, 4)))


def test_accelerator_refuses_shapes_it_cannot_tile(rng):
    unit = accelerator.Accelerator()
    with pytest.raises(ValueError, match=r"got sizes 6, 8, 4, allowed multiples of 4"):
        accelerator.matmul(unit, uniform(rng, 6, 4), uniform(rng, 4, 8), np.zeros((6, 8), "float32"))
    with pytest.raises(ValueError, match=r"got a \(4, 4\), b \(8, 4\)"):
        accelerator.matmul(unit, uniform(rng, 4, 4), uniform(rng, 8, 4), np.zeros((4, 4), "float32"))


# Programs


@pytest.mark.parametrize(("n", "m", "k"), [(8, 12, 4), (3, 5, 7), (1, 1, 1)])
def test_matmul_program_in_each_dtype(rng, n, m, k):
    a, b = uniform(rng, n, k), uniform(rng, k, m)
    (c,) = run(programs.matmul(n, m, k), [a, b], [((n, m), "float32")])
    np.testing.assert_allclose(c, reference.matmul(a, b), rtol=error_bound(k + 1))
    half_a, half_b = a.astype("float16"), b.astype("float16")
    (c,) = run(programs.matmul(n, m, k, "float16", "float16", "float32"), [half_a, half_b], [((n, m), "float32")])
    np.testing.assert_allclose(c, reference.matmul(half_a, half_b), rtol=error_bound(k + 1))
    byte_a, byte_b = rng.integers(0, 256, (n, k), "uint8"), rng.integers(-128, 128, (k, m), "int8")
    (c,) = run(programs.matmul(n, m, k, "uint8", "int8", "int32"), [byte_a, byte_b], [((n, m), "int32")])
    np.testing.assert_array_equal(c, reference.matmul_int(byte_a, byte_b))


def test_tiled_matmul_is_the_matrix_product(rng):
    a, b = uniform(rng, 8, 16), uniform(rng, 16, 12)
    (c,) = run(programs.tiled_matmul(8, 12, 16), [a, b], [((8, 12), "float32")])
    np.testing.assert_allclose(c, reference.matmul(a, b), rtol=error_bound(17))


def test_tiled_matmul_refuses_sizes_the_tile_does_not_divide():
    with pytest.raises(ValueError, match=r"got sizes 8, 10, 16, allowed multiples of tile=4"):
        programs.tiled_matmul(8, 10, 16)


def test_integer_oracle_refuses_sums_int32_cannot_hold():
    huge = np.full((1, 1), 2**20, "int64")
    with pytest.raises(OverflowError, match="allowed what int32 holds"):
        reference.matmul_int(huge, huge)


# Descriptions and implementations


def test_registering_again_after_the_module_was_reloaded_is_harmless():
    intrinsics.register_toy()
    first = TensorIntrin.get(intrinsics.TOY_MAC)
    spec = importlib.util.spec_from_file_location("reloaded_intrinsics", intrinsics.__file__)
    assert spec is not None
    assert spec.loader is not None
    reloaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reloaded)
    reloaded.register_toy()
    assert not TensorIntrin.get(intrinsics.TOY_MAC).same_as(first)
    assert structural_equal(TensorIntrin.get(intrinsics.TOY_MAC).desc, first.desc)


def test_a_description_computes_what_the_instruction_does(rng):
    """The description is a program of its own: run it beside the accelerator."""
    import tvm

    a, b, c = uniform(rng, 4, 4), uniform(rng, 4, 4), uniform(rng, 4, 4)
    description = toy_programs.mac_desc("global", "global", "global").with_attr("global_symbol", "main")
    tensors = [tvm.runtime.tensor(x) for x in (a, b, c)]
    tvm.compile(tvm.IRModule({"main": description}), target="llvm")["main"](*tensors)
    unit = accelerator.Accelerator()
    unit.load_a(a)
    unit.load_b(b)
    unit.tile_acc[:] = c
    unit.mac()
    np.testing.assert_allclose(tensors[2].numpy(), unit.tile_acc, rtol=error_bound(5))


# The library in C


def tile_of(array):
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_float))


def test_c_library_computes_what_the_accelerator_does(rng):
    if microkernel.c_compiler() is None:
        with pytest.raises(microkernel.NoCCompilerError):
            microkernel.load_c_library()
        return
    library = microkernel.load_c_library()
    a, b = uniform(rng, 4, 9), uniform(rng, 4, 8)
    c = uniform(rng, 4, 6)
    expected = c.copy()
    expected[:, :4] += a[:, :4] @ b[:, :4]
    library.toy_mac(tile_of(c), tile_of(a), tile_of(b), 6, 9, 8)
    np.testing.assert_allclose(c, expected, rtol=error_bound(5))
    library.toy_copy(tile_of(c), tile_of(a), 6, 9)
    np.testing.assert_array_equal(c[:, :4], a[:, :4])
    library.toy_clear(tile_of(c), 6)
    np.testing.assert_array_equal(c[:, :4], 0)
    np.testing.assert_array_equal(c[:, 4:], expected[:, 4:], "nothing beyond the tile is touched")
    microkernel.require_symbols()


def test_a_program_calls_the_c_library(rng):
    if microkernel.c_compiler() is None:
        with pytest.raises(microkernel.NoCCompilerError):
            microkernel.load_c_library()
        return
    microkernel.load_c_library()
    a, b = uniform(rng, 8, 4), uniform(rng, 4, 12)
    sch = toy.tensorize_with_memories(Schedule(programs.matmul(8, 12, 4)))
    (c,) = run(sch.mod, [a, b], [((8, 12), "float32")])
    np.testing.assert_allclose(c, reference.matmul(a, b), rtol=error_bound(5))


def test_without_a_c_compiler_the_message_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(microkernel.NoCCompilerError, match=r"no compiler \(CC, cc, gcc, clang\); install one, or use"):
        microkernel.compile_c(microkernel.C_SOURCE, tmp_path / "libtoy.so")


def test_c_the_compiler_refuses_is_reported_with_its_words(tmp_path):
    if microkernel.c_compiler() is None:
        with pytest.raises(microkernel.NoCCompilerError):
            microkernel.compile_c("int f(", tmp_path / "libf.so")
        return
    with pytest.raises(RuntimeError, match=r"(?s)refused the source:.*error"):
        microkernel.compile_c("int f(", tmp_path / "libf.so")


def test_the_compiler_named_by_cc_comes_first(monkeypatch):
    monkeypatch.setenv("CC", "my-cc")
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name in ("my-cc", "gcc") else None)
    assert microkernel.c_compiler() == "/bin/my-cc"


def test_the_cpp_compiler_is_found_in_the_same_way(monkeypatch):
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name in ("my-cc", "clang++") else None)
    assert cpp_compiler() == "/bin/clang++"
    monkeypatch.setenv("CXX", "my-cc")
    assert cpp_compiler() == "/bin/my-cc"
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert cpp_compiler() is None


def test_a_function_that_is_nowhere_is_found_missing_before_it_is_called():
    with pytest.raises(microkernel.UnresolvedSymbolError, match="found no function toy_divide; load its library"):
        microkernel.require_symbols(("toy_divide",))


# The library in LLVM IR


def test_llvm_text_defines_the_functions_of_the_c_source():
    text = microkernel.llvm_ir()
    for symbol in microkernel.SYMBOLS:
        assert f"define i32 @{symbol}(" in text
        assert f"int {symbol}(" in microkernel.C_SOURCE


@pytest.mark.parametrize("schedule", [toy.tensorize, toy.tensorize_with_memories])
@pytest.mark.parametrize(("n", "m", "k"), [(8, 12, 16), (4, 4, 4), (15, 7, 10), (1, 1, 1)])
def test_a_program_carries_its_micro_kernels(rng, schedule, n, m, k):
    a, b = uniform(rng, n, k), uniform(rng, k, m)
    sch = schedule(Schedule(programs.matmul(n, m, k)))
    microkernel.attach_llvm(sch, "matmul_update_o")
    (c,) = run(sch.mod, [a, b], [((n, m), "float32")])
    np.testing.assert_allclose(c, reference.matmul(a, b), rtol=error_bound(k + 1))
