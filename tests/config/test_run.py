"""The launcher, as script/run starts it, on a database of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings

from config.run import commands

ROOT = Path(__file__).resolve().parents[2]
DATABASE = f"launcher_{os.getpid()}"


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """An empty database on the tests' own server."""
    address = urlsplit(settings.DATABASE_URL)
    connection = psycopg2.connect(settings.DATABASE_URL)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {DATABASE}")
        yield address._replace(path=f"/{DATABASE}").geturl()
        cursor.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    connection.close()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launch(**environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "config.run"],
        cwd=ROOT,
        env={**os.environ, "DEMO": "False", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def product(database_url: str, port: int) -> Iterator[subprocess.Popen[str]]:
    """The running product; its first words are read."""
    process = launch(DATABASE_URL=database_url, REDIS_URL=settings.REDIS_URL, PORT=str(port))
    assert process.stdout
    words = ""
    for line in process.stdout:
        words += line
        if f"Hotspot tracker is at http://127.0.0.1:{port}" in line:
            break
    else:
        process.communicate()
        pytest.fail(f"It did not start: {words}")
    yield process
    process.kill()
    process.communicate()


def children(pid: int) -> list[int]:
    """Direct children of a process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descendants(pid: int) -> list[int]:
    return [one for child in children(pid) for one in (child, *descendants(child))]


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_runs_until_ctrl_c_and_leaves_nothing_behind(product: subprocess.Popen[str], port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/") as answer:
        page = answer.read().decode()
    style = re.search(r'href="(/static/build/app\.[0-9a-f]{12}\.css)"', page)
    assert style, "static files are collected, with their hash in their name"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{style[1]}") as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    parts = descendants(product.pid)
    assert len(children(product.pid)) == len(commands(port))
    product.send_signal(signal.SIGINT)
    words, _ = product.communicate(timeout=60)
    assert product.returncode == 0
    assert words.endswith("Stopping.\n")
    assert alive(parts) == []


def test_ends_with_a_clear_sentence_when_a_part_dies(product: subprocess.Popen[str]) -> None:
    parts = descendants(product.pid)
    os.kill(children(product.pid)[1], signal.SIGKILL)
    words, _ = product.communicate(timeout=60)
    assert product.returncode == 1
    assert "The worker process ended (status -9)" in words
    assert alive(parts) == []


@pytest.mark.parametrize("text", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none(text: str) -> None:
    words, _ = launch(PORT=text).communicate(timeout=60)
    assert words == f"PORT is {text!r}: it must be a number from 1 to 65535.\n"


def test_a_busy_port() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = launch(PORT=str(port))
        words, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert words.startswith(f"Port {port} is busy: choose another, as in PORT=")


def test_one_server_without_the_other(port: int) -> None:
    process = launch(DATABASE_URL="postgresql://nobody@localhost/nothing", REDIS_URL="", PORT=str(port))
    words, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert words == "Set both DATABASE_URL and REDIS_URL, or neither (then both run locally).\n"
