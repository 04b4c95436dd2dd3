"""Errors of Python said in Chinese; what is not known is quoted, and marked where it is English."""

import re

from mlc_ref.language import Text

_KNOWN = [
    (r"name '(\w+)' is not defined", r"名字 '\1' 没有定义"),
    (r"cannot access local variable '(\w+)' .*", r"局部变量 '\1' 在赋值之前被读取"),
    (r"No module named '([\w.]+)'", r"没有名为 '\1' 的模块"),
    (r"'([\w.]+)' object has no attribute '(\w+)'", r"类型 '\1' 的值没有属性 '\2'"),
    (r"module '([\w.]+)' has no attribute '(\w+)'", r"模块 '\1' 没有属性 '\2'"),
    (r"'([\w.]+)' object is not (?:callable|subscriptable|iterable)", r"类型 '\1' 的值不能这样使用"),
    (r"(list|tuple|string) index out of range", r"\1 的下标越界"),
    (r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", r"下标 \1 越界：轴 \2 的长度是 \3"),
    (r"([\w.<>]+)\(\) missing \d+ required positional arguments?: (.*)", r"调用 \1() 时缺少参数：\2"),
    (r"([\w.<>]+)\(\) takes (\d+) positional arguments? but (\d+) (?:was|were) given", r"\1() 有 \2 个参数，却给了 \3 个"),
    (r"([\w.<>]+)\(\) got an unexpected keyword argument '(\w+)'.*", r"\1() 没有名为 '\2' 的参数"),
    (r"unsupported operand type\(s\) for ([^:]+): '([\w.]+)' and '([\w.]+)'", r"类型 '\2' 与 '\3' 之间不能用 \1"),
    (r"not enough values to unpack \(expected (\d+), got (\d+)\)", r"要拆成 \1 个值，却只有 \2 个"),
    (r"too many values to unpack \(expected (\d+)(?:, got \d+)?\)", r"要拆成 \1 个值，却多于此数"),
    (r"(?:float |integer )?(?:division|modulo)(?: or modulo)? by zero", "除数为零"),
    (r"maximum recursion depth exceeded.*", "函数调用自己的层数太多"),
]  # fmt: skip


def error_text(name: str, message: str) -> Text:
    """An error by its type and message, in both languages."""
    if not message:
        return Text.code(name)
    if name == "KeyError":
        return Text(f"{name}: {message}", f"{name}：没有键 {message}")
    for pattern, chinese in _KNOWN:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return Text(f"{name}: {message}", f"{name}：{found.expand(chinese)}")
    chinese = Text.english(message).zh  # what the course says itself is in the language of this process already
    return Text(f"{name}: {message}", f"{name}{'：' if chinese == message else '，'}{chinese}")
