"""The formgrader as Jupyter serves it: manual grading works, and what a student handed in does nothing."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_markdown_cell
from page_reader import browsing
from playwright.sync_api import Browser, Page
from submissions import light, submit

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOKEN = "secret"
PUT = "fetch('/formgrader/api/grade/{}',{{method:'PUT',headers:{{'X-XSRFToken':document.cookie.split('_xsrf=')[1]}},body:'{{\"manual_score\":19}}'}})"


@dataclass
class Server:
    """A Jupyter server in the course folder; ``submission`` is eve's notebook as the formgrader numbers it."""

    room: Any
    address: str
    submission: str
    run: Any

    def get(self, path: str) -> tuple[int, Any, bytes]:
        """Status, headers and contents of an answer."""
        request = urllib.request.Request(self.address + path, headers={"Authorization": f"token {TOKEN}"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def grades(self) -> dict[str, Any]:
        with self.room.api.gradebook as gradebook:
            return {g.name: g for g in gradebook.find_submission_notebook_by_id(self.submission).grades}


def hand_in(room: Any) -> str:
    """Eve's folder: a notebook with links that give points, a page with a script, a configuration that runs."""
    notebook = light()
    essay = "Because. <a href='java</b>script:{0}'>a</a> [b](java<!---->script:{0}) <img src=x onerror=\"{0}\"> [c](plot.html)"
    notebook.cells.append(
        new_markdown_cell(essay.format(PUT.format("1")), metadata={"nbgrader": {"grade_id": "essay"}})
    )
    folder = submit(room, "eve", notebook).parent
    (folder / "plot.html").write_text("<script>fetch('/api/kernels', {method: 'POST'})</script>")
    (folder / "nbgrader_config.py").write_text(f"open({str(room.folder / 'ran')!r}, 'w')")
    room.autograde("toy", "eve")
    with room.api.gradebook as gradebook:
        return str(gradebook.find_submission_notebook("toy", "toy", "eve").id)


@pytest.fixture(scope="module")
def server(room, tmp_path_factory) -> Iterator[Server]:
    submission = hand_in(room)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("jupyter") / "log"
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={room.folder}"]
    with log.open("w") as file, browsing() as run:
        process = subprocess.Popen(
            command, cwd=room.folder, stdout=file, stderr=file, env={**os.environ, "JUPYTER_NO_CONFIG": ""}
        )
        made = Server(room, f"http://127.0.0.1:{port}", submission, run)
        try:
            wait_until_it_answers(made, process, log)
            yield made
        finally:
            process.terminate()
            process.wait(60)


def wait_until_it_answers(server: Server, process: subprocess.Popen, log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            if server.get("/formgrader/api/status")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(log.read_text())


def opened(browser: Browser, server: Server, path: str, problems: list[str]) -> Page:
    page = browser.new_context().new_page()
    page.set_default_timeout(60_000)
    page.on("console", lambda said: problems.append(f"{path}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(f"{path}: {error}"))
    page.on(
        "request", lambda asked: problems.append(f"{path}: {asked.url}") if server.address not in asked.url else None
    )
    page.goto(f"{server.address}/login?token={TOKEN}")  # whose cookie is for the whole server
    page.goto(server.address + path, wait_until="networkidle")
    return page


def test_points_and_a_comment_that_are_typed_are_saved(server):
    def grade_by_hand(browser: Browser) -> list[str]:
        problems: list[str] = []
        page = opened(browser, server, f"/formgrader/submissions/{server.submission}/", problems)
        for selector, text in (("#essay", "4"), ("#essay-comment", "Well <b>said</b>.")):
            with page.expect_response(lambda answer: answer.request.method == "PUT") as saved:
                page.click(selector)
                page.keyboard.type(text)
                page.keyboard.press("Tab")
            assert saved.value.ok
        with page.expect_response(lambda answer: answer.request.method == "PUT"):
            page.locator(".nbgrader_cell", has=page.locator("#double")).locator(".no-credit").click()
        page.context.close()
        return problems

    assert server.run(grade_by_hand) == []
    grades = server.grades()
    assert grades["essay"].manual_score == 4
    assert (grades["double"].manual_score, grades["double"].auto_score) == (0, 4)
    with server.room.api.gradebook as gradebook:
        assert gradebook.find_comment("essay", "toy", "toy", "eve").manual_comment == "Well <b>said</b>."
    server.room.generate_feedback("toy", "eve")
    page = (server.room.folder / "feedback" / "eve" / "toy" / "toy.html").read_text("utf-8")
    assert "Well <b>said</b>." in page


def test_clicking_every_link_of_a_submission_gives_it_no_points(server):
    before = {name: grade.score for name, grade in server.grades().items()}
    changes: list[str] = []

    def click_everything(browser: Browser) -> None:
        page = opened(browser, server, f"/formgrader/submissions/{server.submission}/", [])
        page.on("request", lambda asked: changes.append(asked.url) if asked.method != "GET" else None)
        page.evaluate("document.querySelectorAll('.submitted *').forEach(e => e.click && e.click())")
        page.wait_for_timeout(300)
        page.context.close()

    server.run(click_everything)
    assert changes == []
    assert {name: grade.score for name, grade in server.grades().items()} == before


def test_every_page_of_the_formgrader_works_under_its_policy(server):
    pages = [
        "manage_assignments",
        "manage_submissions/toy",
        "manage_students",
        "manage_students/eve",
        "manage_students/eve/toy",
    ]
    pages += ["gradebook", "gradebook/toy", "gradebook/toy/toy"]

    def rows(browser: Browser) -> dict[str, Any]:
        problems: list[str] = []
        found: dict[str, Any] = {}
        for name in pages:
            page = opened(browser, server, f"/formgrader/{name}", problems)
            found[name] = page.locator("#main-table tr").count()
            if name == "gradebook/toy/toy":
                page.click("#toggle_names")
                found["names"] = page.locator("#toggle_names").inner_text()
            page.context.close()
        return {**found, "problems": problems}

    found = server.run(rows)
    assert found.pop("problems") == []
    assert found.pop("names").startswith("Hide")
    assert all(found.values()), found
    for name in pages:
        assert "script-src 'nonce-" in server.get(f"/formgrader/{name}")[1]["Content-Security-Policy"]


def test_files_of_a_submission_are_downloads_and_none_but_its_own(server):
    place = server.room.folder / "autograded" / "eve" / "toy"
    assert sorted(path.name for path in place.iterdir()) == ["toy.ipynb"]
    own = f"/formgrader/submissions/{server.submission}"
    assert server.get(f"{own}/plot.html")[0] == 404
    (place / "old.html").write_text("<script>1</script>")  # of a grading long ago
    try:
        status, headers, _ = server.get(f"{own}/old.html")
    finally:
        (place / "old.html").unlink()
    assert (status, headers["Content-Type"]) == (200, "application/octet-stream")
    assert headers["Content-Disposition"] == "attachment"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    for path in (
        "../../../gradebook.db",
        "..%2F..%2F..%2Fgradebook.db",
        "/etc/passwd",
        f"{server.room.folder}/gradebook.db",
    ):
        assert server.get(f"{own}/{path}")[0] in (403, 404), path


@pytest.mark.parametrize("folder", ["submitted/eve/toy", "autograded/eve/toy", "../elsewhere"])
def test_no_configuration_of_a_students_runs(server, folder):
    assert server.get(f"/formgrader?path={folder}")[0] == 403
    assert server.get(f"/formgrader?path={server.room.folder}/{folder}")[0] == 403
    assert not (server.room.folder / "ran").exists()


def test_the_course_folder_itself_may_be_named(server):
    assert server.get(f"/formgrader?path={server.room.folder}")[0] == 200


@pytest.mark.parametrize(
    "path", ["gradebook/x%3Cscript%3E", "gradebook/%5C/;alert(1)%2F%2F", "manage_students/%22;alert(1)%2F%2F"]
)
def test_names_in_an_address_do_not_become_scripts(server, path):
    status, _, content = server.get(f"/formgrader/{path}")
    assert status == 404
    assert b"alert(1)" not in content
    assert b"x<script>" not in content


def test_answers_to_scripts_are_no_pages(server):
    for path in ("students", "submissions/toy", f"comments?submission_id={server.submission}"):
        _, headers, content = server.get(f"/formgrader/api/{path}")
        assert headers["Content-Type"].startswith("text/plain")
        assert headers["X-Content-Type-Options"] == "nosniff"
        json.loads(content)
