"""The toy assignment's notebook with cells lost, moved, doubled or turned into something else, and what is said of each."""

import copy
import json
from collections.abc import Callable
from typing import Any

import nbformat
from submissions import known_cells_of_toy, toy_notebook

KNOWN = known_cells_of_toy()
SOLVED = json.loads(nbformat.writes(toy_notebook({}, solved=True)))
STARTER = json.loads(nbformat.writes(toy_notebook({}, solved=False)))
FULL = {"axis": 2, "double": 4, "scale": 3, "split": 3}
Data = dict[str, Any]


def source_of(cell: Data) -> str:
    return "".join(cell["source"])


def place(data: Data, name: str) -> int:
    """Index of a cell by its own id: answers are called as their grade id, checks ``<item>-check``."""
    return next(i for i, cell in enumerate(data["cells"]) if cell["id"] == name)


def code(source: str, grade_id: str | None = None, cell_id: str = "mine") -> Data:
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": "code", "id": cell_id, "source": source, "metadata": metadata, "outputs": []}


def copied(data: Data, name: str, cell_id: str = "copy") -> Data:
    return {**copy.deepcopy(data["cells"][place(data, name)]), "id": cell_id}


def set_source(name: str, source: Callable[[str], str]) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        cell = data["cells"][place(data, name)]
        cell["source"] = source(source_of(cell))

    return change


def turn_into(kind: str, *names: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        for name in names:
            data["cells"][place(data, name)]["cell_type"] = kind

    return change


def remove(*names: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["cells"] = [cell for cell in data["cells"] if cell["id"] not in names]

    return change


def double_below(name: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["cells"].insert(place(data, name) + 1, copied(data, name))

    return change


def check_copied_to_the_top(data: Data) -> None:
    data["cells"].insert(0, copied(data, "double-check"))


def check_copied_to_the_end(data: Data) -> None:
    data["cells"].append(code("double = None"))
    data["cells"].append(copied(data, "double-check"))


def check_moved_above_its_answer(data: Data) -> None:
    check = data["cells"].pop(place(data, "double-check"))
    data["cells"].insert(place(data, "double-answer"), check)


def check_moved_to_the_top(data: Data) -> None:
    data["cells"].insert(0, data["cells"].pop(place(data, "split-check")))


def answer_and_check_moved_to_the_end(data: Data) -> None:
    data["cells"] += [data["cells"].pop(place(data, name)) for name in ("axis-answer", "axis-check")]


def answer_split(data: Data) -> None:
    index = place(data, "scale-answer")
    first, second = source_of(data["cells"][index]).split("B = te", 1)
    data["cells"][index]["source"] = first
    data["cells"].insert(index + 1, {**copied(data, "scale-answer"), "source": "B = te" + second})


def answer_split_without_metadata_and_check(data: Data) -> None:
    answer_split(data)
    data["cells"][place(data, "copy")]["metadata"] = {}
    remove("scale-check")(data)


def check_split(data: Data) -> None:
    index = place(data, "axis-check")
    data["cells"][index]["source"] = 'check("axis",'
    data["cells"].insert(index + 1, code("kind)"))


def answer_and_check_in_one_cell(data: Data) -> None:
    source = source_of(data["cells"][place(data, "double-check")])
    remove("double-check")(data)
    data["cells"][place(data, "double-answer")]["source"] += "\n" + source


def metadata_lost(data: Data) -> None:
    """As after a round through Colab: an old format, and no identities of cells."""
    data["nbformat_minor"] = 0
    data["metadata"] = {"colab": {"provenance": []}}
    for cell in data["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)


def all_ids_the_same(data: Data) -> None:
    for cell in data["cells"]:
        cell["id"] = "axis-answer"
        cell["metadata"] = {}


def ids_made_anew(data: Data) -> None:
    for number, cell in enumerate(data["cells"]):
        cell["id"], cell["metadata"] = f"{number:08x}", {}


def only_ids_left(data: Data) -> None:
    for cell in data["cells"]:
        cell["metadata"] = {}
    set_source("double-check", lambda _: "# my own test\ndouble(np.ones(3))")(data)


def metadata_and_checks_lost(data: Data) -> None:
    remove(*(f"{item}-check" for item in FULL))(data)
    metadata_lost(data)


def everything_in_one_cell(data: Data) -> None:
    text = "\n".join(source_of(cell) for cell in data["cells"] if cell["cell_type"] == "code")
    data["cells"] = [code(text)]


def checks_first_then_answers(data: Data) -> None:
    data["cells"].sort(key=lambda cell: not cell["id"].endswith("-check"))


def unsolved_copy_far_below(data: Data) -> None:
    starter = copied(STARTER, "double-answer")
    data["cells"].append({**starter, "source": "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"})


def scratch_copy_of_an_answer_for_another_item(data: Data) -> None:
    """The cell of ``axis`` was copied, with its metadata, to where the next item is solved."""
    double = data["cells"].pop(place(data, "double-answer"))
    data["cells"].insert(
        place(data, "double-check"), {**copied(data, "axis-answer"), "source": source_of(double) + "\nkind = None"}
    )


def better_answer_below_its_check(data: Data) -> None:
    index = place(data, "double-answer")
    better = copied(data, "double-answer")
    data["cells"][index]["source"] = "def double(x):\n    return 3 * x"
    data["cells"].insert(place(data, "double-check") + 1, better)


def answer_written_into_a_copy_of_the_check(data: Data) -> None:
    index = place(data, "double-check")
    answer = source_of(data["cells"][place(data, "double-answer")])
    data["cells"].insert(index + 1, {**copied(data, "double-check"), "source": f'{answer}\ncheck("double", double)'})
    remove("double-answer")(data)


def scratch_far_below(data: Data) -> None:
    data["cells"].append(code("kind, double, sch = None, None, None"))


def without_metadata(change: Callable[[Data], None]) -> Callable[[Data], None]:
    def both(data: Data) -> None:
        change(data)
        metadata_lost(data)

    return both


CHANGES: dict[str, tuple[Callable[[Data], None], set[tuple[str, str]]]] = {
    "check missing": (remove("double-check"), {("double", "missing")}),
    "all checks missing": (remove(*(f"{item}-check" for item in FULL)), {(item, "missing") for item in FULL}),
    "check doubled": (double_below("double-check"), {("double", "doubled")}),
    "check copied to the top": (check_copied_to_the_top, {("double", "doubled")}),
    "check copied to the end": (check_copied_to_the_end, {("double", "doubled")}),
    "check above its answer": (check_moved_above_its_answer, {("double", "moved")}),
    "check at the top": (check_moved_to_the_top, {("split", "moved")}),
    "check commented out": (set_source("axis-check", lambda s: f"# {s}"), {("axis", "edited")}),
    "check with other quotes": (set_source("axis-check", lambda s: s.replace('"', "'")), {("axis", "edited")}),
    "check with curly quotes": (set_source("axis-check", lambda _: "check(“axis”, kind)"), {("axis", "edited")}),
    "check with spaces": (set_source("axis-check", lambda _: '\ncheck( "axis",\n  kind )  ;'), {("axis", "edited")}),
    "check of something else": (
        set_source("double-check", lambda _: 'check("double", lambda x: x)'),
        {("double", "edited")},
    ),
    "check replaced by code": (set_source("axis-check", lambda _: "print(kind)"), {("axis", "edited")}),
    "check emptied": (set_source("axis-check", lambda _: ""), {("axis", "edited")}),
    "check turned to text": (turn_into("markdown", "double-check"), {("double", "text")}),
    "check turned to raw": (turn_into("raw", "double-check", "split-check"), {("double", "text"), ("split", "text")}),
    "check split": (check_split, {("axis", "edited")}),
    "answer doubled": (double_below("double-answer"), set()),
    "answer split": (answer_split, set()),
    "answer split, check missing": (answer_split_without_metadata_and_check, {("scale", "missing")}),
    "answer turned to text": (turn_into("markdown", "double-answer"), {("double-answer", "answer_text")}),
    "answer and check in one cell": (answer_and_check_in_one_cell, {("double", "missing")}),
    "answer and check at the end": (answer_and_check_moved_to_the_end, set()),
    "metadata lost": (metadata_lost, {("", "metadata")}),
    "all ids the same": (all_ids_the_same, {("", "metadata")}),
    "ids made anew": (ids_made_anew, {("", "metadata")}),
    "only ids left": (only_ids_left, {("", "metadata"), ("double", "edited")}),
    "metadata and checks lost": (
        metadata_and_checks_lost,
        {("", "metadata"), *((item, "missing") for item in FULL)},
    ),
    "everything in one cell": (
        everything_in_one_cell,
        {("", "metadata"), *((item, "missing") for item in FULL)},
    ),
    "checks first": (checks_first_then_answers, {(item, "moved") for item in FULL}),
    "unsolved copy far below": (unsolved_copy_far_below, set()),
    "answer written into the check": (
        answer_written_into_a_copy_of_the_check,
        {("double", "edited"), ("double", "doubled")},
    ),
    "names used for something else far below": (scratch_far_below, set()),
    "the same without metadata": (without_metadata(scratch_far_below), {("", "metadata")}),
    "doubled check without metadata": (
        without_metadata(double_below("double-check")),
        {("", "metadata"), ("double", "doubled")},
    ),
    "commented check without metadata": (
        without_metadata(set_source("axis-check", lambda s: f"## {s}")),
        {("", "metadata"), ("axis", "edited")},
    ),
    "check as text without metadata": (
        without_metadata(turn_into("markdown", "axis-check")),
        {("", "metadata"), ("axis", "text")},
    ),
    "copy used for another item": (scratch_copy_of_an_answer_for_another_item, set()),
    "better answer below its check": (better_answer_below_its_check, {("double", "moved")}),
}
