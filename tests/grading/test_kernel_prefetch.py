"""A kernel that is started before its notebook: fresh, of the right kind, and gone when nobody needs it."""

import asyncio
from dataclasses import replace

import psutil
import pytest
from jupyter_core.utils import run_sync
from submissions import known_cells_of_toy, scores, toy_notebook

from mlc_course.grading.vetting.cell_outputs import CellOutputs
from mlc_course.grading.vetting.notebook import sanitize
from mlc_course.grading.workers import prefetch as kernels_ahead
from mlc_course.grading.workers.kernel_forker import KernelForker
from mlc_course.grading.workers.prefetch import KernelPrefetch, Start

ENGLISH = Start("", {"MLC_LANG": "en"}, 60)


@pytest.fixture(scope="module")
def warm():
    made = KernelForker()
    yield made
    made.stop()


@pytest.fixture
def ahead(warm):
    made = KernelPrefetch(warm)
    yield made
    run_sync(made.end)()


async def said(client, source):
    """What code prints in a client's kernel."""
    outputs = CellOutputs()
    await client.execute(source, outputs, 60)
    return outputs.plain()[0]["text"]


async def is_another(ahead, prepared):
    client = await ahead.take(ENGLISH)
    assert client is not prepared
    await client.end()


def process_of(client):
    return psutil.Process(client.km.provisioner.process.pid)


def test_a_prepared_kernel_is_handed_out_once_and_runs(ahead):
    async def scene():
        await ahead.prepare(ENGLISH)
        prepared = ahead._ready[1]
        first, second = await ahead.take(ENGLISH), await ahead.take(ENGLISH)
        assert first is prepared
        assert second is not prepared
        assert await said(first, "import os; print(os.environ['MLC_LANG'], 'left' in dir())") == "en False\n"
        await first.end()
        await second.end()

    run_sync(scene)()


@pytest.mark.parametrize("asked", [replace(ENGLISH, environment={"MLC_LANG": "zh"}), replace(ENGLISH, folder="/usr")])
def test_a_kernel_prepared_for_something_else_is_ended_and_not_handed_out(ahead, asked):
    async def scene():
        await ahead.prepare(ENGLISH)
        process = process_of(ahead._ready[1])
        prepared = ahead._ready[1]
        client = await ahead.take(asked)
        assert client is not prepared
        assert not process.is_running()
        await client.end()

    run_sync(scene)()


def test_a_kernel_that_ended_meanwhile_is_not_handed_out(ahead):
    async def scene():
        await ahead.prepare(ENGLISH)
        prepared = ahead._ready[1]
        process = prepared.km.provisioner.process
        psutil.Process(process.kernel).kill()
        while process.poll() is None:
            await asyncio.sleep(0.01)
        await is_another(ahead, prepared)

    run_sync(scene)()


def test_a_kernel_that_waited_long_is_not_handed_out(ahead, monkeypatch):
    async def scene():
        await ahead.prepare(ENGLISH)
        prepared = ahead._ready[1]
        monkeypatch.setattr(kernels_ahead, "MAX_AGE", 0)
        await is_another(ahead, prepared)

    run_sync(scene)()


def test_a_kernel_that_cannot_be_prepared_is_left_to_the_notebooks_own_start(ahead, monkeypatch):
    async def fails(*_arguments, **_options):
        raise RuntimeError("no box")

    monkeypatch.setattr(kernels_ahead.BoxKernelManager, "start_kernel", fails)
    run_sync(ahead.prepare)(ENGLISH)
    assert ahead._ready is None


def test_what_one_notebook_leaves_behind_is_not_in_the_kernel_of_the_next(toy_grader):
    leaves = "left = 1\nimport mlc_ref\nmlc_ref.left = 1\nopen('left', 'w').write('x')"
    finds = "import os, mlc_ref\nfound = 'left' in dir() or hasattr(mlc_ref, 'left') or os.path.exists('left')\n"
    answers = [f"{leaves}\ndouble = lambda x: 2 * x", f"{finds}double = lambda x: x if found else 2 * x"]
    notebooks = [sanitize(toy_notebook({"double-answer": a}, solved=True), known_cells_of_toy()) for a in answers]
    before = toy_grader._ahead._ready
    assert before is None
    results = [toy_grader.grade(n, None, another_follows=n is notebooks[0]) for n in notebooks]
    assert [scores(result)["double"] for result in results] == [4, 4]
    assert toy_grader._ahead._ready is None
