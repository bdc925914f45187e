"""Real servers in a folder of this test's own, used by real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import local_services

ROOT = Path(__file__).resolve().parents[2]
# Starts both servers, uses them, says so, and stays until it is told to go.
PROGRAM = """
import sys
from pathlib import Path
import psycopg2, redis
from config import local_services

services = local_services.ensure(Path(sys.argv[1]))
for line in sys.stdin:
    with psycopg2.connect(services.owner_url) as connection, connection.cursor() as cursor:
        cursor.execute(line)
        rows = cursor.fetchall() if cursor.description else []
    assert redis.Redis.from_url(services.redis_url).ping()
    print(rows, flush=True)
"""


class Process:
    """One process that holds the servers of a folder."""

    def __init__(self, var: Path) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(var)],
            cwd=ROOT,
            env={**os.environ, "LOCAL_POSTGRES_OPTIONS": "fsync=off shared_buffers=16MB"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, sql: str) -> str:
        """What the database answers, as the process prints it; "" where the process is gone."""
        assert self.popen.stdin
        assert self.popen.stdout
        self.popen.stdin.write(f"{sql}\n")
        self.popen.stdin.flush()
        return self.popen.stdout.readline().strip()

    def leave(self) -> None:
        self.popen.communicate(timeout=60)
        assert self.popen.returncode == 0

    def kill(self) -> None:
        self.popen.kill()
        self.popen.communicate()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests here: making a database cluster takes the longest."""
    return tmp_path_factory.mktemp("services") / "var"


@pytest.fixture
def var(folder: Path) -> Iterator[Path]:
    """The folder, with no server running before and after."""
    yield folder
    Process(folder).leave()  # takes hold of what a failed test left, and stops it
    assert running(folder) == (False, False)


def postgres_pid(var: Path) -> int | None:
    """The server's process id, None where it does not run."""
    try:
        pid = int((var / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return pid


def running(var: Path) -> tuple[bool, bool]:
    """Whether PostgreSQL and Valkey run."""
    return postgres_pid(var) is not None, local_services._valkey_pid(var / "valkey") is not None


def wait_until_gone(pid: int) -> None:
    for _ in range(500):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split()[0] == "Z":
            return  # dead; nobody has fetched its status yet
        time.sleep(0.01)
    raise AssertionError(f"{pid} is still there")


def test_shared_until_the_last_one_leaves(var: Path) -> None:
    first = Process(var)
    assert first.ask("SELECT 1") == "[(1,)]"
    first.ask("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 7 AS n")
    second = Process(var)
    assert second.ask("SELECT n FROM kept") == "[(7,)]"
    first.leave()
    assert running(var) == (True, True)
    assert second.ask("SELECT n FROM kept") == "[(7,)]"
    second.leave()
    assert running(var) == (False, False)
    third = Process(var)
    assert third.ask("SELECT n FROM kept") == "[(7,)]"
    third.leave()


def test_a_killed_process_leaves_the_others_servers_alone(var: Path) -> None:
    first, second = Process(var), Process(var)
    assert first.ask("SELECT 1") == second.ask("SELECT 1") == "[(1,)]"
    first.kill()
    assert second.ask("SELECT 2") == "[(2,)]"
    second.leave()
    assert running(var) == (False, False)


def test_servers_that_a_killed_process_left_are_taken_over(var: Path) -> None:
    first = Process(var)
    first.ask("SELECT 1")
    pid = postgres_pid(var)
    first.kill()
    assert running(var) == (True, True)
    second = Process(var)
    assert second.ask("SELECT 2") == "[(2,)]"
    assert postgres_pid(var) == pid
    second.leave()
    assert running(var) == (False, False)


def test_killed_servers_come_back_with_their_data(var: Path) -> None:
    first = Process(var)
    first.ask("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 7 AS n")
    for pid in (postgres_pid(var), local_services._valkey_pid(var / "valkey")):
        assert pid
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(pid)
    first.kill()
    second = Process(var)
    assert second.ask("SELECT n FROM kept") == "[(7,)]"
    second.leave()


def test_a_pid_file_with_the_number_of_another_process(var: Path) -> None:
    first = Process(var)
    first.ask("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 7 AS n")
    pid = postgres_pid(var)
    assert pid
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    first.kill()
    # As after a restart of the machine: the number belongs to somebody else by now.
    for path in (var / "postgres" / "postmaster.pid", local_services._socket_dir(var) / ".s.PGSQL.5432.lock"):
        path.write_text(path.read_text().replace(str(pid), str(os.getpid()), 1))
    second = Process(var)
    assert second.ask("SELECT n FROM kept") == "[(7,)]"
    second.leave()


def test_servers_listen_on_sockets_that_only_this_user_reaches(var: Path) -> None:
    process = Process(var)
    assert process.ask("SHOW listen_addresses") == "[('',)]"
    sockets = local_services._socket_dir(var)
    assert sockets.stat().st_mode & 0o007 == 0
    process.leave()


def test_runs_a_command_and_hands_on_its_status(var: Path) -> None:
    script = "import os, sys; sys.exit(3 if os.environ['DATABASE_URL'] and os.environ['REDIS_URL'] else 1)"
    done = subprocess.run(
        [sys.executable, "-m", "config.local_services", sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(var)},
    )
    assert done.returncode == 3
    assert running(var) == (False, False)
