"""What Python, NumPy and TVM say of an answer, in Chinese where the course knows the sentence, else marked as quoted."""

import pytest

from mlc_course.exercises.error_texts import error_text
from mlc_ref.language import Text


@pytest.mark.parametrize(
    ("name", "message", "chinese"),
    [
        ("NameError", "name 'x' is not defined", "NameError：名字 'x' 没有定义"),
        ("KeyError", "'x'", "KeyError：没有键 'x'"),
        ("TypeError", "f() missing 1 required positional argument: 'b'", "TypeError：调用 f() 时缺少参数：'b'"),
        ("IndexError", "index 9 is out of bounds for axis 0 with size 5", "IndexError：下标 9 越界：轴 0 的长度是 5"),
        ("InternalError", "Check failed", "InternalError，英文原文：Check failed"),
        ("ValueError", "", "ValueError"),
        ("OSError", "no such file: '/home/张三/a.npz'", "OSError，英文原文：no such file: '/home/张三/a.npz'"),
        ("ValueError", "filters：得到 3，允许的是 8 的倍数", "ValueError：filters：得到 3，允许的是 8 的倍数"),
    ],
)
def test_errors_are_told_in_chinese_or_marked_as_quoted(name, message, chinese):
    assert error_text(name, message) == Text(f"{name}: {message}" if message else name, chinese)
