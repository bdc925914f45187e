"""A local HTTP server that serves the published layout of police.uk's archives, and misbehaves when told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """`files` by path; `faults` are used up one a GET request; `asked` are the requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.faults: list[Callable[[Handler], bool]] = []
        self.asked: list[tuple[str, str, str]] = []
        self.validator: str | None = '"v1"'
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/archive/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        wants = self.headers.get("Range", "")
        self.server.asked.append((self.command, self.path, wants))
        if self.command == "GET" and self.server.faults and self.server.faults.pop(0)(self):
            return
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        start = int(wants.removeprefix("bytes=").removesuffix("-") or 0)
        if self.headers.get("If-Range") != self.server.validator:
            start = 0
        self.begin(206 if start else 200, len(content) - start)
        if self.command == "GET":
            self.wfile.write(content[start:])

    def begin(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        if self.server.validator:
            self.send_header("ETag", self.server.validator)
        self.end_headers()


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Server]:
    """A running server of these files, by path."""
    server = Server()
    server.files = files
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
