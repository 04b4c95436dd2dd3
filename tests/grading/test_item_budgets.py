"""Time and starts are counted for each item: cells that end the process or never end cost what depends on them and no more."""

import copy
import itertools
import threading
import time
from dataclasses import replace

import psutil
import pytest
from nbformat.v4 import new_code_cell
from submissions import known_cells_of_toy, scores, toy_notebook

from mlc_course.grading.judging import notebook_session
from mlc_course.grading.judging.item_grader import Assessor
from mlc_course.grading.judging.notebook_session import FAILED_STARTS
from mlc_course.grading.judging.times import Times
from mlc_course.grading.vetting.notebook import sanitize
from mlc_course.grading.workers import prefetch
from mlc_course.grading.workers.fork_client import ForkServerFailed
from mlc_course.grading.workers.prefetch import KernelGone, KernelPrefetch

FULL = {"axis": 2, "double": 4, "scale": 3, "split": 3}
DIES = "import os; os._exit(1)"


def with_cells(source: str, count: int):
    """A right notebook with cells of one kind in front, between and after the answers."""
    notebook = toy_notebook({}, solved=True)
    step = max(1, len(notebook.cells) // max(1, count))
    places = [(1 + number * step) % (len(notebook.cells) + 1) for number in range(count)]
    for place in sorted(places, reverse=True):
        notebook.cells.insert(max(1, place), new_code_cell(source))
    return notebook


@pytest.mark.parametrize("count", [4, 8, 20])
def test_right_answers_among_cells_that_end_the_process_get_full_marks(grade, count):
    result = grade(with_cells(DIES, count))
    assert scores(result) == FULL
    assert result["unjudged"] == {}


@pytest.fixture
def impatient(toy_grader, monkeypatch):
    """The grader with few seconds for cells."""
    times = Times(cell=5, answer=20, notebook=10, item=60)
    monkeypatch.setattr(toy_grader, "settings", replace(toy_grader.settings, times=times))
    return toy_grader


@pytest.mark.timed
def test_cells_that_never_end_use_up_their_own_time_and_not_the_items(impatient):
    notebook = with_cells("import time; time.sleep(600)", 8)
    # One of them spins; more at once would take the machine from what else runs on it.
    next(cell for cell in notebook.cells if "sleep" in cell.source).source = "while True: pass"
    began = time.monotonic()
    result = impatient.grade(sanitize(notebook, known_cells_of_toy()), None)
    assert scores(result) == FULL
    told = [o["evalue"] for outputs in result["outputs"].values() for o in outputs if o["output_type"] == "error"]
    assert sum("took too long" in said for said in told) in (2, 3)  # all that fit into 10 seconds
    assert sum("the 10 seconds that its cells may take were used up" in said for said in told) >= 5
    assert time.monotonic() - began < 300


def test_an_item_that_uses_up_its_time_says_so_and_costs_no_other(impatient, monkeypatch):
    times = replace(impatient.settings.times, cell=20, item=6)
    monkeypatch.setattr(impatient, "settings", replace(impatient.settings, times=times))
    notebook = toy_notebook({"double-answer": "import time; time.sleep(600)"}, solved=True)
    result = impatient.grade(sanitize(notebook, known_cells_of_toy()), None)
    assert scores(result) == {**FULL, "double": 0}
    assert "took too long" in result["items"]["double"]["parts"][0]["message"]["en"]


def test_a_killing_first_cell_is_left_out(grade):
    notebook = toy_notebook({}, solved=True)
    notebook.cells[0].source = DIES
    assert scores(grade(notebook)) == FULL


def test_what_goes_wrong_inside_the_grader_costs_one_item_and_is_told(grade, monkeypatch):
    original = Assessor.judge

    async def judge(self, item, exported, run_program):
        if item in ("axis", "double"):
            raise ZeroDivisionError("a fault of the grader")
        return await original(self, item, exported, run_program)

    monkeypatch.setattr(Assessor, "judge", judge)
    result = grade(toy_notebook({}, solved=True))
    assert scores(result) == {**FULL, "axis": 0, "double": 0}
    assert set(result["unjudged"]) == {"axis", "double"}
    assert "ZeroDivisionError: a fault of the grader (" in result["unjudged"]["axis"]["en"]
    assert result["internal_errors"] == ["axis", "double"]
    message = result["items"]["axis"]["parts"][0]["message"]
    assert "an internal error of the grader (ZeroDivisionError)" in message["en"]
    assert "内部错误" in message["zh"]


def test_kernels_that_do_not_start_are_no_fault_of_an_answer(grade, monkeypatch):
    async def take(self, start):
        raise KernelGone("no more memory")

    monkeypatch.setattr(KernelPrefetch, "take", take)
    monkeypatch.setattr(notebook_session, "_REST", 0)
    result = grade(toy_notebook({}, solved=True))
    assert set(result["unjudged"]) == set(FULL)
    assert "no more memory" in result["unjudged"]["axis"]["en"]


@pytest.mark.timed
def test_a_kernel_that_starts_after_rests_costs_nothing(grade, monkeypatch):
    take, tried = KernelPrefetch.take, []

    async def late(self, start):
        tried.append(time.monotonic())
        if len(tried) < FAILED_STARTS:
            raise KernelGone("no more processes")
        return await take(self, start)

    monkeypatch.setattr(KernelPrefetch, "take", late)
    monkeypatch.setattr(notebook_session, "_REST", 0.02)
    assert scores(grade(toy_notebook({}, solved=True))) == FULL
    rests = [later - earlier for earlier, later in itertools.pairwise(tried)]
    assert all(rest >= 0.02 * 2**number for number, rest in enumerate(rests))


def test_a_kernel_that_no_longer_replies_is_not_waited_for(grade, monkeypatch):
    monkeypatch.setattr(prefetch, "AFTER_IDLE", 1.0)
    replaced = "get_ipython().run_cell = get_ipython().run_cell_async = lambda *a, **k: None"
    result = grade(toy_notebook({"double-answer": replaced}, solved=True))
    first, second = (part["message"] for part in result["items"]["double"]["parts"])
    assert "the kernel no longer replies" in first["en"]
    assert "内核不再回复" in first["zh"]
    assert second == {"en": "for the same reason as “right numbers”", "zh": "原因与“数值正确”相同"}


def test_a_machine_that_cannot_judge_grades_nobody(grade, monkeypatch):
    async def judge(self, item, exported, run_program):
        raise ForkServerFailed("it did not start")

    monkeypatch.setattr(Assessor, "judge", judge)
    with pytest.raises(ForkServerFailed):
        grade(copy.deepcopy(toy_notebook({}, solved=True)))


FLOOD = """
import os, time
from IPython import get_ipython
kernel = get_ipython().kernel
session, socket, parent = kernel.session, kernel.iopub_socket, kernel.get_parent()
text = {"name": "stdout", "text": "x" * 20_000_000}
for _ in range(10):
    session.send(socket, "comm_msg", {"comm_id": "a", "data": {}}, parent, buffers=[bytes(40 << 20)])
    session.send(socket, "stream", text, parent)
    session.send(socket, "display_data", {"data": {"image/png": "A" * 20_000_000}, "metadata": {}}, parent)
    session.send(socket, "stream", {"name": "stdout", "text": "x"}, parent, buffers=[b""] * 100_000)
    session.send(socket, "status", {"execution_state": "busy", "x": [[]] * 1_000_000}, parent)
    session.send(kernel.control_socket if hasattr(kernel, "control_socket") else socket, "stream", text, parent)
"""


class Most(threading.Thread):
    """The most memory that this process has while the block runs, more than before."""

    def __enter__(self):
        self._process, self._done, self.more = psutil.Process(), threading.Event(), 0
        self._before = self._process.memory_info().rss
        self.start()
        return self

    def __exit__(self, *_error):
        self._done.set()
        self.join()

    def run(self):
        while not self._done.wait(0.005):
            self.more = max(self.more, self._process.memory_info().rss - self._before)


def test_whatever_a_kernel_sends_the_grader_keeps_little_of_it(grade):
    grade(toy_notebook({}, solved=True))  # everything is loaded
    answers = {"axis-answer": f"{FLOOD}\nkind = 'reduction'", "double-answer": f"{FLOOD}\ndouble = lambda x: 2 * x"}
    with Most() as most:
        result = grade(toy_notebook(answers, solved=True))
    assert scores(result) == FULL, result["items"]
    assert most.more < 250 * 2**20  # of some two gigabytes
