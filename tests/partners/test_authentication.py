"""API keys: who gets in, and what strangers learn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from partners.actions.keys import make_api_key
from partners.authentication import ApiKeyAuthentication, KeyHolder
from partners.models import Agency, ApiKey, User

pytestmark = pytest.mark.django_db


class Hello(APIView):
    """The smallest view behind a key."""

    authentication_classes = [ApiKeyAuthentication]
    throttle_classes = []

    def get(self, request: Request) -> Response:
        assert isinstance(request.user, KeyHolder)
        assert isinstance(request.auth, ApiKey)
        return Response({"agency": request.user.agency.name, "as": str(request.user), "pk": request.user.pk})


def get(authorization: str | None) -> Any:
    headers = {"Authorization": authorization} if authorization is not None else {}
    return Hello.as_view()(APIRequestFactory().get("/", headers=headers))


@pytest.fixture
def council() -> Agency:
    return Agency.objects.create(name="Havering Council", kind=Agency.Kind.COUNCIL)


def test_a_live_key_gets_in_and_only_its_hash_is_kept(council: Agency) -> None:
    key, shown = make_api_key(agency=council, name="Power BI", days=30)
    response = get(f"Bearer {shown}")
    assert response.status_code == 200
    assert response.data == {
        "agency": "Havering Council",
        "as": f"Power BI ({key.prefix})",
        "pk": f"key-{key.prefix}",
    }
    assert shown.partition(".")[2] not in str(ApiKey.objects.values().get())
    assert get(f"bearer  {shown} ").status_code == 200


def test_strangers_learn_nothing(council: Agency, make_user: Callable[..., User]) -> None:
    _, live = make_api_key(agency=council, name="Live", days=30)
    expired, expired_text = make_api_key(agency=council, name="Expired", days=30)
    revoked, revoked_text = make_api_key(agency=council, name="Revoked", days=30)
    ApiKey.objects.filter(pk=expired.pk).update(expires=timezone.now())
    ApiKey.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now(), revoked_by=make_user())
    prefix, _, secret = live.partition(".")
    wrong = [
        expired_text, revoked_text, f"{prefix}.{secret}x", f"{prefix}.", prefix, f"unknown.{secret}",
        "", ".", "\x00.\x00", "é.ü", f"{prefix} {secret}",
    ]  # fmt: skip
    refusals = [get(f"Bearer {key}") for key in wrong]
    assert {(refusal.status_code, refusal["WWW-Authenticate"]) for refusal in refusals} == {(401, 'Bearer realm="api"')}
    (words,) = {refusal.content for refusal in refusals}
    assert b"This API key is not valid." in words
    for other in (None, "Basic YTpi", "Bearerx"):
        assert get(other).status_code == 401


def test_last_used_is_written_at_most_once_a_minute(
    council: Agency, django_assert_num_queries: Callable[..., object]
) -> None:
    key, shown = make_api_key(agency=council, name="Power BI", days=30)
    get(f"Bearer {shown}")
    key.refresh_from_db()
    first = key.last_used
    assert first
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        get(f"Bearer {shown}")
    ApiKey.objects.update(last_used=timezone.now() - timedelta(seconds=61))
    get(f"Bearer {shown}")
    key.refresh_from_db()
    assert key.last_used
    assert key.last_used > first


def test_command_prints_the_key_once(council: Agency) -> None:
    out, err = StringIO(), StringIO()
    call_command("make_api_key", "havering council", "Power BI", "--days", "10", stdout=out, stderr=err)
    assert get(f"Bearer {out.getvalue().strip()}").status_code == 200
    key = ApiKey.objects.get()
    assert timedelta(days=9) < key.expires - timezone.now() <= timedelta(days=10)
    assert "Power BI for Havering Council" in err.getvalue()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["Nobody", "x"], "There is no agency “Nobody”. Agencies: Havering Council."),
        (["Havering Council", " "], "Give the key a name"),
        (["Havering Council", "x", "--days", "0"], "A key is valid for 1 to 366 days, not 0."),
        (["Havering Council", "x", "--days", "5000"], "A key is valid for 1 to 366 days, not 5000."),
    ],
)
def test_command_says_what_is_wrong(council: Agency, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("make_api_key", *arguments)
    assert not ApiKey.objects.exists()
