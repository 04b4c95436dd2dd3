"""DLight's rules for GPUs, applied to a copy of a module, with one line where none of them fits."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlc_ref.kinds import takes
from mlc_ref.language import Text, for_print

if TYPE_CHECKING:
    import tvm
    from tvm.s_tir.dlight import ScheduleRule

_NO_RULE = Text(
    "{caller}: no rule fits a function of the module ({programs}); the rules read the axes of "
    "blocks: give every block the axes of what it computes (T.axis)",
    "{caller}：没有规则适合模块中的函数（{programs}）；规则要读块轴：请用 T.axis 为每个块写出它所计算内容的轴",
)


@takes("IRModule")
def apply_rules(
    mod: "tvm.IRModule", rules: "Sequence[ScheduleRule]", target: "tvm.target.Target", caller: str
) -> "tvm.IRModule":
    """Schedule every tensor program of a module by the first rule that fits it.

    Args:
        mod: it is not changed.
        target: the rules read its limits.
        caller: the function that a message names.

    Raises:
        ValueError: no rule can schedule a program, such as one whose block has no axes; the cause is TVM's error.
    """
    import tvm
    from tvm import tirx
    from tvm.s_tir import dlight

    copy = tvm.IRModule(dict(mod.functions_items()), attrs=mod.attrs)  # the pass writes to the module it is given
    with target:
        try:
            return dlight.ApplyDefaultSchedule(*rules)(copy)
        except Exception as error:  # TVM raises many kinds, none of which says what it did not find
            programs = [name.name_hint for name, each in mod.functions_items() if isinstance(each, tirx.PrimFunc)]
            said = _NO_RULE.format(caller=caller, programs=", ".join(programs))
            raise ValueError(for_print(said)) from error
