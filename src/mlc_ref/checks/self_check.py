"""Small ungraded questions inside a page: ``check("name", answer)`` says whether the answer is right, and if not, why.

A page is made once for both languages, so there the result carries both; a notebook shows its own.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mlc_ref.checks.failure import CheckFailure, last_line
from mlc_ref.kinds import refused
from mlc_ref.language import PAGES, Text, for_print
from mlc_ref.viz.widget import both, in_one_language

_RIGHT = Text("Right.", "正确。")
_OPEN = Text("Not yet: {missing}", "还不对：{missing}")
_HINT = Text("Hint: {hint}", "提示：{hint}")
_USABLE = Text("an answer that can be used", "一个可以使用的答案")


@dataclass(frozen=True)
class SelfCheck:
    """What a question says about an answer; shows itself in a notebook or, by ``print``, as text.

    Attributes:
        failure: what is missing; ``None`` where the answer is right.
    """

    failure: CheckFailure | None = None

    @property
    def passed(self) -> bool:
        return self.failure is None

    @property
    def lines(self) -> list[Text]:
        """What is shown, a line each."""
        if self.failure is None:
            return [_RIGHT]
        texts = [_OPEN.format(missing=self.failure.message)]
        if hint := self.failure.hint:
            texts.append(_HINT.format(hint=hint))
        return texts

    def __str__(self) -> str:
        return "\n".join(for_print(line) for line in self.lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        html = f'<div class="mlc-self-check">{"".join(both(line, "p") for line in self.lines)}</div>'
        return html if os.environ.get(PAGES) else in_one_language(html)


def checker(questions: Mapping[str, Callable[[Any], None]]) -> Callable[[str, Any], SelfCheck]:
    """The function ``check`` of a page.

    Args:
        questions: a function for each name; it raises ``CheckFailure`` where the answer is not right.
    """

    def check(name: str, answer: Any) -> SelfCheck:
        if name not in questions:
            raise ValueError(refused("name", repr(name), ", ".join(questions)))
        try:
            questions[name](answer)
        except CheckFailure as failure:
            return SelfCheck(failure)
        except Exception as error:
            found = ": ".join([type(error).__name__, *last_line(error)])
            return SelfCheck(CheckFailure(expected=_USABLE, found=found))
        return SelfCheck()

    return check
