"""A local HTTP server that webhooks are told at, and that answers as it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Instead of a status: no answer at all, and an answer that comes byte by byte.
SILENT, SLOWLY = -1, -2


class Receiver(ThreadingHTTPServer):
    """`answers` are used up one a message, then 204; `got` are the bodies with their headers."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.answers: list[int] = []
        self.got: list[tuple[bytes, dict[str, str]]] = []
        self.asked: list[str] = []
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/told?from=here"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        self.server.asked.append(f"GET {self.path}")
        self.send_error(404)

    def do_POST(self) -> None:
        self.server.asked.append(f"POST {self.path}")
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((body, dict(self.headers.items())))
        status = self.server.answers.pop(0) if self.server.answers else 204
        if status == SILENT:
            self.server.ended.wait()
        elif status == SLOWLY:
            while not self.server.ended.wait(0.05):
                try:
                    self.wfile.write(b"H")
                except OSError:
                    return
        else:
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/metadata")
            self.send_header("Content-Length", "0")
            self.end_headers()


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    """A running receiver."""
    server = Receiver(port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
