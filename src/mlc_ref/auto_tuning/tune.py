"""``python -m mlc_ref.auto_tuning.tune``: search again for the records that ship with the course.

Progress is one line a round: function, schedules measured, best time. Set ``TVM_NUM_THREADS`` first: a
schedule that is best for two threads need not be best for one.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from mlc_ref.auto_tuning import metaschedule, records, space, workloads
from mlc_ref.kinds import refused


def tune_matmul(name: str, trials: int) -> list[records.Record]:
    """Records of one matmul of ``workloads.MATMULS``, searched for among packed schedules."""
    mod = workloads.matmul_workload(name)
    database = metaschedule.tune_function(mod, trials=trials, space=space.packed_space, progress=show)
    return records.records_from(database, [(name, mod)])


def tune_network(name: str, batch: int, trials: int) -> list[records.Record]:
    """Records of all functions of a digits network at one batch size."""
    mod = workloads.model_workload(name, batch)
    database = metaschedule.tune_model(mod, trials=trials, progress=show)
    return records.records_from(database, [(task, func) for task, _weight, func in metaschedule.tasks_of(mod)])


def show(task: str, measured: int, seconds: float) -> None:
    """Print one line of progress."""
    print(f"  {task}: {measured} measured, best {seconds * 1e6:.1f} us", flush=True)


def choices() -> list[str]:
    """Names that can be tuned, which are also the names of the record files."""
    return [*workloads.MATMULS, *(f"{name}_{batch}" for name in workloads.MODELS for batch in workloads.BATCHES)]


def tune(name: str, trials: int, folder: Path = records.SHIPPED) -> Path:
    """Search for one of ``choices`` and write its records.

    Returns:
        The file written.

    Raises:
        ValueError: no such name.
    """
    if name not in choices():
        raise ValueError(refused("name", repr(name), ", ".join(choices())))
    if name in workloads.MATMULS:
        found = tune_matmul(name, trials)
    else:
        model, batch = name.split("_")
        found = tune_network(model, int(batch), trials)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    records.save(found, path)
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line and tune what it names, all by default."""
    parser = argparse.ArgumentParser(
        prog="python -m mlc_ref.auto_tuning.tune", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(choices())}; default: all")
    parser.add_argument("--trials", type=int, default=64, help="candidates to measure for each name")
    parser.add_argument("--folder", type=Path, default=records.SHIPPED, help="where the records go")
    options = parser.parse_args(arguments)
    for name in options.names or choices():
        print(f"{name}: {options.trials} trials", flush=True)
        print(f"  {tune(name, options.trials, options.folder)}", flush=True)


if __name__ == "__main__":
    main()
