"""Checks of the item ``predict``: predict counters."""

from functools import partial

from mlc_ref.checks import Task, equal_value, require
from mlc_ref.checks.sites import listing
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

_LANES = Text(
    "A request is made by a warp of 32 threads at once, not by each thread.",
    "一个请求由 32 个线程的线程束一起发出，而不是每个线程各发一个。",
)
_OPERANDS = Text("How many arrays does each thread load from?", "每个线程从几个数组加载？")
_BYTES = Text("A float32 has four bytes.", "一个 float32 占四个字节。")
_BLOCKS = Text("Count the barriers of all blocks, each for itself.", "每个线程块各自的屏障都要计入。")
# Answers that a known mistake gives, each with a question that leads on.
_MISTAKES = {
    "add_requests": {2**31 // 32: _OPERANDS, 2**31: _LANES, 2 * 2**31: _LANES, 3 * 2**31 // 32: Text(
        "One of the three arrays is stored to: only loads count.", "三个数组中有一个是写入的：只数加载。"
    )},
    "copy_sectors": {
        2**30 // 32 * 32: Text("Several lanes may share a sector of 32 bytes.", "几个通道可能落在同一个 32 字节的扇区里。"),
        2**30 // 32 * 4: Text("Four sectors hold 32 neighbours; these are not.", "四个扇区容纳 32 个相邻元素，而这里并不相邻。"),
        2**30 * 12: _LANES,
    },
    "transpose_conflicts": {
        16384**2 // 32 * 32: Text("Only passes beyond the first count as conflicts.", "只有第一次之外的访问才算冲突。"),
        16384**2 * 31: _LANES,
        16384**2 // 32 * 31 * 2: Text(
            "Elements are stored to the tile along its rows and loaded down its columns: only the loads are asked for.",
            "元素沿着行存入分块，沿着列读出：这里只问加载。",
        ),
        16384**2 // 1024 * 31: Text("A tile of 32 by 32 is loaded in 32 requests.", "32 × 32 的分块要用 32 个请求读出。"),
    },
    "matmul_requests": {4096**3 // 32: _OPERANDS, 2 * 4096**3: _LANES, 3 * 4096**3 // 32: Text(
        "The sum stays in a register: C is not loaded.", "和放在寄存器里：C 不用加载。"
    )},
    "matmul_bytes": {
        64**2 * 2 * 64 * 4096: _BYTES, 64**2 * 64 * 4096 * 4: _OPERANDS, 2 * 4096**3 * 4: Text(
            "The threads of a block share what they fetch.", "同一线程块的线程共用取来的数据。"
        ),
        2 * 4096**2 * 4: Text("Each strip is fetched by several blocks.", "每个条带都有多个线程块来取。"),
    },
    "matmul_barriers": {
        64**2 * (4096 // 16): Text("There are two barriers for each tile.", "每段有两个屏障。"),
        (4096 // 16) * 2: _BLOCKS,
        64**2 * 2: Text("Each block goes through many tiles of the sum.", "每个线程块要经过求和方向上的许多段。"),
        64**2 * (4096 // 16) * 2 * 256: Text("A barrier counts once for a block.", "一个线程块的一个屏障只计一次。"),
    },
}  # fmt: skip
_SCALE = Text(
    "Count one small case by hand, check it with the simulator, then scale it up.",
    "先手算一个小的例子，用模拟器核对，再按比例放大。",
)


def _hint(key, found):
    if isinstance(found, float):
        return Text("Counters are integers: divide with // instead of /.", "计数是整数：除法用 // 而不是 /。")
    return _MISTAKES[key].get(found, _SCALE) if isinstance(found, int) else _SCALE


def _predicted(key, value, answer):
    given = list(answer) if isinstance(answer, dict) else []
    missing = ", ".join(each for each in _ANSWERS if each not in given)
    require(
        key in given,
        expected=Text(f"a dict with {missing}", f"含有 {missing} 的字典"),
        found=listing(list(map(str, given))) if isinstance(answer, dict) else type(answer).__name__,
        hint=Text("Keep the dict as it is given and fill in its values.", "保留给出的字典，只填写其中的值。"),
    )
    found = answer[key]
    none = Text("no number yet", "还没有填写")
    require(found is not None, expected=Text("an integer", "一个整数"), found=none, where=key)
    equal_value(found, value, where=key, hint=_hint(key, found))


for _key, (_value, _title) in _ANSWERS.items():
    predict.inspect(_key, points=1, title=_title)(partial(_predicted, _key, _value))
