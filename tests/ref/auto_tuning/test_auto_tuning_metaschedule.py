"""MetaSchedule and RPC, each in a process of its own: pytest's logging and a second search do not get along."""

import subprocess
import sys
from pathlib import Path

import pytest

from mlc_ref.auto_tuning.metaschedule import tasks_of
from mlc_ref.auto_tuning.workloads import model_workload

TUNE = """
from mlc_ref.auto_tuning import metaschedule, records, rpc, space, workloads
from mlc_ref.checks.equivalence import equivalent
from mlc_ref.schedules.programs import matmul

if __name__ == "__main__":
    mod, lines = matmul(16, 16, 16), []
    database = metaschedule.tune_function(
        mod, trials=2, space=space.matmul_space, cost_model="random", progress=lambda *line: lines.append(line)
    )
    (task, measured, seconds), = lines
    print("measured", task, measured, 0 < seconds < 1)
    equivalent(metaschedule.best_schedule(database, mod), mod)
    (record,) = records.records_from(database, [("tiny", mod)])
    tuned, log = records.apply_records(mod, [record])
    equivalent(tuned, mod)
    print("applied", log[0].record)
"""

RPC = """
import numpy as np
import tvm
from mlc_ref.auto_tuning import rpc
from mlc_ref.schedules.programs import scale_add
from mlc_ref.targets import cpu_target

if __name__ == "__main__":
    with rpc.local_machine() as config:
        executable = tvm.compile(scale_add(5), target=cpu_target())
        x = np.arange(5, dtype="float32")
        (_, y), seconds = rpc.remote_run(config, executable, [x, np.zeros(5, "float32")])
        print("remote", y.tolist(), 0 < seconds < 1)
"""


def run_script(folder: Path, text: str) -> list[str]:
    """Lines a script printed; its workers find it by file, so it has to be one."""
    script = folder / "script.py"
    script.write_text(text)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


@pytest.mark.slow
def test_a_function_is_tuned_in_our_space_and_its_record_applies(tmp_path):
    lines = run_script(tmp_path, TUNE)
    assert "measured main 2 True" in lines
    assert "applied tiny" in lines


@pytest.mark.slow
def test_a_function_runs_on_a_server_over_rpc(tmp_path):
    assert "remote [1.0, 3.0, 5.0, 7.0, 9.0] True" in run_script(tmp_path, RPC)


def test_tasks_are_the_functions_of_the_model_with_their_counts():
    found = {name: weight for name, weight, _ in tasks_of(model_workload("mlp", 1))}
    assert found == {"fused_matmul_add_relu": 1, "fused_matmul1_add1": 1, "transpose": 1, "transpose1": 1}
