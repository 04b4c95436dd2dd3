"""What holds for all tests: the learner's own progress, the search for garbage, and which failures get a second try."""

import gc
import os
import tempfile
from collections import Counter
from collections.abc import Iterator

import pytest

# For kernels and commands that tests start, too; a test of the progress names a file of its own.
os.environ["MLC_PROGRESS_FILE"] = os.path.join(tempfile.mkdtemp(prefix="mlc-progress-"), "progress.json")

# What a browser or a clock says depends on what else the machine does. `make test` runs such tests once more, alone,
# if they are all that failed; the process then ends with this status in place of 1.
DEPENDS_ON_LOAD = {"browser", "timed"}
TRY_AGAIN = 75
_failed: list[bool] = []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files by how long they take: workers take whole files in turn, and one that is long and last runs alone."""
    tests = Counter(item.path for item in items)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in slow, -tests[item.path], item.path))


def pytest_collection_finish() -> None:
    """Take what the imports made out of the search for garbage: it was a fifth of the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failed.append(bool(DEPENDS_ON_LOAD & set(report.keywords)))


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    yield
    if session.exitstatus == pytest.ExitCode.TESTS_FAILED and _failed and all(_failed):
        session.exitstatus = TRY_AGAIN
