"""The pages of the register of places, each in the state in which it shows most: for `test_every_page`."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from partners.models import Agency, User
from partners.visibility import Viewer
from tests.factories import make_place

LONG = "Hilldene-Avenue-and-Farnham-Road-shops-with-the-car-park-behind-and-no-spaces-in-it-at-all"


def register(analyst: User) -> dict[str, list[str]]:
    """A place whose review is overdue, with a document."""
    place = make_place(
        Agency.objects.earliest("pk"),
        by=Viewer.of_user(analyst),
        name=LONG,
        public_name=LONG,
        problems=("burglary", "shoplifting"),
        review_on=timezone.localdate() - timedelta(days=9),
    )
    document = place.documents.create(title=LONG, file="hotspots/none.pdf", added_by=analyst)
    here = f"/hotspots/{place.pk}/"
    return {
        "hotspots:places": ["/hotspots/", "/hotspots/?status=lost", "/hotspots/?kind=watch"],
        "hotspots:new-place": ["/hotspots/new/"],
        "hotspots:change-place": [f"{here}change/"],
        "hotspots:redraw": [f"{here}boundary/"],
        "hotspots:status": [f"{here}status/"],
        "hotspots:documents": [f"{here}documents/"],
        "hotspots:remove-document": [f"{here}documents/{document.pk}/remove/"],
    }
