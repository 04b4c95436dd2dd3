"""A package index on this machine: tiny wheels, served as pip wants them, with downloads that can break off."""

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote


def make_wheel(folder: Path, package: str, version: str, tag: str = "py3-none-any", size: int = 0) -> Path:
    """A wheel that holds one file of ``size`` bytes which nothing can compress."""
    path = folder / f"{package}-{version}-{tag}.whl"
    information = f"{package}-{version}.dist-info"
    files = {
        f"{package}.py": f"__version__ = {version!r}\n",
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n",
        f"{information}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(f"{package}.bin", b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(size // 32)))
        archive.writestr(f"{information}/RECORD", "".join(f"{name},,\n" for name in archive.namelist()))
    return path


class PackageIndex:
    """What was asked of an index, and which downloads it shall break off.

    Attributes:
        url: the address for ``--index-url``.
        requests: ``(path, Range header or None)`` of every request, in order.
        breaks: names of files whose next download ends half way.
    """

    def __init__(self, wheels: list[Path]):
        self.wheels = {wheel.name: wheel for wheel in wheels}
        self.requests: list[tuple[str, str | None]] = []
        self.breaks: set[str] = set()
        self.url = ""

    def fetched(self) -> list[str]:
        """The files that were asked for, without the pages."""
        return [path.rpartition("/")[2] for path, _ in self.requests if path.endswith(".whl")]

    def page(self, project: str) -> str:
        """The links of one project: a line for each of its wheels."""
        mine = [name for name in self.wheels if name.split("-")[0].replace("_", "-").lower() == project]
        return "".join(f'<a href="/files/{quote(name)}">{name}</a><br>\n' for name in mine)


@contextmanager
def served(*wheels: Path) -> Iterator[PackageIndex]:
    """Serve wheels on a free port of this machine."""
    index = PackageIndex(list(wheels))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, wanted = unquote(self.path), self.headers.get("Range")
            index.requests.append((path, wanted))
            name = path.rpartition("/")[2]
            body = index.wheels[name].read_bytes() if name in index.wheels else index.page(path.split("/")[-2]).encode()
            if not body:
                return self.send_error(404)
            start = int(wanted.removeprefix("bytes=").split("-")[0]) if wanted else 0
            self.send_response(206 if wanted else 200)
            self.send_header("Content-Type", "application/zip" if name in index.wheels else "text/html")
            self.send_header("Content-Length", str(len(body) - start))
            # Without a mark of the version pip does not go on with a file.
            self.send_header("ETag", hashlib.sha256(body).hexdigest())
            if wanted:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            self.end_headers()
            broken = name in index.breaks
            index.breaks.discard(name)
            self.wfile.write(body[start : len(body) // 2 if broken else None])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    index.url = f"http://127.0.0.1:{server.server_port}/simple"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
