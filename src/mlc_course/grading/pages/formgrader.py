"""The formgrader, nbgrader's pages in the browser, held to what an instructor may be shown.

nbgrader makes its pages without escaping, serves files of submissions under the address of the Jupyter server, and runs the
configuration in whatever folder an address names. ``protect`` replaces these parts in the running server.
"""

import base64
import functools
import hashlib
import re
import secrets
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2

HANDLERS = "nbgrader.server_extensions.formgrader.handlers"
_HANDLER = re.compile(r'(?i)\son[a-z]+="([^"{]*)"')
_NOT_IN_A_NAME = re.compile(r'[<>"\\\x00-\x1f\x7f\u2028\u2029]')
_NAMES = ("assignment_id", "notebook_id", "student_id")
_STUDENTS = {"submitted", "autograded", "feedback", "downloaded", "inbound", "cache"}
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src {pictures}; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def protect() -> None:
    """Protect the formgrader if this process serves it; nbgrader loads its configuration in every process."""
    handlers: Any = sys.modules.get(HANDLERS)
    if handlers is None or hasattr(handlers, "protected_pages"):
        return
    base: Any = sys.modules["nbgrader.server_extensions.formgrader.base"]
    handlers.protected_pages = True
    base.BaseHandler.exporter = property(SubmissionPages)
    base.BaseHandler.render = _render
    base.BaseApiHandler.set_default_headers = _answer_as_text(base.BaseApiHandler.set_default_headers)
    files = handlers.SubmissionFilesHandler
    files.set_extra_headers = _as_download
    files.get_content_type = lambda self: "application/octet-stream"
    files.parse_url_path = _inside_submission(files.parse_url_path)
    handlers.FormgraderHandler.get = _of_a_course(handlers.FormgraderHandler.get)


def submission_policy(nonce: str) -> str:
    """What the page of a submission may load: scripts and styles that carry the nonce, pictures within the page."""
    return _POLICY.format(scripts=f"'nonce-{nonce}'", styles=f"'nonce-{nonce}'", pictures="data:")


class SubmissionPages:
    """Takes the place of nbgrader's exporter of one request."""

    def __init__(self, handler: Any):
        self._handler = handler

    def from_filename(self, filename: str, resources: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The page of a graded notebook; its policy goes into the answer's header."""
        import nbformat

        from mlc_course.grading.pages.page import formgrader_page

        nonce = secrets.token_urlsafe(16)
        self._handler.set_header("Content-Security-Policy", submission_policy(nonce))
        notebook = nbformat.read(filename, as_version=4)
        return formgrader_page(notebook, resources, nonce, self._handler.request.host_name), resources


class _Templates(jinja2.FileSystemLoader):
    """nbgrader's templates, in which every script carries the page's nonce."""

    def get_source(self, environment: jinja2.Environment, template: str) -> Any:
        source, *rest = super().get_source(environment, template)
        return source.replace("<script", '<script nonce="{{ nonce }}"'), *rest


@functools.cache
def _environment(folder: str) -> jinja2.Environment:
    return jinja2.Environment(loader=_Templates(folder), autoescape=True)


def _render(self: Any, name: str, **values: Any) -> str:
    """A page of nbgrader's own, with names out of the address escaped, and no script but its own."""
    from tornado.web import HTTPError

    for kind in _NAMES:
        if _NOT_IN_A_NAME.search(str(values.get(kind, ""))):  # escaping does not help inside its scripts
            raise HTTPError(404, "no such name")
    folder = self.settings["nbgrader_jinja2_env"].loader.searchpath[0]
    nonce = secrets.token_urlsafe(16)
    scripts = f"'nonce-{nonce}' 'unsafe-hashes' {_own_handlers(folder)}"
    policy = _POLICY.format(scripts=scripts, styles="'self' 'unsafe-inline'", pictures="'self' data:")
    self.set_header("Content-Security-Policy", policy)
    return _environment(folder).get_template(name).render(nonce=nonce, **values)


@functools.cache
def _own_handlers(folder: str) -> str:
    """The handlers that stand in attributes of nbgrader's templates, as a policy names them: by their digests."""
    texts = [path.read_text("utf-8") for path in sorted(Path(folder).glob("*.tpl"))]
    handlers = dict.fromkeys(handler for text in texts for handler in _HANDLER.findall(text))
    digests = (hashlib.sha256(handler.encode()).digest() for handler in handlers)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _answer_as_text(original: Callable[[Any], None]) -> Callable[[Any], None]:
    """nbgrader's answers to its scripts are JSON that says it is HTML; its scripts parse it themselves."""

    def set_default_headers(self: Any) -> None:
        original(self)
        self.set_header("Content-Type", "text/plain; charset=UTF-8")
        self.set_header("X-Content-Type-Options", "nosniff")

    return set_default_headers


def _as_download(self: Any, _path: str) -> None:
    """A file of a submission is saved, never shown."""
    self.set_header("Content-Disposition", "attachment")
    self.set_header("X-Content-Type-Options", "nosniff")
    self.set_header("Content-Security-Policy", "sandbox; default-src 'none'")


def _inside_submission(original: Callable[[Any, str], str]) -> Callable[[Any, str], str]:
    """The path of a file, which must not lead out of the submission's folder to the gradebook or the solutions."""

    def parse_url_path(self: Any, url_path: str) -> str:
        from tornado.web import HTTPError

        _submission, _, path = url_path.lstrip("/").partition("/")
        if not path or PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise HTTPError(404)
        return original(self, url_path)

    return parse_url_path


def _of_a_course(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """nbgrader runs ``nbgrader_config.py`` of the folder in ``?path=``: it must not be one that students write to."""

    @functools.wraps(original)
    def get(self: Any) -> Any:
        from tornado.web import HTTPError

        path = self.get_argument("path", "")
        root = Path(self.settings["nbgrader_formgrader"].root_dir).resolve()
        folder = Path(path).resolve()
        if path and (not folder.is_relative_to(root) or _STUDENTS & set(folder.relative_to(root).parts)):
            raise HTTPError(403, f"{path}: not a course folder below {root}; submissions hold no configuration")
        return original(self)

    return get
