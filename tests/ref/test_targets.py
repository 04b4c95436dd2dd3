"""Targets and the features of the CPU."""

import pytest

from mlc_ref.targets import CpuFeatures, cpu_features, cpu_target, cuda_target, features_from_flags


def test_features_follow_the_flags_of_the_cpu():
    avx512 = features_from_flags({"avx2", "avx512f", "avx512_vnni", "fpu"})
    assert avx512 == CpuFeatures(avx2=True, avx512=True, vnni=True)
    assert (avx512.vector_bits, avx512.vector_registers) == (512, 32)
    avx2 = features_from_flags({"avx2"})
    assert (avx2.vector_bits, avx2.vector_registers) == (256, 16)
    neon = features_from_flags({"asimd"})
    assert (neon.vector_bits, neon.vector_registers) == (128, 32)
    assert CpuFeatures().vector_bits == 128


def test_this_machine_has_a_vector_register():
    assert cpu_features().vector_bits >= 128


def test_the_native_target_names_the_cpu_and_its_cores():
    target = cpu_target(3)
    assert target.kind.name == "llvm"
    assert int(target.attrs["num-cores"]) == 3
    assert str(target.attrs["mcpu"])


def test_the_cuda_target_carries_the_limits_that_schedule_rules_read():
    target = cuda_target("sm_80")
    assert target.kind.name == "cuda"
    assert int(target.attrs["max_threads_per_block"]) == 1024
    assert target.host is not None


@pytest.mark.parametrize("arch", ["80", "sm_", "sm_x", "gfx900"])
def test_an_architecture_that_is_none_is_refused(arch):
    with pytest.raises(ValueError, match="allowed 'sm_' and a number"):
        cuda_target(arch)
