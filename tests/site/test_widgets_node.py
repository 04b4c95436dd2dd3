"""The widgets' logic, tested by node's own test runner: every file of tests/js."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = sorted((Path(__file__).parents[1] / "js").glob("*.test.mjs"))


@pytest.mark.skipif(not shutil.which("node") and not os.environ.get("CI"), reason="node is not installed")
@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_node_reports_no_failure(path):
    done = subprocess.run(["node", "--test", path], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout
    assert "# tests 0\n" not in done.stdout
