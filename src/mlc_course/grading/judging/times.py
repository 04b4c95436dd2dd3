"""How long a student's process may take for a notebook and its parts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """Seconds of the student's process; each run of a cell and each start after it ended counts, however often it is run.

    A notebook is run for at most ``notebook + items * item`` seconds, and the time that judging takes.

    Attributes:
        cell: of one cell.
        answer: of handing out or calling one answer.
        notebook: of all cells together that belong to no item; what is used up leaves the items theirs.
        item: of the cells of one item, and of calling its answer.
    """

    cell: int = 120
    answer: int = 60
    notebook: int = 600
    item: int = 300
