"""Checks of the item ``predict``: predict counters."""

from functools import partial

from mlc_ref.checks import Task, equal_value, require
from mlc_ref.language import Text

predict = Task("predict", kind="value", title=Text("Predict counters", "预测计数"))


_ANSWERS = {
    "add_requests": (2 * 2**31 // 32, Text("requests of the addition", "向量加法的加载请求")),
    "copy_sectors": (2**30 // 32 * 12, Text("sectors of the copy", "跨步复制的加载扇区")),
    "transpose_conflicts": (16384**2 // 32 * 31, Text("conflicts of the transpose", "转置的存储体冲突")),
    "matmul_requests": (2 * 4096 * 4096**2 // 32, Text("requests of local_sum", "local_sum 的加载请求")),
    "matmul_bytes": (64**2 * 2 * 64 * 4096 * 4, Text("bytes of shared_blocking", "shared_blocking 的加载字节")),
    "matmul_barriers": (64**2 * (4096 // 16) * 2, Text("barriers of shared_blocking", "shared_blocking 的屏障")),
}


def _predicted(key, value, answer):
    require(
        isinstance(answer, dict) and key in answer,
        expected=Text(f"a dict with the key {key!r}", f"含有键 {key!r} 的字典"),
        found=type(answer).__name__ if not isinstance(answer, dict) else ", ".join(map(str, answer)),
        hint=Text("Keep the dict as it is given and fill in its values.", "保留给出的字典，只填写其中的值。"),
    )
    hint = Text(
        "Count one small case by hand, check it with the simulator, then scale it up.",
        "先手算一个小的例子，用模拟器核对，再按比例放大。",
    )
    if isinstance(answer[key], float):
        hint = Text("Counters are integers: divide with // instead of /.", "计数是整数：除法用 // 而不是 /。")
    equal_value(answer[key], value, where=key, hint=hint)


for _key, (_value, _title) in _ANSWERS.items():
    predict.inspect(_key, points=1, title=_title)(partial(_predicted, _key, _value))
