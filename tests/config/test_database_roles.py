"""The database's two roles, in a PostgreSQL of their own making: what each can do, and cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg2
import pytest
from django.conf import settings
from psycopg2.errors import InsufficientPrivilege

ROOT = Path(__file__).resolve().parents[2]
EVENT = """
    INSERT INTO partners_auditevent (number, at, action, actor, actor_name, actor_agencies, objects_named, owners,
        team_only, reason, summary, request_id, previous_hash, hash)
    VALUES (%s, now(), 'test', 'server', 'The server', '{}', '{}', '{}', false, '', '', '', %s, %s)
"""


class Two:
    """A database that one role owns and another uses."""

    def __init__(self) -> None:
        mark = uuid4().hex[:8]
        self.database, self.owner, self.application = f"roles_{mark}", f"owner_{mark}", f"application_{mark}"

    def url(self, role: str) -> str:
        address = urlsplit(settings.DATABASE_URL)
        host = address.netloc.rpartition("@")[2]
        return address._replace(netloc=f"{role}:{role}@{host}", path=f"/{self.database}").geturl()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        urls = {"DATABASE_URL": self.url(self.application), "DATABASE_OWNER_URL": self.url(self.owner)}
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **urls, "REDIS_URL": settings.REDIS_URL, "LOCAL_MODE": "True"},
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, role: str, *statements: str | tuple[str, list[Any]]) -> Any:
        """Runs statements in one transaction as a role; the rows of the last one."""
        with closing(psycopg2.connect(self.url(role))) as connection, connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(*([statement] if isinstance(statement, str) else statement))
            return cursor.fetchall() if cursor.description else None


@pytest.fixture(scope="module")
def two() -> Iterator[Two]:
    made = Two()
    with closing(psycopg2.connect(settings.DATABASE_URL)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for role in (made.owner, made.application):
                cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{role}'")
            cursor.execute(f"CREATE DATABASE {made.database} OWNER {made.owner}")
            try:
                migrated = made.manage("migrate", "--verbosity", "0")
                assert migrated.returncode == 0, migrated.stderr
                made.ask(made.application, (EVENT, [1, "0" * 64, "a" * 64]))
                yield made
            finally:
                cursor.execute(f"DROP DATABASE {made.database} WITH (FORCE)")
                for role in (made.owner, made.application):
                    cursor.execute(f"DROP ROLE {role}")


def test_the_application_reads_and_adds_events(two: Two) -> None:
    two.ask(two.application, (EVENT, [2, "a" * 64, "b" * 64]))
    assert two.ask(two.application, "SELECT number FROM partners_auditevent ORDER BY 1") == [(1,), (2,)]


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE partners_auditevent SET reason = 'x'"],
        ["DELETE FROM partners_auditevent"],
        ["TRUNCATE partners_auditevent"],
        ["DROP TABLE partners_auditevent"],
        ["ALTER TABLE partners_auditevent DISABLE TRIGGER ALL"],
        ["DROP TRIGGER no_change ON partners_auditevent"],
        ["CREATE OR REPLACE FUNCTION partners_auditevent_refuse() RETURNS trigger LANGUAGE sql AS ''"],
        ["SET session_replication_role = replica"],
        ["SET ROLE {owner}"],
        ["SET SESSION AUTHORIZATION {owner}"],
        [
            "GRANT UPDATE ON partners_auditevent TO {application}",  # a warning, and nothing granted
            "UPDATE partners_auditevent SET reason = 'x'",
        ],
        ["CREATE TABLE mine (n int)"],
        ["DELETE FROM django_migrations"],
        ["DROP TABLE partners_agency"],
        ["TRUNCATE partners_agency CASCADE"],
    ],
    ids=lambda statements: statements[0][:45],
)
def test_the_application_can_do_no_more(two: Two, statements: list[str]) -> None:
    with pytest.raises(InsufficientPrivilege):
        two.ask(two.application, *[one.format(owner=two.owner, application=two.application) for one in statements])


def test_the_application_keeps_all_other_rows(two: Two) -> None:
    two.ask(
        two.application,
        "INSERT INTO partners_agency (name, kind, area_codes) VALUES ('A', 'council', '{}')",
        "UPDATE partners_agency SET name = 'B'",
        "DELETE FROM partners_agency",
        "CREATE TEMPORARY TABLE passing (n int)",
    )


@pytest.mark.parametrize(
    "statement", ["UPDATE partners_auditevent SET reason = 'x'", "DELETE FROM partners_auditevent"]
)
def test_the_owner_cannot_change_events_by_the_way(two: Two, statement: str) -> None:
    with pytest.raises(InsufficientPrivilege):  # migrating took the right from it
        two.ask(two.owner, statement)
    with pytest.raises(InsufficientPrivilege, match="audit trail cannot be changed"):  # and there is the trigger
        two.ask(two.owner, f"GRANT UPDATE, DELETE ON partners_auditevent TO {two.owner}", statement)


def test_a_superuser_acting_as_the_application_can_do_no_more_than_it(two: Two) -> None:
    with closing(psycopg2.connect(settings.DATABASE_URL, dbname=two.database)) as connection:
        cursor = connection.cursor()
        cursor.execute(f"SET ROLE {two.application}")
        with pytest.raises(InsufficientPrivilege):
            cursor.execute("DELETE FROM partners_auditevent")


def test_the_product_works_as_the_application(two: Two) -> None:
    made = two.manage("make_user", "ana@example.org", "Ana Lyst", "--agency", "Havering", "--role", "partnership")
    assert made.returncode == 0, made.stderr
    assert two.manage("verify_audit").returncode == 1  # the events above have hashes of their own making
    assert "No planned" in two.manage("migrate", "--plan").stdout


def test_migrating_again_gives_new_tables_to_the_application(two: Two) -> None:
    two.ask(two.owner, "CREATE TABLE later (n int)")
    with pytest.raises(InsufficientPrivilege):
        two.ask(two.application, "SELECT * FROM later")
    assert two.manage("migrate", "--verbosity", "0").returncode == 0
    assert two.ask(two.application, "SELECT * FROM later") == []
    with pytest.raises(InsufficientPrivilege):
        two.ask(two.application, "UPDATE partners_auditevent SET reason = 'x'")
