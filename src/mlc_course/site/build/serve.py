"""Show the built site: ``python -m mlc_course.site.build.serve [--port 8000]``.

The site is served under the path of its public address, so that links behave as they will when published.
"""

import argparse
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from mlc_course.content.settings import read_settings
from mlc_course.root import course_root
from mlc_course.site.build.assemble import SITE


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves a folder under ``mount``; wrong addresses get the site's own page."""

    def __init__(self, *args: Any, mount: str, quiet: bool = False, **kwargs: Any) -> None:
        self.mount, self.quiet = mount, quiet
        super().__init__(*args, **kwargs)

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix(self.mount))

    def do_GET(self) -> None:
        if self.path in ("/", self.mount.rstrip("/")) and self.mount != "/":
            self.send_response(302)
            self.send_header("Location", self.mount)
            self.end_headers()
        elif self.path.startswith(self.mount):
            super().do_GET()
        else:
            self.send_error(404)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory, "404.html")
        if code != 404 or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the standard library's
        if not self.quiet:
            super().log_message(format, *args)


def make_server(site: Path, mount: str, port: int = 0, *, quiet: bool = False) -> ThreadingHTTPServer:
    """A server for ``site`` on the loopback interface, not yet running; port 0 takes any free one."""
    handler = partial(SiteHandler, directory=str(site), mount=mount, quiet=quiet)
    return ThreadingHTTPServer(("127.0.0.1", port), handler)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m mlc_course.site.build.serve", description="Show the built website."
    )
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args(arguments)
    root = course_root()
    site, mount = root / SITE, read_settings(root).mount
    if not (site / "index.html").is_file():
        print(f"There is no website in {site} yet. Build it first: make site", file=sys.stderr)
        return 1
    try:
        server = make_server(site, mount, options.port)
    except OSError as error:
        print(f"Port {options.port} cannot be used ({error.strerror}). Choose another with --port.", file=sys.stderr)
        return 1
    with server:
        print(f"The website is at http://localhost:{server.server_port}{mount} (stop with Ctrl+C)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
