"""Run TVM's own CUDA tests with the course's simulator in place of a GPU. See this folder's README."""

from collections import Counter
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, cast

import pytest

SUITES = (
    "codegen/test_target_codegen_cuda.py",
    "codegen/test_target_codegen_cuda_fastmath.py",
    "codegen/test_target_codegen_cuda_fp8.py",
    "codegen/test_target_codegen_gpu_common.py",
    "codegen/test_target_codegen_bool.py",
    "codegen/test_target_codegen_device.py",
    "codegen/test_target_codegen_extern.py",
    "codegen/test_target_codegen_blob.py",
    "codegen/test_inject_ptx_ldg32.py",
    "codegen/test_gpu_codegen_allreduce.py",
    "tirx-base/test_tir_ptx_mma.py",
    "tirx-base/test_tir_ptx_ldmatrix.py",
    "tirx-base/test_tir_ptx_cp_async.py",
    "s_tir/schedule/test_tir_schedule_tensorize_ldmatrix_mma_numeric.py",
    *(
        f"s_tir/dlight/test_gpu_{rule}.py"
        for rule in (
            *("fallback", "gemv", "low_batch_gemv", "general_reduction", "reduction", "rmsnorm", "transpose"),
            *("matmul", "matmul_tensorize", "conv"),
        )
    ),
    *(
        f"s_tir/meta_schedule/test_meta_schedule_{part}.py"
        for part in (
            *("space_cuda", "space_cuda_async", "space_cuda_async_multiple_initialization", "trace_apply"),
            *("schedule_rule_auto_bind", "schedule_rule_auto_inline", "schedule_rule_cross_thread_reduction"),
            *("schedule_rule_mlt", "schedule_rule_mlt_intrin", "schedule_rule_mlt_tc", "mma_tensorize"),
        )
    ),
    *(
        f"relax/test_transform_legalize_ops_{family}.py"
        for family in (
            *("binary", "unary", "create_datatype", "index_linear_algebra", "manipulate", "qdq"),
            *("nn", "grad", "image"),
        )
    ),
    "relax/test_transform_legalize_ops_search_statistical.py",
)
# Sizes of a test file that are made for a GPU, and what they are here.
SMALLER = {"test_tir_schedule_tensorize_ldmatrix_mma_numeric": {"M": 256, "N": 256, "K": 256}}
RIGHT, REFUSED, REPORTED, FAILED, UNBUILT, NONE = KINDS = (
    "right",
    "refused",
    "wrong kernel",
    "failed",
    "not built",
    "no kernel ran",
)
_KEY = "simulated"
OTHER_TEXT = "StructuralEqual check failed"  # the IR a test expects is of another version of TVM than the installed one


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("peer", "TVM's tests on the course's GPU simulator")
    group.addoption("--tvm-source", type=Path, help="a checkout of TVM's source, of the version that is installed")
    group.addoption("--compute-capability", default="10.0", help="what the simulated device says it is (10.0)")
    group.addoption("--launch-seconds", type=float, default=60, help="what the kernels of one call may take (60)")


def pytest_configure(config: pytest.Config) -> None:
    from tests.peer import sampled, scheduled
    from tests.peer.device import Simulated

    config.addinivalue_line("markers", "gpu: TVM's own mark of a test that needs a GPU")
    source = config.getoption("--tvm-source")
    if source is not None and config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args[:] = [str(source / "tests/python" / suite) for suite in SUITES]
    device = Simulated(config.getoption("--compute-capability"), config.getoption("--launch-seconds"))
    device.install()
    scheduled.install(device)
    sampled.install(device)
    config.pluginmanager.register(Peer(device), "peer")


class Peer:
    """Says of each test what became of its kernels."""

    def __init__(self, device: Any):
        self.device = device
        self.outcomes: dict[str, tuple[str, str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        from tests.peer.device import Record

        self.device.record = Record()
        module = getattr(item, "module", None)
        for name, value in SMALLER.get(getattr(module, "__name__", "").split(".")[-1], {}).items():
            setattr(module, name, value)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> Any:
        report = yield
        if report.when == "call" or report.outcome == "failed":
            message = str(call.excinfo.value) if call.excinfo is not None else ""
            found = verdict(_name(item.nodeid), report.outcome, self.device.record, message)
            report.user_properties.append((_KEY, found))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for key, value in report.user_properties:
            if key == _KEY:
                self.outcomes[report.nodeid] = cast(tuple[str, str], value)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        write = terminalreporter.write_line
        terminalreporter.section("on the simulator")
        for test, (kind, why) in sorted(self.outcomes.items(), key=lambda entry: (entry[1], entry[0])):
            write(f"{kind:13} {_name(test)}{': ' + why if why else ''}")
        totals = Counter(kind for kind, _ in self.outcomes.values())
        write(", ".join(f"{kind} {totals[kind]}" for kind in KINDS))
        for why, count in Counter(why for kind, why in self.outcomes.values() if kind == REFUSED).most_common():
            write(f"  refused {count}: {why}")


def verdict(test: str, outcome: str, record: Any, message: str) -> tuple[str, str]:
    """What a test says of the simulator, and why.

    ``message`` is the one of the exception that ended the test. Whatever was refused, reported or not built before
    it may have been caught, so that it excuses a failed test only where the exception itself is that.
    """
    from tests.peer.device import lines_of

    wrong = [error for error in record.errors if not _reported(test, error)]
    if wrong:
        return FAILED, wrong[0]
    reached = record.runs or record.errors or record.refusals
    if outcome == "failed" and not (reached and message.startswith(OTHER_TEXT)):
        return _of_failed(record, message.strip())
    if record.errors:
        return REPORTED, record.errors[0]
    if record.refusals:
        return REFUSED, record.refusals[0]
    if outcome == "skipped":
        return NONE, "skipped: " + lines_of(message)[-1][:120]
    if record.runs:
        return RIGHT, ""
    return (UNBUILT, record.unbuilt[0]) if record.unbuilt else (NONE, "")


def _of_failed(record: Any, message: str) -> tuple[str, str]:
    from tests.peer.device import lines_of, shortened

    lines = lines_of(message)
    for error in record.errors:
        if error.partition(": ")[2] in (message, lines[-1]):
            return REPORTED, error
    if shortened(message) in record.refusals:
        return REFUSED, shortened(message)
    if lines[-1][:200] in record.unbuilt:
        return UNBUILT, lines[-1][:200]
    reached = record.runs or record.errors or record.refusals
    return (FAILED if reached else UNBUILT), " / ".join(lines[:2])[:200]


def _name(nodeid: str) -> str:
    return nodeid.split("tests/python/")[-1]


def _reported(test: str, error: str) -> bool:
    """Whether ``reported.txt`` says that this error of this test's kernel is one."""
    lines = [line.split(" ") for line in Path(__file__).with_name("reported.txt").read_text().splitlines()]
    known = [(words[0].replace("[", "[[]"), words[1]) for words in lines if words[0] != "#"]
    return any(fnmatch(test, pattern) and error.startswith(kind) for pattern, kind in known)
