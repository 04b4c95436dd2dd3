"""Which of several hand-ins of a student is taken, and by what rule."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from mlc_course.grading.collecting.owners import Owner
from mlc_course.grading.vetting.file_times import Moment

INDISTINCT = (
    "several notebooks of one name and number, and the platform keeps no times; if the number is part of the "
    "student's name, put the class into the gradebook first (nbgrader db student import)"
)
SAME_TIME = 2  # seconds; a zip's own times are no finer


@dataclass(frozen=True)
class HandIn:
    """A notebook that was found, not yet chosen.

    Attributes:
        parcel: what was handed in together: a student's archive, a platform's folder, or the file alone; ``attempt`` is its number.
        where: the file and the archives around it.
        moment: when it was handed in, as far as that is known; ``inner`` when it was written, as its own archive says.
        digest: the same for the same content.
        content: name of the file that holds the content until one is chosen.
        target: where the chosen one is extracted to.
    """

    owner: Owner
    parcel: str
    attempt: int
    where: str
    moment: Moment | None
    inner: float | None
    digest: bytes
    content: str
    target: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """What became of a file or a student."""

    outcome: str  # taken, replaced, passed over, not handed in
    student: str
    where: str
    moment: Moment | None = None
    why: str = ""


def choose(found: Sequence[HandIn]) -> tuple[list[HandIn], list[Row]]:
    """The hand-ins to take, one for each student and file, and what became of the others."""
    taken: list[HandIn] = []
    rows: list[Row] = []
    # Sorting keeps the order in which they were found.
    for _, group in groupby(sorted(found, key=_student), key=_student):
        hand_ins = list(group)
        people = {one.owner.number for one in hand_ins if one.owner.number}
        if len(people) > 1:
            named = ", ".join(sorted(people))
            rows += [_passed(one, f"{len(people)} people are called so ({named}): hand each in under a name of its own")
                     for one in hand_ins]  # fmt: skip
            continue
        for _, same in groupby(sorted(hand_ins, key=_file), key=_file):
            chosen = _parcels(list(same), rows)
            taken += [_newest(chosen, rows)] if chosen else []
    return taken, rows


def _student(one: HandIn) -> str:
    return one.owner.student


def _file(one: HandIn) -> str:
    return one.owner.file


def _passed(one: HandIn, why: str) -> Row:
    return Row("passed over", one.owner.student, one.where, one.moment, why)


def _parcels(found: list[HandIn], rows: list[Row]) -> list[HandIn]:
    """The one notebook of each parcel, where there is one."""
    best = []
    parcels: dict[str, list[HandIn]] = {}
    for one in found:
        parcels.setdefault(one.parcel, []).append(one)
    for parcel in parcels.values():
        named = [one for one in parcel if one.owner.named]
        rows += [_passed(one, f"{named[0].where} bears the assignment's name") for one in parcel
                 if named and not one.owner.named]  # fmt: skip
        bases = {one.owner.base.casefold() for one in parcel}
        if not named and len(bases) > 1:
            rows += [_passed(one, f"{len(bases)} notebooks, none of them called {one.owner.file}") for one in parcel]
            continue
        if _indistinct(named or parcel):
            rows += [_passed(one, INDISTINCT) for one in named or parcel]
            continue
        best.append(_newest(named or parcel, rows, inside=True))
    return best


def _indistinct(parcel: list[HandIn]) -> bool:
    """Whether a platform gives several notebooks one name and one time, that of packing."""
    content: dict[tuple[str, int], bytes] = {}
    return any(
        one.owner.packed_now and content.setdefault((one.owner.base, one.owner.attempt), one.digest) != one.digest
        for one in parcel
    )


def _newest(found: list[HandIn], rows: list[Row], *, inside: bool = False) -> HandIn:
    best = found[0]
    for one in found[1:]:
        newer, rule = compare(best, one, inside=inside)
        loser, winner = (best, one) if newer else (one, best)
        rows.append(Row("replaced", loser.owner.student, loser.where, loser.moment, f"{winner.where}: {rule}"))
        best = winner
    return best


def compare(one: HandIn, other: HandIn, *, inside: bool = False) -> tuple[bool, str]:
    """Whether the second of two hand-ins is taken, and the rule: the time, else the attempt, else the order."""
    first, second = (_time(h, inside=inside) for h in (one, other))
    if first is not None and second is not None and abs(first - second) >= SAME_TIME:
        return second > first, f"newer by {span(abs(first - second))}"
    tie = "same time" if first is not None and second is not None else "no time to compare"
    attempts = [h.owner.attempt if inside else h.attempt for h in (one, other)]
    if attempts[0] != attempts[1]:
        return attempts[1] > attempts[0], f"{tie}: the later attempt number"
    return True, f"{tie}: the later in order"


def _time(one: HandIn, *, inside: bool) -> float | None:
    if inside and one.inner is not None:
        return one.inner
    return one.moment.seconds if one.moment else None


def span(seconds: float) -> str:
    """A length of time in one unit."""
    for unit, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds:.0f} s"


def with_remark(one: HandIn, remark: str) -> HandIn:
    """The hand-in with one more remark, unless that is empty."""
    return replace(one, remarks=(*one.remarks, remark)) if remark else one
