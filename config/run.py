"""Runs the whole product on one machine: `python -m config.run`, which is what script/run calls.

One parent brings database and static files up to date, loads the demonstration data the first time, and runs web,
worker and beat as its children. Ctrl-C (or SIGTERM, or the death of a child) ends all of them and nothing else.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from types import FrameType

import django
import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError

BASE_DIR = Path(__file__).resolve().parent.parent
PR_SET_PDEATHSIG = 1
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 10.0


class CannotRun(Exception):
    """Why the product cannot run: a sentence for the person who started it."""


@dataclass(frozen=True)
class Child:
    """One running part: what people call it, its process, and where its words go."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def commands(port: int, *, web_processes: int = 1) -> dict[str, list[str]]:
    """The parts by name. Threads only: polars and fork do not mix."""
    program = str(Path(sys.executable).parent)
    celery = [f"{program}/celery", "--app", "config", "--quiet"]
    return {
        "web": [
            f"{program}/granian",
            *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(web_processes), "--blocking-threads", "8", "--no-ws", "--respawn-failed-workers"),
            "config.wsgi:application",
        ],
        "worker": [
            *celery,
            "worker",
            "--pool",
            "threads",
            "--concurrency",
            "2",
            "--without-gossip",
            "--without-mingle",
        ],
        "beat": [*celery, "beat"],
    }


def chosen_port() -> int:
    """PORT, 8000 where it is not set. Raises CannotRun where it is no port, or busy."""
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CannotRun(f"PORT is {text!r}: it must be a number from 1 to 65535.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotRun(
                f"Port {port} is for the system: choose one from 1024 up, as in PORT=8001 script/run"
            ) from None
        except OSError:
            raise CannotRun(f"Port {port} is busy: choose another, as in PORT={port % 65535 + 1} script/run") from None
    return port


def prepare() -> None:
    """Database, static files and, where nobody has an account yet, the demonstration data."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from config import database_roles

    with database_roles.as_owner():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            say("Bringing the database up to date.")
            call_command("migrate", verbosity=0, interactive=False)
        database_roles.grant()
    collect_static()

    from django.conf import settings

    from partners.models import User

    if not User.objects.exists() and settings.LOAD_DEMO:
        say("Loading the demonstration data (this once; about a minute).")
        try:
            call_command("make_demo", stdout=StringIO())  # its sign-ins are shown with the address
        except CommandError as error:
            raise CannotRun(f"The demonstration data could not be loaded: {error}") from None
    connection.close()


def collect_static() -> None:
    """Collects, hashes and compresses static files, unless none of them changed since."""
    from django.conf import settings
    from django.core.management import call_command

    mark = sha256((BASE_DIR / "requirements.txt").read_bytes())
    for path in sorted((BASE_DIR / "static").rglob("*")):
        stat = path.stat()
        mark.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == mark.hexdigest():
        return
    say("Collecting static files.")
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(mark.hexdigest())


def start(name: str, command: list[str], logs: Path) -> Child:
    """Starts one part in a session of its own: Ctrl-C reaches the parent alone, which ends the parts in order."""
    log = logs / f"{name}.log"
    with log.open("ab") as output:  # what went wrong last time must survive a new start
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=BASE_DIR,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
    return Child(name, process, log)


def _die_with_parent() -> None:
    # Even where the parent is killed outright, its parts do not stay behind and hold the port.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(children: list[Child]) -> None:
    """Ends the parts: asks, waits, then insists. Work that is cut off is idempotent and is taken up again."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    until = time.monotonic() + SECONDS_TO_STOP
    for child in children:
        try:
            child.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)  # the part leads its own group
            child.process.wait()


def check(children: list[Child]) -> None:
    """Raises CannotRun, with the end of its log, for a part that has ended."""
    for child in children:
        status = child.process.poll()
        if status is not None:
            last = "\n".join(child.log.read_text(errors="replace").splitlines()[-15:])
            raise CannotRun(f"The {child.name} process ended (status {status}); {child.log} ends with:\n{last}")


def wait_until_ready(address: str, children: list[Child], stopping: threading.Event) -> None:
    """Returns once the web process answers. Raises CannotRun where it does not, or a part ends first."""
    until = time.monotonic() + SECONDS_TO_START
    while not stopping.is_set():
        check(children)
        try:
            with urllib.request.urlopen(f"{address}/healthz/ready", timeout=5):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError as error:
            raise CannotRun(f"{address}/healthz/ready says: {error.read().decode().strip()}") from None
        except OSError:
            if time.monotonic() > until:
                raise CannotRun(f"{address} does not answer; see {children[0].log}") from None
        stopping.wait(0.1)


def say(text: str) -> None:
    """Tells the person at the terminal."""
    print(text, flush=True)


def run() -> None:
    """Runs until it is told to stop. Raises CannotRun where it cannot."""
    stopping = threading.Event()

    def stop_soon(number: int, frame: FrameType | None) -> None:
        stopping.set()
        if not children:
            raise KeyboardInterrupt  # still preparing: leave at once

    children: list[Child] = []
    signal.signal(signal.SIGINT, stop_soon)
    signal.signal(signal.SIGTERM, stop_soon)
    port = chosen_port()
    environ.Env.read_env(BASE_DIR / ".env") if (BASE_DIR / ".env").exists() else None
    # This program serves this machine alone, also where the servers are elsewhere.
    os.environ.setdefault("LOCAL_MODE", "True")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise CannotRun(str(error)) from None
    from django.conf import settings

    prepare()
    logs = Path(settings.VAR_DIR) / "log"
    logs.mkdir(parents=True, exist_ok=True)
    address = f"http://127.0.0.1:{port}"
    try:
        for name, command in commands(port).items():
            children.append(start(name, command, logs))
        wait_until_ready(address, children, stopping)
        if not stopping.is_set():
            say(f"\nHotspot tracker is at {address}  (logs in {logs}; Ctrl-C stops it)")
            sign_ins = Path(settings.VAR_DIR) / "demo-sign-ins.txt"
            if sign_ins.exists():
                say(f"Demonstration sign-ins (also in {sign_ins}):\n{sign_ins.read_text().rstrip()}")
        while not stopping.wait(0.5):
            check(children)
    finally:
        say("Stopping.")
        stop(children)


def main() -> int:
    """The program: exit status 0 after being told to stop, 1 where something is wrong."""
    try:
        run()
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
