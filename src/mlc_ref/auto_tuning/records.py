"""Tuned schedules as JSON records, and their application to all functions of a module.

A record holds a tensor function, the trace that schedules it, what was measured, and which CPU features
the measurement relied on. Applying one replays its trace; nothing is searched. A function without a
record, or whose record needs a feature this CPU lacks, stays as it is.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import tvm
import tvm_ffi
from tvm import IRModule, tirx
from tvm.s_tir import Schedule, ScheduleError
from tvm.s_tir import meta_schedule as ms

from mlc_ref.kinds import invalid, refused, takes
from mlc_ref.schedules.traces import replay, trace_to_json
from mlc_ref.targets import CpuFeatures, cpu_features

SHIPPED = Path(__file__).parent / "records"
_KEPT_ATTRIBUTES = ("tirx.noalias", "s_tir")


@dataclass(frozen=True)
class Record:
    """One tuned function.

    Attributes:
        name: the function's name where it was tuned; for readers only.
        program: the function as TVM's JSON, names and tuning attributes removed.
        trace: its schedule as JSON, see ``schedules.traces``.
        seconds: measured time of one call, in seconds.
        needs: CPU features it was tuned for, of ``CpuFeatures``.
    """

    name: str
    program: str
    trace: str
    seconds: float
    needs: tuple[str, ...] = ()

    def usable(self, features: CpuFeatures) -> bool:
        """Whether a CPU has every feature the record needs."""
        return all(getattr(features, name) for name in self.needs)


@dataclass(frozen=True)
class Applied:
    """What became of one function: the record's name, or the reason why it stays as it was."""

    function: str
    record: str | None
    reason: str | None = None


@takes("PrimFunc")
def anonymous(func: tirx.PrimFunc) -> tirx.PrimFunc:
    """The function without what changes from module to module: its name, visibility and tuning hints."""
    for key in [str(k) for k in dict(func.attrs) if k not in _KEPT_ATTRIBUTES]:
        func = func.without_attr(key)
    return func


def without_folders(saved: str) -> str:
    """IR saved as JSON in which source positions name files alone, not the folders of the machine it was saved on."""
    document = json.loads(saved)
    for node in document["nodes"]:
        if node["type"] == "ir.SourceName":
            node["data"] = Path(node["data"]).name
    return json.dumps(document, separators=(",", ":"))


def record_of(name: str, func: tirx.PrimFunc, sch: Schedule, seconds: float, features: CpuFeatures) -> Record:
    """Make a record of a schedule of ``func``."""
    program = without_folders(tvm.ir.save_json(IRModule({"main": anonymous(func).with_attr("global_symbol", "main")})))
    needs = tuple(f.name for f in fields(features) if f.name != "vnni" and getattr(features, f.name))
    return Record(name, program, trace_to_json(sch), seconds, needs)


def records_from(database: ms.Database, functions: Iterable[tuple[str, IRModule]]) -> list[Record]:
    """The best record of a MetaSchedule database for each function, those without one left out.

    Args:
        functions: name and one-function module each, as ``metaschedule.tasks_of`` gives them.
    """
    from mlc_ref.targets import cpu_target

    found = []
    for name, mod in functions:
        best = database.query_tuning_record(mod, cpu_target(), "main")
        if best is not None:
            sch = Schedule(mod)
            best.trace.apply_to_schedule(sch, remove_postproc=False)
            seconds = sum(float(each) for each in best.run_secs) / len(best.run_secs)
            found.append(record_of(name, mod["main"], sch, seconds, cpu_features()))
    return found


def save(records: Sequence[Record], path: Path) -> None:
    """Write records as a JSON list."""
    path.write_text(json.dumps([asdict(record) for record in records], indent=1) + "\n")


def load(path: Path) -> list[Record]:
    """Read records that ``save`` wrote.

    Raises:
        ValueError: the file is not a list of records; the message names the file.
    """
    try:
        return [Record(**{**each, "needs": tuple(each["needs"])}) for each in json.loads(path.read_text())]
    except (TypeError, KeyError, json.JSONDecodeError) as error:
        raise invalid(
            f"{path}: got no list of records ({error}); give a file that `save` wrote",
            f"{path}：得到的不是调优记录的列表（{error}）；请使用 `save` 写出的文件",
        ) from error


def shipped(name: str | None = None) -> list[Record]:
    """The records that come with the course, all or those of one file.

    Raises:
        ValueError: no such file; the message lists the names.
    """
    files = {path.stem: path for path in sorted(SHIPPED.glob("*.json"))}
    if name is not None and name not in files:
        raise ValueError(refused("name", repr(name), ", ".join(files)))
    return [record for stem, path in files.items() if name in (None, stem) for record in load(path)]


@takes("IRModule")
def apply_records(
    mod: IRModule, records: Sequence[Record], features: CpuFeatures | None = None
) -> tuple[IRModule, list[Applied]]:
    """Replace every tensor function that has a usable record by its tuned version.

    Args:
        mod: any module; Relax functions stay as they are.
        records: several may be of one function; the fastest usable one is taken.
        features: of the CPU it is to run on, this machine's by default.

    Returns:
        The new module, and what became of each tensor function.
    """
    features = features or cpu_features()
    programs = [(tvm.ir.load_json(record.program)["main"], record) for record in records]
    result, log = {}, []
    for var, func in mod.functions_items():
        if isinstance(func, tirx.PrimFunc):
            func, outcome = _tuned(str(var.name_hint), func, programs, features)
            log.append(outcome)
        result[var] = func
    return IRModule(result, attrs=mod.attrs, global_infos=mod.global_infos), log


def _tuned(name: str, func: tirx.PrimFunc, programs, features: CpuFeatures) -> tuple[tirx.PrimFunc, Applied]:
    wanted = anonymous(func).with_attr("global_symbol", "main")
    matching = [record for program, record in programs if tvm_ffi.structural_equal(program, wanted)]
    if not matching:
        return func, Applied(name, None, "no record")
    usable = [record for record in matching if record.usable(features)]
    if not usable:
        return func, Applied(name, None, f"needs {', '.join(matching[0].needs)}")
    best = min(usable, key=lambda record: record.seconds)
    try:
        tuned = replay(IRModule({"main": wanted}), best.trace).mod["main"]
    except ScheduleError:
        return func, Applied(name, None, "the trace does not apply")
    return _with_attributes(tuned, func).with_attr("tirx.is_scheduled", True), Applied(name, best.name)


def _with_attributes(tuned: tirx.PrimFunc, original: tirx.PrimFunc) -> tirx.PrimFunc:
    tuned = tuned.without_attr("global_symbol")
    for key, value in dict(original.attrs).items():
        tuned = tuned.with_attr(str(key), value)
    return tuned
