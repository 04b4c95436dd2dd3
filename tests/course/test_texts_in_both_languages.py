"""Both languages of a text state the same facts: the same numbers, the same code, no further names."""

import ast
import re

import pytest

from mlc_course.root import course_root

ROOT = course_root()
PLACES = ("src/mlc_ref", "src/mlc_course", "exercises", "chapters/figures")
FIELD = re.compile(r"\{[^{}]*\}")
NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?!\w|\.\d)")
ROLE = re.compile(r"\{\{[\w-]+\}\}`[^`]*`")
CODE = re.compile(r"`([^`]+)`")
PLACEHOLDER = re.compile(r"<[^<>]+>")
NAME = re.compile(r"[A-Za-z]\w*(?:[._][A-Za-z]\w*)*", re.ASCII)
SAID_IN_ENGLISH = {"lowering"}  # stands in brackets after 下降, which alone could mean a fall


def texts(tree):
    """The line and both languages of each ``Text`` that is written out; a field of an f-string is left as ``{}``."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        if getattr(call.func, "id", "") == "Text" and len(given) == 2:
            english, chinese = map(written, given)
            if english is not None and chinese is not None:
                yield call.lineno, english, chinese


def written(node):
    """The characters of a string, with ``{}`` for each field; None where it is computed."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def names(text):
    return {re.sub("s$", "", name.lower()) for name in NAME.findall(FIELD.sub("", text))}


def differences(english, chinese):
    """What one language says and the other does not."""
    pairs = []
    for pattern, off in ((NUMBER, FIELD), (CODE, ROLE)):
        pairs.append([set(pattern.findall(off.sub("", text))) for text in (english, chinese)])
    pairs[1] = [{PLACEHOLDER.sub("<>", code) for code in found} for found in pairs[1]]
    further = names(ROLE.sub("", PLACEHOLDER.sub("", chinese))) - names(english) - SAID_IN_ENGLISH
    return sorted(set().union(*(a ^ b for a, b in pairs), further))


def test_both_languages_of_every_text_hold_the_same_numbers_and_code():
    found, count = [], 0
    for path in sorted(path for place in PLACES for path in (ROOT / place).rglob("*.py")):
        for line, english, chinese in texts(ast.parse(path.read_text("utf-8"))):
            count += 1
            if different := differences(english, chinese):
                found.append(f"{path.relative_to(ROOT)}:{line}: {', '.join(different)} in one language only")
    assert found == []
    assert count > 1500


@pytest.mark.parametrize(
    ("code", "different"),
    [
        ('Text("at most 2,000 bytes", "不超过 2,000 字节")', []),
        ('Text("at most 2,000 bytes", "不超过 2000 字节")', ["2,000", "2000"]),
        ('Text("use `bind`", "用 bind")', ["bind"]),
        ('Text(f"{n} of `a`", f"`a` 中的 {n} 个")', []),
        ('Text("In a browser with scripts", "需要启用 JavaScript")', ["javascript"]),
        ('Text(en="sectors {n}", zh="{n} 个扇区，共 3 个")', ["3"]),
        ('Text("the file `<student>.ipynb`", "文件 `<学生>.ipynb`")', []),
    ],
)
def test_a_fact_of_one_language_alone_is_found(code, different):
    ((_, english, chinese),) = texts(ast.parse(code))
    assert differences(english, chinese) == different


def test_a_text_that_is_computed_is_left_alone():
    assert list(texts(ast.parse("Text(words, other)\nText.code('a')\nstr('x', 'y')"))) == []
