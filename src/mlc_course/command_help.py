"""The help of ``mlc`` in Chinese: what the parser says in English, said again."""

import argparse
import re
import sys
from collections.abc import Iterable
from functools import partial
from typing import Any, NoReturn

from mlc_ref.language import Language

CHINESE = {
    "Commands of the course on machine learning compilation.": "机器学习编译课程的命令。",
    "commands": "命令",
    "options": "选项",
    "positional arguments": "参数",
    "show this help message and exit": "显示这段说明",
    "build the exercise notebooks": "生成练习笔记本",
    "write the notebooks learners get, as OUT/<lang>/<stem>.ipynb": "写出学习者用的笔记本：OUT/<lang>/<stem>.ipynb",
    "language (default: all)": "语言（默认：all）",
    "folder (default: %(default)s)": "目录（默认：%(default)s）",
    "exercise sets (default: all)": "练习集（默认：全部）",
    "judge the answers in a notebook; the file is not changed": "评判笔记本中的答案，不改动文件",
    "an exercise notebook (.ipynb)": "练习笔记本（.ipynb）",
    "language of the messages (default: the notebook's)": "消息的语言（默认：笔记本的语言）",
    "print the reports as JSON": "以 JSON 格式打印结果",
    "seconds a cell may take (default: %(default)s)": "一个单元最多运行的秒数（默认：%(default)s）",
    "show which exercises of the course you have solved": "显示已完成课程中的哪些练习",
    "one exercise set, item by item (default: all sets)": "只显示一个练习集，逐题列出（默认：全部练习集）",
    "(default: %(default)s)": "（默认：%(default)s）",
    "forget one set, or all, after asking": "清除一个练习集或全部的进度，先询问",
    "do not ask": "不询问",
    "for instructors": "供教师使用",
    "make a folder in which the standard nbgrader commands run": "建立一个能运行 nbgrader 标准命令的目录",
    "a new folder": "新目录",
    "grade all submissions of an assignment, in parallel": "并行评分一次作业的全部提交",
    "name of the exercise set": "练习集的名字",
    "the course folder (default: this one)": "课程目录（默认：当前目录）",
    "processes (default: %(default)s)": "进程数（默认：%(default)s）",
    "grade again what was graded by the same checks": "用同样的检查评过的也重新评分",
    "for authors: make the files of a topic or an exercise": "供作者使用：生成一个主题或一道练习的文件",
    "for authors: look for what breaks the course's static rules": "供作者使用：查找违反课程静态规则之处",
    "for authors: build one page in both languages, in seconds": "供作者使用：几秒内构建一页的两种语言版本",
    "say what this machine lacks, and what to do": "说明这台机器缺少什么，以及怎么办",
}


# What argparse says of wrong arguments, as it stands in its messages.
_ERRORS = {
    r"the following arguments are required: (.*)": r"缺少参数 \1",
    r"unrecognized arguments: (.*)": r"多出的参数 \1",
    r"argument (.*): expected .*": r"参数 \1 后面缺少它的值",
    r"argument (.*): invalid choice: (.*) \(choose from (.*)\)": r"参数 \1 不能是 \2，可选 \3",
    r"argument (.*): invalid int value: (.*)": r"参数 \1 要是整数，得到 \2",
}


class _ChineseUsage(argparse.HelpFormatter):
    """Begins the line of usage in Chinese."""

    def add_usage(self, usage: str | None, actions: Iterable[Any], groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, prefix or "用法：")


def told_in(language: Language, parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The parser itself, with the help of all its commands in the language; what has no translation stays."""
    if language == "zh":
        _translate(parser)
    return parser


def _refuse(parser: argparse.ArgumentParser, message: str) -> NoReturn:
    """``ArgumentParser.error`` in Chinese; what has no translation stays."""
    parser.print_usage(sys.stderr)
    found = (
        match.expand(said) for pattern, said in _ERRORS.items() if (match := re.fullmatch(pattern, message, re.DOTALL))
    )
    parser.exit(2, f"{parser.prog}：参数有误：{next(found, message)}\n")


def _translate(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = _ChineseUsage
    parser.error = partial(_refuse, parser)  # type: ignore[method-assign]
    parser.description = _said(parser.description)
    for group in parser._action_groups:
        group.title = _said(group.title)
    for action in parser._actions:
        action.help = _said(action.help)
        if isinstance(action, argparse._SubParsersAction):
            for pseudo in action._choices_actions:
                pseudo.help = _said(pseudo.help)
            for command in action.choices.values():
                _translate(command)


def _said(text: str | None) -> str | None:
    return CHINESE.get(text, text) if text else text
