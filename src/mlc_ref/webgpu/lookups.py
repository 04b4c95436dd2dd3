"""The lab in which a reader types the numbers of rows to look up, and the page refuses those that are not there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mlc_ref.kinds import takes
from mlc_ref.viz.widget import Widget, both
from mlc_ref.webgpu.compiling import compile_kernels, inputs_of, simulated, with_reference
from mlc_ref.webgpu.labs import NEEDS_SCRIPTS, agreeing, body_of, pack

if TYPE_CHECKING:
    import tvm


@takes("IRModule")
def lookup(mod: "tvm.IRModule", name: str, table: np.ndarray, rows: Sequence[int]) -> Widget:
    """The lab of a gather, ``out[i] = table[rows[i]]``.

    Args:
        mod: a scheduled module; its inputs are the numbers of the rows, of int32, and the table, of float32.
        name: what a reader sees.
        table: ``(rows, columns)``, what the page fills the table with.
        rows: what the fields hold at first.

    Raises:
        Unsupported: a program that cannot run in a page.
        ValueError: the simulator computes something else than NumPy.
    """
    artefact = compile_kernels(mod, name)
    _, (numbers, recipe) = inputs_of(artefact)
    artefact = with_reference(artefact, [recipe[numbers]])
    assert artefact.reference is not None
    agreeing(name, artefact.reference, simulated(mod, artefact))
    given = artefact.tensors[artefact.with_role("input")[0]]
    data: dict[str, Any] = {
        "input": given.name,
        "range": given.range,
        "rows": list(rows),
        "packed": pack({"artefacts": [artefact.to_dict()], "script": body_of(mod), "table": table.tolist()}),
    }
    return Widget("webgpu_lookup", data, _looked_up(given.name, table, rows), height=560)


def _looked_up(name: str, table: np.ndarray, rows: Sequence[int]) -> str:
    body = "".join(
        f"<tr><th>{name}[{i}] = {row}</th>{''.join(f'<td>{value:g}</td>' for value in table[row])}</tr>"
        for i, row in enumerate(rows)
    )
    return f"{both(NEEDS_SCRIPTS, 'p')}<table><tbody>{body}</tbody></table>"
