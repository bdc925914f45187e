"""What an address may ask of the search for hotspots."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from hotspots import categories
from hotspots.categories import Definition
from reports.forms import Address, Choice, MonthField

PERIODS = {"12": "12 months", "24": "24 months", "36": "36 months", "6": "6 months"}
SHOWN = {"first": "The first 25", "all": "All"}
VICTIM_REPORTED, FOUND_BY_POLICE = "victim_reported", "found_by_police"


def choices() -> list[Definition]:
    """The types of crime that can be searched for: police.uk's, no groups."""
    return [one for one in categories.DEFINITIONS if one.scheme == categories.POLICE_UK and not one.members]


def usual() -> tuple[str, ...]:
    """Those that are searched where none is chosen: what victims report."""
    return tuple(one.slug for one in choices() if VICTIM_REPORTED in one.flags)


class _Types(forms.Field):
    """Types of crime joined by commas; cleans to a tuple in the order of the registry, the usual ones where empty."""

    def to_python(self, value: Any) -> tuple[str, ...]:
        asked = {word for word in (value or "").split(",") if word}
        known = [one.slug for one in choices()]
        for word in sorted(asked - set(known)):
            raise ValidationError(f"“{word[:40]}” is no type of crime that police.uk publishes, such as burglary.")
        return tuple(slug for slug in known if slug in asked) or usual()

    def prepare_value(self, value: Any) -> Any:
        return ",".join(value) if isinstance(value, tuple) else value


class FindForm(Address):
    """The search's address: borough, types of crime, last month, and how many months. Read it with `read`."""

    borough = forms.CharField(required=False, max_length=40)
    cat = _Types(required=False)
    month = MonthField(required=False)
    months = Choice("a length of the period", PERIODS, "12")
    show = Choice("a length of the table", SHOWN, "first")

    @classmethod
    def read(cls, query: QueryDict) -> FindForm:
        """The form of an address; types may be repeated (`cat=a&cat=b`), as boxes send them."""
        return cls({name: ",".join(values) if name == "cat" else values[-1] for name, values in query.lists()})

    def query(self) -> dict[str, str]:
        found = super().query()
        if self.cleaned_data["cat"] == usual():
            found.pop("cat", None)
        return found
