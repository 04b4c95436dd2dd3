"""Find the assignment's cells in a student's notebook, whatever became of them, and where each item is to be judged.

A cell is known by its nbgrader metadata, else by its own id, else by what it holds. Check cells are the assignment's:
what a student made of one is never judged, and costs nothing. Each is written back once, where its answer is complete:

* where it stands, if it stands after an answer;
* of several, the first after the last cell of the answer;
* right after the last cell of the answer, if it stands above that cell, or nowhere;
* at the end, if there is no answer either.

An answer cell counts as far down as it stands, unless it is still the starter code, or stands just before the check of
another item and defines what that one asks for. So nobody is judged twice, on a cell of another item, or on less than
was handed in.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from mlc_course.exercises.cell_errors import is_empty
from mlc_course.exercises.source import answer_id
from mlc_course.grading.vetting.cell_text import bound_names, called_item, needed_names, normalized, released

if TYPE_CHECKING:
    from mlc_course.grading.vetting.known_cells import Known


MAX_LOOKED_AT = 64 * 2**10  # characters of a cell; a longer one is known by its metadata or not at all
MAX_LOOKED_AT_IN_ALL = 2**20


class Submitted(NamedTuple):
    """A cell as it was handed in; ``claim`` is the grade id it carries."""

    cell_type: str
    source: str
    claim: str | None
    id: str


class Placed(NamedTuple):
    """A cell of the notebook to grade: of the assignment if it has a name, else the student's alone."""

    cell_type: str
    source: str
    name: str | None = None
    origin: int | None = None  # index of the submitted cell it is


@dataclass
class Recovery:
    """The cells of an assignment in one submitted notebook.

    Attributes:
        remarks: ``(name, what)`` of everything that was not as handed out; see ``remarks.REMARKS``.
    """

    cells: Sequence[Submitted]
    known: Mapping[str, "Known"]
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def placed(self) -> list[Placed]:
        """The notebook to grade."""
        if self.cells and self.known and not any(cell.claim in self.known for cell in self.cells):
            self.remarks.append(("", "metadata"))
        own = {index: self._own(index) for index in range(len(self.cells))}
        before: dict[int, list[Placed]] = {}
        after: dict[int, list[Placed]] = {}
        for name, entry in self.known.items():
            if entry.solution:
                self._give_name(own, name)
            elif entry.judged:
                self._write_back(own, after, name)
            elif entry.locked or entry.grade or entry.task:
                self._write_back_in_place(own, before, after, name)
        end = len(self.cells)
        rows = [[*before.get(i, []), *own.get(i, []), *after.get(i, [])] for i in range(end + 1)]
        return [cell for row in rows for cell in row]

    def answers(self, name: str) -> list[int]:
        """The cells that hold the answer a check asks for; those that are still as handed out do not count."""
        found = self.answer_cells(name)
        solved = [i for i in found if not self._is_starter(i)]
        return solved or self._binders(name)

    def answer_cells(self, name: str) -> list[int]:
        """The cells that are or were the answer cells of a check, as handed out or not."""
        return sorted(i for each in self._answer_names(name) for i in self._copies.get(each, []))

    def answer_state(self, name: str) -> str:
        """What is wrong with an answer as text: ``deleted``, ``empty``, ``text``; empty if nothing is."""
        if not self.answer_cells(name):
            return "" if self._binders(name) or not self._answer_names(name) else "deleted"
        found = [self.cells[i] for i in self.answers(name)] or [self.cells[i] for i in self.answer_cells(name)]
        if all(is_empty(cell.source) for cell in found):
            return "empty"
        wanted = {self.known[each].cell_type for each in self._answer_names(name)}
        return "text" if wanted == {"code"} and all(cell.cell_type != "code" for cell in found) else ""

    @cached_property
    def names(self) -> list[str | None]:
        """For each submitted cell, the assignment's cell that it is or was."""
        texts: dict[str, list[str]] = {}
        for name, entry in self.known.items():
            if entry.locked and not entry.solution:
                texts.setdefault(normalized(released(entry.source)), []).append(name)
        texts.pop("", None)
        ids = {f"{name}-check": name for name, entry in self.known.items() if entry.judged} | {n: n for n in self.known}
        common = Counter(cell.id for cell in self.cells)
        return [self._name(i, texts, {} if common[cell.id] > 1 else ids) for i, cell in enumerate(self.cells)]

    def _name(self, index: int, texts: dict[str, list[str]], ids: dict[str, str]) -> str | None:
        cell = self.cells[index]
        said = cell.claim if cell.claim in self.known else ids.get(cell.id)
        same = texts.get(self._normalized[index], [])
        if said and (self.known[said].solution or said in same):
            return said
        if same:
            return same[0]
        called = called_item(self._looked_at[index]) if cell.cell_type == "code" else None
        return called if called and called in self.known and self.known[called].judged else said

    @cached_property
    def _looked_at(self) -> list[str]:
        """Texts of the cells, empty where they are too long to look at: only metadata tells what those are."""
        left, texts = MAX_LOOKED_AT_IN_ALL, []
        for cell in self.cells:
            size = len(cell.source)
            texts.append(cell.source if size <= min(left, MAX_LOOKED_AT) else "")
            left -= len(texts[-1])
        return texts

    @cached_property
    def _normalized(self) -> list[str]:
        return [normalized(text) for text in self._looked_at]

    @cached_property
    def _copies(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index, name in enumerate(self.names):
            if name is not None:
                found.setdefault(name, []).append(index)
        return found

    @cached_property
    def _bound(self) -> list[frozenset[str]]:
        pairs = zip(self.cells, self._looked_at, strict=True)
        return [bound_names(text) if cell.cell_type == "code" else frozenset() for cell, text in pairs]

    @cached_property
    def _needed(self) -> dict[str, frozenset[str]]:
        return {name: needed_names(released(entry.source)) for name, entry in self.known.items() if entry.judged}

    def _answer_names(self, name: str) -> list[str]:
        """Grade ids of the answer cells of a check."""
        said = self.known.get(answer_id(name))
        if said is not None and said.solution:
            return [answer_id(name)]
        solutions = {each: entry for each, entry in self.known.items() if entry.solution and not entry.grade}
        return [each for each, e in solutions.items() if bound_names(e.source) & self._needed[name]]

    def _binders(self, name: str) -> list[int]:
        """Cells other than checks and starter code that seem to bind what a check asks for."""
        found = [i for i, bound in enumerate(self._bound) if bound & self._needed[name] and not self._is_starter(i)]
        return [i for i in found if self.names[i] is None or not self.known[str(self.names[i])].judged]

    @cached_property
    def _starters(self) -> dict[str, str]:
        return {name: normalized(entry.source) for name, entry in self.known.items() if entry.solution}

    def _is_starter(self, index: int) -> bool:
        """Whether an answer cell is empty or as handed out."""
        name, text = self.names[index], self._normalized[index]
        starters = [self._starters[name]] if name in self._starters else self._starters.values()
        return not self.cells[index].source.strip() or (bool(text) and text in starters)

    def _own(self, index: int) -> list[Placed]:
        cell = self.cells[index]
        return [Placed(cell.cell_type, cell.source, None, index)]

    def _give_name(self, own: dict[int, list[Placed]], name: str) -> None:
        """The last copy of an answer cell that is solved, code if it is to be code, carries its metadata."""
        entry, copies = self.known[name], self._copies.get(name, [])
        if not copies and entry.grade:
            own.setdefault(len(self.cells), []).append(self._empty(entry, name))
        elif not copies:
            items = [item for item in self._needed if answer_id(item) == name]
            copies = [
                i for item in items for i in self._binders(item) if self.names[i] is None and own[i][0].name is None
            ]
        if not copies:
            return
        solved = [i for i in copies if not self._is_starter(i)] or copies
        index = ([i for i in solved if self.cells[i].cell_type == entry.cell_type] or solved)[-1]
        cell = self.cells[index]
        if entry.cell_type == "code" and cell.cell_type != "code" and not entry.grade:
            self.remarks.append((name, "answer_text"))
        own[index] = [Placed(entry.cell_type, cell.source, name, index)]

    def _empty(self, entry: "Known", name: str) -> Placed:
        """A cell to be graded by hand that is not there; nbgrader gives none for its text, unless that was only not found."""
        if ("", "metadata") not in self.remarks:
            return Placed(entry.cell_type, entry.source, name)
        self.remarks.append((name, "by_hand"))
        note = "(This cell was not found in the notebook, which has lost its metadata: look for its text above.)"
        return Placed(entry.cell_type, f"{entry.source}\n\n{note}", name)

    def _write_back(self, own: dict[int, list[Placed]], after: dict[int, list[Placed]], name: str) -> None:
        """Put a check cell where its item is judged."""
        place = self._place(name)
        self._remark_check(name, place)
        if place in self._copies.get(name, []):
            self._replace(own, place, name)
        else:
            entry = self.known[name]
            after.setdefault(place, []).append(Placed(entry.cell_type, entry.source, name))

    def _replace(self, own: dict[int, list[Placed]], index: int, name: str) -> None:
        """The assignment's cell in place of a copy of it; an edited one stays above it, as a cell of the student's."""
        entry, cell = self.known[name], self.cells[index]
        same = normalized(cell.source) in ("", normalized(released(entry.source)))
        own[index] = [*([] if same else self._own(index)), Placed(entry.cell_type, entry.source, name, index)]

    def _write_back_in_place(
        self, own: dict[int, list[Placed]], before: dict[int, list[Placed]], after: dict[int, list[Placed]], name: str
    ) -> None:
        """Put a locked cell or a task where it stands, or before what follows it in the assignment."""
        entry, copies = self.known[name], self._copies.get(name, [])
        if copies and entry.locked:
            self._replace(own, copies[0], name)
        elif copies:
            cell = self.cells[copies[-1]]
            own[copies[-1]] = [Placed(entry.cell_type, cell.source, name, copies[-1])]
        elif entry.grade or entry.task:
            after.setdefault(len(self.cells), []).append(Placed(entry.cell_type, entry.source, name))
        elif entry.cell_type == "code":
            order = list(self.known)
            following = [i for later in order[order.index(name) + 1 :] for i in self._copies.get(later, [])]
            place = min(following, default=len(self.cells))
            before.setdefault(place, []).append(Placed(entry.cell_type, entry.source, name))

    def _place(self, name: str) -> int:
        """The cell that is to be the check, or after which it is put; see the module's text."""
        checks, answers = self._copies.get(name, []), self.answers(name)
        if not checks:
            return self._complete(name, answers)
        ready = [c for c in checks if answers and answers[0] < c]
        base = ready[0] if ready else checks[0 if answers else -1]  # the answer may stand in a copy of the check
        late = [a for a in answers if a > base and (not ready or self._counts(a, name))]
        if not late:
            return base
        return next((c for c in checks if c > late[-1]), late[-1])

    def _complete(self, name: str, answers: list[int]) -> int:
        """The last cell of an answer that has no check: the one that binds the name, if none before does."""
        if not answers:
            return len(self.cells)
        last = ([a for a in answers if self._owner(a) in (None, name)] or answers)[-1]
        wanted = self._needed[name]
        if any(bound & wanted for bound in self._bound[: last + 1]):
            return last
        return next((i for i, bound in enumerate(self._bound) if i > last and bound & wanted), last)

    def _counts(self, index: int, name: str) -> bool:
        """Whether a cell below a check that has an answer already is a later version of that answer."""
        claimed = self.names[index] in self._answer_names(name)
        return claimed and bool(self._bound[index] & self._needed[name]) and self._owner(index) in (None, name)

    def _owner(self, index: int) -> str | None:
        """The item whose check comes next, if the cell binds what it asks for."""
        name = self._next_check[index]
        return name if name is not None and self._bound[index] & self._needed[name] else None

    @cached_property
    def _next_check(self) -> list[str | None]:
        following: list[str | None] = []
        name = None
        for each in reversed(self.names):
            following.append(name)
            name = each if each in self._needed else name
        return following[::-1]

    def _remark_check(self, name: str, place: int) -> None:
        entry, copies = self.known[name], self._copies.get(name, [])
        if not copies:
            self.remarks.append((name, "missing"))
            return
        cells = [self.cells[i] for i in copies]
        exact = released(entry.source).strip()
        if any(cell.cell_type != entry.cell_type for cell in cells):
            self.remarks.append((name, "text"))
        elif any(cell.source.strip() != exact for cell in cells):
            self.remarks.append((name, "edited"))
        if len(copies) > 1:
            self.remarks.append((name, "doubled"))
        if place not in copies:
            self.remarks.append((name, "moved"))
