"""Why a cell or an item has no result of its own, in the words a student reads."""

from mlc_ref.language import Text

LATE = Text("it took too long and was stopped", "运行超时，已被终止")
DEAD = Text(
    "it ended the Python process (a crash in native code, or more than the memory, time or processes allowed)",
    "它使 Python 进程结束（本地代码崩溃，或超出内存、时间、进程数限制）",
)
NO_REPLY = Text(
    "it changed what runs cells in IPython, so that the kernel no longer replies",
    "它改动了 IPython 运行单元的机制，内核不再回复",
)
NO_TIME = Text("the {seconds} seconds that its cells may take were used up", "其单元可用的 {seconds} 秒已用完")
INTERNAL = Text("an internal error of the grader ({kind})", "评分程序的内部错误（{kind}）")
