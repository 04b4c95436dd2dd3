"""No test touches the learner's own progress."""

import os
import tempfile

# For kernels and commands that tests start, too; a test of the progress names a file of its own.
os.environ["MLC_PROGRESS_FILE"] = os.path.join(tempfile.mkdtemp(prefix="mlc-progress-"), "progress.json")
