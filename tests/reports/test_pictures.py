"""Nobody keeps the processors busy with pictures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from reports.views import pictures

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/map/map.png", "/explore/download.png"])
def test_a_person_gets_a_few_pictures_in_ten_seconds(
    signed_in: Client, client: Client, make_user: Any, path: str
) -> None:
    with travel(datetime(2026, 3, 4, 12, tzinfo=UTC), tick=False) as clock:
        answers = [signed_in.get(path) for _ in range(pictures.MOST + 1)]
        assert [answer.status_code for answer in answers] == [400] * pictures.MOST + [429]
        assert "5 pictures drawn in 10 seconds" in answers[-1].content.decode()
        assert answers[-1]["Retry-After"] == "10"
        assert signed_in.get(path.replace(".png", ".csv")).status_code == 400, "other files are not counted"
        another = Client()
        another.force_login(make_user("bo@example.org"))
        assert another.get(path).status_code == 400
        clock.shift(10)
        assert signed_in.get(path).status_code == 400
