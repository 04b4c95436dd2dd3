"""GPU programs agree with their oracles; CUDA text, PTX and DLight's rules come out of them."""

import shutil

import numpy as np
import pytest
from tvm.s_tir import Schedule

from mlc_ref.gpu import codegen, programs, reference
from mlc_ref.gpu.schedules import matmul as matmul_schedules
from mlc_ref.gpu.schedules import vector_add as vector_schedules
from mlc_ref.gpu.synchronization import programs as synchronization
from mlc_ref.harness import error_bound, run

SHAPES = [(64, 96, 32), (33, 50, 7), (1, 1, 1)]


def uniform(rng, *shape):
    return rng.random(shape, dtype="float32")


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def assert_close(found, expected, sum_length=1):
    np.testing.assert_allclose(found, expected, rtol=2 * error_bound(sum_length + 1))


@pytest.mark.parametrize(("n", "m", "k"), SHAPES)
def test_matmul_program_is_the_matrix_product(rng, n, m, k):
    a, b = uniform(rng, n, k), uniform(rng, k, m)
    (c,) = run(programs.matmul(n, m, k), [a, b], [((n, m), "float32")])
    assert_close(c, reference.matmul(a, b), k)


@pytest.mark.parametrize(("n", "m", "k"), SHAPES)
def test_one_operand_programs_agree_with_their_oracles(rng, n, m, k):
    a, v = uniform(rng, n, m), uniform(rng, n + 2)
    (b,) = run(programs.transpose(n, m), [a], [((m, n), "float32")])
    np.testing.assert_array_equal(b, reference.transpose(a))
    (b,) = run(programs.row_sum(n, m), [a], [((n,), "float32")])
    assert_close(b, reference.row_sum(a), m)
    (b,) = run(programs.window_sum(n, window=3), [v], [((n,), "float32")])
    assert_close(b, reference.window_sum(v, window=3), 3)
    (b,) = run(programs.total(n), [v[:n]], [((1,), "float32")])
    assert_close(b, reference.total(v[:n]), n)


@pytest.mark.parametrize(("n", "stride", "offset"), [(17, 1, 0), (17, 1, 3), (17, 5, 2), (1, 1, 0)])
def test_element_wise_programs_agree_with_their_oracles(rng, n, stride, offset):
    a, b = uniform(rng, n * stride + offset), uniform(rng, n)
    (c,) = run(programs.strided_copy(n, stride, offset), [a], [((n,), "float32")])
    np.testing.assert_array_equal(c, reference.strided_copy(a, n, stride, offset))
    (c,) = run(programs.vector_add(n), [a[:n], b], [((n,), "float32")])
    assert_close(c, reference.vector_add(a[:n], b))


def test_window_sum_oracle_by_hand():
    np.testing.assert_array_equal(reference.window_sum(np.arange(5), window=3), [3, 6, 9])


def test_block_reverse_oracle_by_hand():
    np.testing.assert_array_equal(reference.block_reverse(np.arange(6), block=3), [2, 1, 0, 5, 4, 3])


def test_cuda_text_guards_the_last_block_only_where_the_shape_does_not_divide():
    even = vector_schedules.one_element_a_thread(Schedule(programs.vector_add(256)))
    uneven = vector_schedules.one_element_a_thread(Schedule(programs.vector_add(250)))
    assert "if (" not in codegen.kernel_source(even.mod)
    assert codegen.kernel_source(uneven.mod).count("if (") == 1


def test_kernel_source_is_the_kernels_of_the_cuda_text():
    sch = matmul_schedules.naive(Schedule(programs.matmul(32, 32, 32)))
    kernel = codegen.kernel_source(sch.mod)
    assert kernel.startswith('extern "C" __global__ void')
    assert kernel.count("__global__") == 1
    assert kernel.rstrip().endswith("}")
    assert kernel.strip() in codegen.cuda_source(sch.mod)


def test_a_program_without_threads_has_no_cuda_text():
    with pytest.raises(ValueError, match=r"found no kernel; bind a loop"):
        codegen.cuda_source(programs.matmul(8, 8, 8))


def test_an_impossible_architecture_is_refused():
    sch = matmul_schedules.naive(Schedule(programs.matmul(32, 32, 32)))
    with pytest.raises(ValueError, match=r"arch: got 'ampere', allowed 'sm_'"):
        codegen.cuda_source(sch.mod, arch="ampere")


def test_ptx_comes_from_a_compiler_or_says_that_there_is_none():
    source = codegen.cuda_source(matmul_schedules.vectorized_fetch(Schedule(programs.matmul(128, 128, 64))).mod)
    if not codegen.cuda_compilers():
        with pytest.raises(codegen.NoCudaCompilerError, match=r"found neither nvcc .* nor NVRTC"):
            codegen.ptx(source)
        return
    text = codegen.ptx(source, arch="sm_80")
    assert ".target sm_80" in text
    assert "ld.global.nc.v4" in text or "ld.global.v4" in text
    assert text.count("bar.sync") == source.count("__syncthreads")


def test_without_a_compiler_ptx_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(codegen, "_has_nvrtc", lambda: False)
    assert codegen.cuda_compilers() == ()
    with pytest.raises(codegen.NoCudaCompilerError, match=r"install the CUDA toolkit, or: pip install cuda-bindings"):
        codegen.ptx("")


@pytest.mark.parametrize(
    ("mod", "traits"),
    [
        (programs.vector_add(1000), {"__syncthreads": False, "__shfl": False}),
        (programs.transpose(64, 96), {"__syncthreads": True, "__shared__": True}),
        (programs.row_sum(64, 96), {"__shfl": True}),
        (programs.matmul(128, 128, 64), {"__syncthreads": True, "__shared__": True}),
    ],
    ids=["element-wise", "transpose", "reduction", "matmul"],
)
def test_dlight_chooses_a_rule_by_the_shape_of_the_program(mod, traits):
    source = codegen.kernel_source(codegen.dlight_schedule(mod))
    assert {word: word in source for word in traits} == traits


def test_dlight_leaves_the_program_it_was_given_alone():
    mod = programs.matmul(32, 32, 32)
    before = mod.script()
    codegen.dlight_schedule(mod)
    assert mod.script() == before


def test_tree_sum_refuses_what_halving_cannot_add():
    with pytest.raises(ValueError, match=r"threads: got 48, allowed the powers of 2"):
        synchronization.tree_sum(1, 48)
    with pytest.raises(ValueError, match=r"barriers: got 'some', allowed every step, missing, divergent"):
        synchronization.tree_sum(1, 32, barriers="some")


def test_faults_differ_from_the_right_kernels_by_their_barriers_alone():
    def barriers(mod):
        return [line.split("tvm")[0] for line in mod.script().splitlines() if "storage_sync" in line]

    def rest(mod):
        return [line for line in mod.script().splitlines() if "storage_sync" not in line]

    right, wrong = synchronization.block_reverse(2, 32), synchronization.block_reverse(2, 32, barrier=False)
    assert (len(barriers(right)), len(barriers(wrong))) == (1, 0)
    assert rest(right) == rest(wrong)
    every, missing, divergent = (synchronization.tree_sum(2, 32, barriers) for barriers in synchronization.BARRIERS)
    assert [len(barriers(mod)) for mod in (every, missing, divergent)] == [2, 1, 2]
    assert rest(every) == rest(missing) == rest(divergent)
    assert barriers(every) != barriers(divergent), "the second barrier stands at another depth"
