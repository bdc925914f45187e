"""Fixtures that every test may use."""

from __future__ import annotations

import functools
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from django.conf import LazySettings, settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection
from django.template.context import RequestContext
from django.test import Client, TransactionTestCase
from django.test import client as test_client

from partners.models import Agency, Membership, User
from tests import emptying

HERE = Path(__file__).resolve().parent
REAL_DATA = HERE.parent.parent / "shared" / "data"
PASSWORD = "correct horse battery staple"
# The files that take longest, longest first. They begin first: while the last of them ran alone, the other processes
# would have nothing to do.
LONGEST = """
    browser/test_every_page access/test_records reports/api/test_schema reports/test_bad_addresses partners/test_no_leak
    access/test_pages access/test_api reports/test_pages_reference browser/test_account config/test_database_roles
    reports/test_make_demo reports/test_summaries_worlds config/test_run reports/test_summaries_reference
    browser/test_data browser/test_regions interventions/bulk/test_bulk browser/test_register_forms browser/test_frame
    browser/test_overview interventions/test_leaks browser/test_saved_views partners/test_sign_in
    partners/test_visibility_worlds browser/test_explore browser/test_wards browser/test_drawing
    reports/test_place_counts_reference browser/test_profile browser/test_agreements browser/test_partnership
    partners/test_visibility_speed browser/test_search browser/test_map interventions/test_views partners/test_jobs
    browser/test_day_of_action browser/test_jobs browser/test_activity config/test_local_services
    hotspots/register/test_views reports/test_mps
""".split()
# How long one example takes says more about the machine than about the code.
hypothesis.settings.register_profile("shared", deadline=None)
hypothesis.settings.load_profile("shared")

keep_every_context = test_client.store_rendered_templates  # type: ignore[attr-defined]  # the stubs leave it out


def keep_the_pages_context(store: dict[str, Any], *args: Any, context: Any, **more: Any) -> None:
    """What `response.context` holds: the page's own context. Django's test client copies that of each part as well, of
    every field and every included template, and that takes long."""
    if "context" not in store and isinstance(context, RequestContext):
        keep_every_context(store, *args, context=context, **more)


test_client.store_rendered_templates = keep_the_pages_context  # type: ignore[attr-defined]


def pytest_configure() -> None:
    """Each parallel test process has a Valkey database of its own; pytest-django does the same for PostgreSQL."""
    number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 15
    address = urlsplit(settings.REDIS_URL)
    if address.scheme == "unix":
        settings.REDIS_URL = f"unix://{address.path}?db={number}"
        settings.CELERY_BROKER_URL = f"redis+socket://{address.path}?virtual_host={number}"
    else:
        settings.REDIS_URL = settings.CELERY_BROKER_URL = address._replace(path=f"/{number}").geturl()
    settings.CACHES["default"]["LOCATION"] = settings.REDIS_URL
    # Tests make databases, which the application's own role may not.
    if settings.DATABASE_OWNER_URL:
        settings.DATABASE_URL, settings.DATABASE_OWNER_URL = settings.DATABASE_OWNER_URL, ""
        settings.DATABASES["default"]["USER"] = urlsplit(settings.DATABASE_URL).username
    # Collected files are not needed, but WhiteNoise warns of a missing folder.
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # pytest-django's live server serves static files only for an app that is named django.contrib.staticfiles.
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With `--no-loadscope-reorder` parallel processes begin files in this order."""
    ranks = {HERE / f"{name}.py": rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


def pytest_collection_finish() -> None:
    """All that is imported by now stays: the collector of garbage need not look at it again and again, and seldom at
    what tests make."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's test database, without guests at the end: a thread of the live server that answered a browser's
    last request may still hold its connection, and the database could not be removed.

    Tests without a transaction empty all tables after them, the audit trail too.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partners_auditevent DISABLE TRIGGER no_truncate")
        empty = emptying.prepare()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield
    connection.close()  # a test may have lost it
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _own_folders(settings: LazySettings, tmp_path: Path) -> None:
    """Each test has its own fact store and inbox, and an empty cache."""
    settings.FACTS_DIR = tmp_path / "facts"
    settings.INBOX_DIR = tmp_path / "inbox"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cache.clear()


@functools.cache
def password_hash() -> str:
    """A real hash of PASSWORD, made once in each process: that takes long by intent."""
    return make_password(PASSWORD)


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Makes a user with a membership: make_user("ana@example.org", role="analyst", agency="Havering Council")."""

    def make(email: str = "ana@example.org", *, role: str = "analyst", agency: str = "Havering Council") -> User:
        user = User.objects.create(email=email, password=password_hash(), full_name=email.split("@")[0].title())
        council, _ = Agency.objects.get_or_create(name=agency, defaults={"kind": Agency.Kind.COUNCIL})
        Membership.objects.create(user=user, agency=council, role=role)
        return user

    return make


@pytest.fixture
def analyst(make_user: Callable[..., User]) -> User:
    return make_user()


@pytest.fixture
def signed_in(client: Client, analyst: User) -> Client:
    """A test client with an analyst signed in."""
    client.force_login(analyst)
    return client


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real public records; the test is skipped where it is absent, and never in CI."""
    if not REAL_DATA.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI needs the real data at {REAL_DATA}.")
        pytest.skip("the shared real data is not here")
    return REAL_DATA
