"""Checks of the item ``forms``: forms, abstractions, transformations."""

from mlc_ref.checks import CheckFailure, Task, require
from mlc_ref.language import Text

FORMS = ("development", "deployment")


ABSTRACTIONS = ("graph", "tensor program", "library", "instructions")


VERDICTS = ("same", "different")


FORM_ANSWERS = {
    "f1": "development",
    "f2": "deployment",
    "f3": "development",
    "f4": "deployment",
    "f5": "deployment",
}


ABSTRACTION_ANSWERS = {
    "a1": "tensor program",
    "a2": "instructions",
    "a3": "graph",
    "a4": "library",
    "a5": "tensor program",
    "a6": "instructions",
}


VERDICT_ANSWERS = {"t1": "same", "t2": "different", "t3": "same", "t4": "different", "t5": "same"}


forms = Task("forms", kind="value", title=Text("Forms, abstractions, transformations", "形式、抽象与变换"))


def judge_choices(answers: object, right: dict[str, str], allowed: tuple[str, ...]) -> None:
    """All answers of one group are right; the message counts the right ones and does not name them."""
    if not isinstance(answers, dict):
        kind = type(answers).__name__
        raise CheckFailure(expected=Text("a dict of answers", "答案字典"), found=kind)
    missing = [key for key in right if key not in answers]
    require(
        not missing,
        expected=Text(f"answers to {', '.join(right)}", f"{', '.join(right)} 的答案"),
        found=Text(f"no answer to {', '.join(missing)}", f"缺少 {', '.join(missing)}"),
    )
    for key in right:
        require(
            type(answers[key]) is str and answers[key] in allowed,
            expected=Text(f"one of {', '.join(map(repr, allowed))}", f"{'、'.join(map(repr, allowed))} 之一"),
            found=repr(answers[key]),
            where=key,
        )
    count = sum(answers[key] == right[key] for key in right)
    require(
        count == len(right),
        expected=Text(f"{len(right)} right answers", f"{len(right)} 个正确答案"),
        found=Text(f"{count} right", f"{count} 个正确"),
    )


@forms.inspect("form", points=2, title=Text("Development or deployment form", "开发形式还是部署形式"))
def form(answers: object) -> None:
    judge_choices(answers, FORM_ANSWERS, FORMS)


@forms.inspect("abstraction", points=2, title=Text("Which of the four abstractions", "四种抽象中的哪一种"))
def abstraction(answers: object) -> None:
    judge_choices(answers, ABSTRACTION_ANSWERS, ABSTRACTIONS)


@forms.inspect("equivalence", points=2, title=Text("Same function or another one", "是否仍是同一个函数"))
def equivalence(answers: object) -> None:
    judge_choices(answers, VERDICT_ANSWERS, VERDICTS)
