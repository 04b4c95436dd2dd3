"""Labs: widgets in which a page compiles and runs artefacts on the reader's own GPU.

What a page needs only when the reader presses run is packed: JSON, gzip, base64.
"""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.gpu_sim import simulate
from mlc_ref.kinds import invalid, takes
from mlc_ref.language import Text
from mlc_ref.viz.widget import Widget, both
from mlc_ref.webgpu.artefact import Artefact
from mlc_ref.webgpu.compiling import TOLERANCE, compile_kernels, inputs_of, made_by, with_reference
from mlc_ref.webgpu.models import compile_model
from mlc_ref.webgpu.reference import Reference, disagreement
from mlc_ref.webgpu.verdict import verdict_of

if TYPE_CHECKING:
    import tvm
    from tvm.s_tir import Schedule

RECORDS = Path(__file__).parent / "records"
NEEDS_SCRIPTS = Text(
    "With JavaScript switched on, this is a lab: it runs these programs on your own GPU.",
    "启用 JavaScript 之后，这里是一个实验：它在你自己的 GPU 上运行这些程序。",
)

_IN_SOFTWARE = Text(
    " A CPU played the GPU there, so this does not say which program is fastest on a GPU.",
    "那里由 CPU 模拟 GPU，所以这不能说明哪个程序在 GPU 上最快。",
)


def pack(value: Any) -> str:
    """JSON of a value, compressed, as text; equal values give equal texts."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode()


def recorded(lab: str, steps: Sequence[str]) -> dict[str, Any] | None:
    """What a device was measured to take, for readers whose browser has no WebGPU: ``records/<lab>.json``.

    A run of all steps leaves its record in the page, as ``data-record`` of the lab's stage;
    ``make records`` takes it from there.

    Returns:
        ``{"device": …, "seconds": {step: seconds}}``; None where nothing, or other steps, were recorded.
    """
    path = RECORDS / f"{lab}.json"
    record = json.loads(path.read_text("utf-8")) if path.is_file() else None
    return record if record and list(record["seconds"]) == list(steps) else None


def agreeing(name: str, reference: Reference, outputs: Sequence[np.ndarray]) -> None:
    """Refuse to ship a program whose simulation is not what the reference expects.

    Raises:
        ValueError: naming the program and what differs.
    """
    for expected, found in zip(reference.outputs, outputs, strict=True):
        if problem := disagreement(expected, found):
            raise invalid(
                f"{name}: the simulator computes something else than the reference: {problem}",
                f"{name}：模拟器算出的结果与参照不同，英文原文：{problem}",
            )


@dataclass(frozen=True)
class Measure:
    """How fast a step is, as the chart shows it.

    Attributes:
        work: operations or bytes of one run.
        unit: the unit of a billion of them a second, such as ``GFLOP/s``.
    """

    work: int
    unit: str


def ladder(
    lab: str,
    steps: Mapping[str, "Schedule"],
    expected: Any,
    counters: Mapping[str, Text],
    measure: Measure,
    *,
    oracle: Mapping[str, Any] | None = None,
    tolerance: float = TOLERANCE,
) -> Widget:
    """The lab of several schedules of one program.

    Args:
        lab: its name, under which results are recorded.
        steps: schedules of the same program, in order.
        expected: a function from the inputs to the only output.
        counters: what to show of the simulator, by the name of a field of ``Counters``; ``+`` adds two.
        oracle: the program in the page's own JavaScript and its sizes, such as ``{"name": "matmul", "n": 64, …}``.
        tolerance: how far an element may lie off.

    Raises:
        Unsupported: a step that cannot run in a page.
        SimulationError, ValueError: a step that is wrong.
    """
    artefacts = {name: compile_kernels(sch, name) for name, sch in steps.items()}
    first = next(iter(artefacts.values()))
    _, inputs = inputs_of(first)
    first = with_reference(first, [np.asarray(expected(*inputs))], tolerance=tolerance)
    assert first.reference is not None
    counts = {name: _counts(name, sch, first, inputs, counters) for name, sch in steps.items()}
    data: dict[str, Any] = {
        "lab": lab,
        "unit": measure.unit,
        "work": measure.work,
        "oracle": oracle,
        "counters": [{"label": label} for label in counters.values()],
        "steps": [{"name": name, "counters": counts[name]} for name in steps],
        "recorded": recorded(lab, list(steps)),
        "packed": pack(
            {
                "artefacts": [artefact.to_dict() for artefact in artefacts.values()],
                "scripts": [body_of(sch.mod) for sch in steps.values()],
                "reference": first.reference.to_dict(),
            }
        ),
    }
    return Widget("webgpu_ladder", data, _table(counts, list(counters.values()), data["recorded"]), height=640)


def classifier(
    lab: str,
    mod: "tvm.IRModule",
    images: np.ndarray,
    labels: Sequence[int],
    scores: np.ndarray,
    *,
    program: bool = True,
) -> Widget:
    """The lab of a network that reads digits of 8 by 8 pixels, drawn by the reader.

    Args:
        lab: its name.
        mod: what ``scheduled_model`` returns, for one image.
        images: examples ``(n, 64)`` with values from 0 to 1 in steps of 1/16.
        labels: what the examples show.
        scores: what the network must give for them, ``(n, 11)``: the ten digits, and that it is none.
        program: show the first kernel's program from the beginning; otherwise a kernel is opened first.

    Raises:
        Unsupported: a network that cannot run in a page.
    """
    artefact = compile_model(mod, lab)
    pixels = np.rint(images * 16).astype(int)
    data: dict[str, Any] = {
        "lab": lab,
        "open": program,
        "examples": [{"label": int(n), "pixels": row.tolist()} for n, row in zip(labels, pixels, strict=True)],
        "kernels": [
            {"name": kernel.name, "grid": list(launch.grid), "block": list(kernel.block)}
            for launch in artefact.launches
            for kernel in [artefact.kernels[launch.kernel]]
        ],
        "recorded": recorded(lab, ["image"]),
        "packed": pack(
            {
                "artefact": artefact.to_dict(),
                "scripts": [body_of(mod, program_of(kernel.name, mod)) for kernel in artefact.kernels],
                "scores": [[round(float(score), 6) for score in row] for row in scores],
            }
        ),
    }
    return Widget(
        "webgpu_digit", data, _guesses(labels, scores) + said_of(data["recorded"]), height=760 if program else 540
    )


def program_of(kernel: str, mod: "tvm.IRModule") -> str:
    """The function a kernel was split from: the one whose name, with ``_kernel``, its name begins with."""
    names = [variable.name_hint for variable in mod.get_global_vars()]
    return max((name for name in names if kernel.startswith(f"{name}_kernel")), key=len)


def _guesses(labels: Sequence[int], scores: np.ndarray) -> str:
    cells = "".join(f"<td>{label}</td>" for label in labels)
    verdicts = map(verdict_of, scores)
    read = "".join(f"<td>{'?' if digit is None else digit}</td>" for digit in verdicts)
    shown, said = both(Text("image of the digit", "图像中的数字")), both(Text("read by the network", "网络的判断"))
    rows = f"<tr><th>{shown}</th>{cells}</tr><tr><th>{said}</th>{read}</tr>"
    return f"{both(NEEDS_SCRIPTS, 'p')}<table><tbody>{rows}</tbody></table>"


def file_lab(example: Artefact) -> Widget:
    """A place to drop a file that ``export_webgpu`` wrote.

    Args:
        example: a program with its reference, for who has no file yet.
    """
    fallback = both(
        Text(
            "With JavaScript switched on, a file that export_webgpu wrote can be dropped here and runs on your own GPU.",
            "启用 JavaScript 之后，可以把 export_webgpu 生成的文件拖到这里，它会在你自己的 GPU 上运行。",
        ),
        "p",
    )
    return Widget("webgpu_file", {"example": pack(example.to_dict())}, fallback, height=240)


@takes("IRModule")
def body_of(mod: "tvm.IRModule", entry: str = "main") -> str:
    """A scheduled function as TVMScript, without what stands before it."""
    text = mod[entry].script()
    return text[text.index("@T.prim_func") :].rstrip() + "\n"


def _counts(
    name: str, sch: "Schedule", made: Artefact, inputs: Sequence[np.ndarray], counters: Mapping[str, Text]
) -> list[int]:
    """The counters of one step, whose result is looked at as well."""
    found = simulate(sch.mod, inputs, made_by(made))
    assert made.reference is not None
    agreeing(name, made.reference, found.outputs)
    return [sum(int(getattr(found.counters, each)) for each in names.split("+")) for names in counters]


def _table(counts: Mapping[str, list], labels: Sequence[Text], record: dict[str, Any] | None) -> str:
    columns = [Text("step", "步骤"), *labels]
    head = "".join(f"<th>{both(column)}</th>" for column in columns)
    body = "".join(
        f"<tr><th>{name}</th>{''.join(f'<td>{count:,}</td>' for count in row)}</tr>" for name, row in counts.items()
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return both(NEEDS_SCRIPTS, "p") + table + said_of(record)


def said_of(record: dict[str, Any] | None) -> str:
    """What was recorded and where, in both languages, for readers without scripts; nothing where nothing was."""
    if record is None:
        return ""
    device = record["device"]
    named = Text(**device) if isinstance(device, dict) else Text.code(device)
    times = [f"{1000 * seconds:,g}" for seconds in sorted(record["seconds"].values())]
    spread = times[0] if len(times) == 1 else f"{times[0]}–{times[-1]}"
    said = Text("A run took {times} ms on {device}.{remark}", "在 {device} 上，一次运行用了 {times} ms。{remark}")
    remark = _IN_SOFTWARE if isinstance(device, dict) else ""  # a device in software is named in both languages
    return both(said.format(times=spread, device=named, remark=remark), "p")
