"""What a run of an answer may call is there during the run, and not longer."""

import tvm
from tvm_ffi.registry import remove_global_func

from mlc_course.exercises.calls import registered

NAME = "toy.tripled"


def found():
    function = tvm.get_global_func(NAME, allow_missing=True)
    return None if function is None else function(2)


def test_a_library_is_found_during_the_run_only():
    with registered({NAME: lambda x: 3 * x}):
        assert found() == 6
    assert found() is None


def test_a_function_of_the_same_name_is_found_again_after_the_run():
    tvm.register_global_func(NAME, lambda x: x + 1)
    try:
        with registered({NAME: lambda x: 3 * x}):
            assert found() == 6
        assert found() == 3
    finally:
        remove_global_func(NAME)
