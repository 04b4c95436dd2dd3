"""No test touches the learner's own progress, and none walks TVM and PyTorch again and again in search of garbage."""

import gc
import os
import tempfile

# For kernels and commands that tests start, too; a test of the progress names a file of its own.
os.environ["MLC_PROGRESS_FILE"] = os.path.join(tempfile.mkdtemp(prefix="mlc-progress-"), "progress.json")


def pytest_collection_finish():
    """Take what the imports made out of the search for garbage: it was a fifth of the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
