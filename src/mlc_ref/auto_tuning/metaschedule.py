"""TVM's own search, MetaSchedule, for one function and for all functions of a model.

It works as ``search`` does, with parts that scale: spaces made by rules from the program itself, a cost
model of boosted trees, builders and runners in other processes or on other machines, and a task
scheduler that gives its trials to the functions that gain most.
"""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import tvm
from tvm.ir import IRModule
from tvm.ir.utils import derived_object
from tvm.s_tir import meta_schedule as ms

from mlc_ref.auto_tuning.space import Space
from mlc_ref.kinds import takes
from mlc_ref.targets import cpu_target

_IN_NOTEBOOK = "s_tir.meta_schedule.using_ipython"

Progress = Callable[[str, int, float], None]
"""Told after each round: task, schedules measured so far, best seconds so far."""


@takes("IRModule")
def build_candidate(mod: IRModule, target: tvm.target.Target, _params: object) -> tvm.runtime.Module:
    """Build a candidate in a worker process.

    TVM's own build function imports every tensor intrinsic in every worker of every round, which takes
    longer than building; the programs here need none.
    """
    from tvm.driver import build
    from tvm.s_tir.transform import RemoveWeightLayoutRewriteBlock

    return build(RemoveWeightLayoutRewriteBlock(skip_tensor_rewrite=True)(mod), target=target)


def builder(workers: int = 1) -> ms.builder.PyBuilder:
    """A builder of candidates in ``workers`` processes of this machine."""
    return ms.builder.LocalBuilder(max_workers=workers, timeout_sec=60.0, f_build=build_candidate)


@takes("IRModule")
def tune_function(
    mod: IRModule,
    *,
    trials: int,
    space: Space | None = None,
    runner: ms.runner.PyRunner | str = "local",
    cost_model: str = "xgb",
    per_round: int = 16,
    seed: int = 0,
    progress: Progress | None = None,
) -> ms.Database:
    """Search for a schedule of the one function of a module.

    Args:
        trials: candidates to measure.
        space: a stochastic schedule; ``None`` lets MetaSchedule make the space from its rules.
        runner: who measures; see ``rpc.runner`` for another machine.
        cost_model: ``"xgb"`` or ``"random"``.
        per_round: candidates measured between two fits of the cost model.
        progress: see ``Progress``.

    Returns:
        A database in memory with every measured candidate.
    """
    generator = "post-order-apply" if space is None else ms.space_generator.ScheduleFn(space)
    with tempfile.TemporaryDirectory() as folder, _quiet():
        return ms.tune_tir(
            mod,
            target=cpu_target(),
            work_dir=folder,
            max_trials_global=trials,
            num_trials_per_iter=min(per_round, trials),
            builder=builder(),
            runner=runner,
            database=ms.database.MemoryDatabase(),
            cost_model=cost_model,
            space=generator,
            measure_callbacks=_callbacks(progress),
            num_tuning_cores=1,
            seed=seed,
        )


@takes("IRModule")
def tasks_of(mod: IRModule) -> list[tuple[str, int, IRModule]]:
    """The functions of a model that are worth tuning: name, how often the graph calls it, and the function."""
    found = ms.relax_integration.extract_tasks(mod, cpu_target())
    return [(str(task.task_name), int(task.weight), task.dispatched[0]) for task in found]


@takes("IRModule")
def tune_model(
    mod: IRModule,
    *,
    trials: int,
    runner: ms.runner.PyRunner | str = "local",
    cost_model: str = "xgb",
    per_round: int = 16,
    seed: int = 0,
    progress: Progress | None = None,
) -> ms.Database:
    """Search for schedules of all tensor functions of a Relax module, ``trials`` measurements in all.

    Args, Returns: as ``tune_function``.
    """
    with tempfile.TemporaryDirectory() as folder, _quiet():
        extracted = ms.relax_integration.extract_tasks(mod, cpu_target())
        tasks, weights = ms.relax_integration.extracted_tasks_to_tune_contexts(
            extracted, work_dir=folder, num_threads=1, seed=seed
        )
        return ms.tune.tune_tasks(
            tasks=tasks,
            task_weights=weights,
            work_dir=folder,
            max_trials_global=trials,
            num_trials_per_iter=min(per_round, trials),
            builder=builder(),
            runner=runner,
            database=ms.database.MemoryDatabase(),
            cost_model=cost_model,
            measure_callbacks=_callbacks(progress),
        )


def best_schedule(database: ms.Database, mod: IRModule) -> tvm.s_tir.Schedule | None:
    """The fastest schedule a database holds for the one function of a module; ``None`` if there is none."""
    return database.query_schedule(mod, cpu_target(), "main")


def _callbacks(progress: Progress | None) -> list:
    standard = list(ms.measure_callback.MeasureCallback.create("default"))
    return [*standard, _reporter(progress)] if progress else standard


def _reporter(progress: Progress) -> ms.measure_callback.PyMeasureCallback:
    """A measure callback that counts and keeps the best of each task; its state lives in this closure."""
    count: dict[int, int] = {}
    best: dict[int, float] = {}

    @derived_object
    class Reporter(ms.measure_callback.PyMeasureCallback):
        def apply(self, task_scheduler, task_id, measure_candidates, builder_results, runner_results) -> None:
            times = [_seconds(r) for r in runner_results if r.run_secs]
            count[task_id] = count.get(task_id, 0) + len(measure_candidates)
            best[task_id] = min([best.get(task_id, float("inf")), *times])
            progress(str(task_scheduler.tasks_[task_id].ctx.task_name), count[task_id], best[task_id])

    return Reporter()


def _seconds(result: ms.runner.RunnerResult) -> float:
    times = [float(each) for each in result.run_secs]
    return sum(times) / len(times)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep MetaSchedule's log tables out of the reader's way; ``progress`` says what matters."""
    logger = logging.getLogger("tvm.s_tir.meta_schedule")
    level, in_notebook = logger.level, tvm.get_global_func(_IN_NOTEBOOK)
    logger.setLevel(logging.CRITICAL)
    # In a notebook the tables are not logged but displayed, and what was printed before is cleared.
    tvm.register_global_func(_IN_NOTEBOOK, lambda: False, override=True)
    try:
        yield
    finally:
        tvm.register_global_func(_IN_NOTEBOOK, in_notebook, override=True)
        logger.setLevel(level)
