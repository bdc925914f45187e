"""Error pages, each with a sentence and a way on."""

from __future__ import annotations

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from partners.models import User


def bad(request: HttpRequest) -> HttpResponse:
    raise BadRequest


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only analysts and managers upload files.")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret")


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("could not connect to server at secret-host")


# This module is the URL map of its own tests: the product's, and views that fail.
handler500 = "config.failures.failed"
urlpatterns = [
    path("bad/", bad),
    path("forbidden/", forbidden),
    path("broken/", broken),
    path("away/", away),
    path("api/v1/away/", away),
    path("", include("config.urls")),
]


@pytest.fixture
def failing(client: Client, analyst: User) -> Client:
    client.force_login(analyst)
    client.raise_request_exception = False
    return client


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/bad/", 400, "We could not read that request"),
        ("/forbidden/", 403, "Only analysts and managers upload files."),
        ("/nothing-here/", 404, "Page not found"),
        ("/broken/", 500, "Something went wrong on our side"),
    ],
)
def test_error_pages(failing: Client, address: str, status: int, says: str) -> None:
    answer = failing.get(address)
    page = answer.content.decode()
    assert answer.status_code == status
    assert says in page
    assert page.count("<h1") == 1
    assert 'href="/"' in page
    assert "a secret" not in page


def test_a_form_out_of_date(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "ana@example.org", "password": "x"})
    assert answer.status_code == 403
    assert "This form is out of date" in answer.content.decode()


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ["/away/", "/api/v1/away/"])
def test_a_database_that_is_away(failing: Client, address: str) -> None:
    answer = failing.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    says = "Something went wrong" if "api" in address else "The service is away for a moment"
    assert says in answer.content.decode()
    assert "could not connect" not in answer.content.decode()
    assert answer["Content-Type"].startswith("application/problem+json" if "api" in address else "text/html")


@pytest.mark.parametrize(("address", "kind"), [("/", "text/html"), ("/api/v1/areas/", "application/problem+json")])
def test_a_host_that_is_not_ours(db: None, address: str, kind: str) -> None:
    answer = Client(raise_request_exception=False).get(address, headers={"host": "elsewhere.example"})
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (400, kind)
    assert "elsewhere.example" not in answer.content.decode()


@pytest.mark.urls(__name__)
def test_the_page_for_failures_needs_no_database() -> None:
    # No `db` fixture: pytest-django fails any query, the session's and the failing view's included.
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()
