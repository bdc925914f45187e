"""What an address of the explore page asks, and its one short form: `canonical` undoes what the form reads.

`/explore/?areas=E05013967,E09000016.wards&cat=burglary,robbery&from=36&measure=rate&view=multiples`: names and lists as
short as people can read, what is usual left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from hotspots import categories
from reports.forms import PERIODS, Address, Choice, MonthField
from reports.schemes import HEADLINE

# Series = areas x categories. More than this no reader takes in, and no drawing holds.
MAX_SERIES = 60
# Series x months: the cells of the table.
MAX_CELLS = 6000

SCHEMES = {
    categories.POLICE_UK: "police.uk crimes",
    categories.MPS: "Metropolitan Police tables",
    categories.SEARCH: "Stop and search",
    categories.OUTCOME: "Outcomes",
    categories.PARTNER: "Partners' monthly counts",
}
MEASURES = {
    "count": "Count",
    "rate": "Rate per 1,000 residents",
    "rolling": "12 months' count",
    "change": "Change against last year",
    "share": "Share of all",
    "index": "Index to a base month",
}
VIEWS = {"line": "Lines", "bar": "Bars", "multiples": "Small charts", "heat": "Heat table"}
COMPARE = {"areas": "Areas with each other", "categories": "Categories with each other"}
SCALES = {"same": "The same scale", "own": "Each its own scale"}
USUAL = {
    "scheme": categories.POLICE_UK,
    "from": "24",
    "measure": "count",
    "view": "line",
    "compare": "areas",
    "scale": "same",
}
# All boroughs; all wards of a borough, by a day on which they were in force or, without one, in the last month shown.
ALL_BOROUGHS = "boroughs"
WARDS_OF = re.compile(r"(?P<code>[A-Za-z0-9][A-Za-z0-9_-]{0,39})\.wards(?:\.(?P<day>\d{4}-\d{2}-\d{2}))?", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)


class _List(forms.Field):
    """Words joined by commas, or given several times; cleans to a tuple without repeats, in the order given."""

    def __init__(self, what: str, example: str, known: Callable[[str], bool]) -> None:
        super().__init__(required=False)
        self.what, self.example, self.known = what, example, known

    def to_python(self, value: Any) -> tuple[str, ...]:
        words = tuple(dict.fromkeys(word for word in (value or "").split(",") if word))
        if len(words) > MAX_SERIES:
            raise ValidationError(
                f"This asks for {len(words):,} {self.what} at once. A view holds at most {MAX_SERIES} series (areas "
                "times categories): choose fewer, or a whole borough in place of its wards."
            )
        for word in words:
            if not self.known(word):
                raise ValidationError(
                    f"“{word[:40]}” is not one of the {self.what}. They are written like {self.example}."
                )
        return words

    def prepare_value(self, value: Any) -> Any:
        return ",".join(value) if isinstance(value, tuple) else value


def _names_areas(word: str) -> bool:
    """A code of an area, `CODE.wards` for all wards of a borough, `boroughs` for all boroughs."""
    found = WARDS_OF.fullmatch(word)
    if found and found["day"]:
        try:
            date.fromisoformat(found["day"])
        except ValueError:
            return False
    return bool(found or _CODE.fullmatch(word))


def _is_slug(word: str) -> bool:
    return bool(_SLUG.fullmatch(word))


class _Start(MonthField):
    """A month, or how many months the period has: "12", "24", "36", "all"."""

    def to_python(self, value: Any) -> Any:
        value = value or USUAL["from"]
        return value if value in PERIODS else super().to_python(value)


class ExploreForm(Address):
    """An address of the explore page. Read it with `read`, which joins what a plain form repeats."""

    areas = _List("areas", "E05013967, E09000016 or E09000016.wards", _names_areas)
    cat = _List("categories", "burglary or all-crime", _is_slug)
    scheme = Choice("a source of figures", SCHEMES, USUAL["scheme"])
    to = MonthField(required=False)
    measure = Choice("a measure", MEASURES, USUAL["measure"])
    base = MonthField(required=False)
    view = Choice("a kind of drawing", VIEWS, USUAL["view"])
    compare = Choice("something to compare", COMPARE, USUAL["compare"])
    scale = Choice("a scale", SCALES, USUAL["scale"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = _Start(required=False)  # no name for a Python attribute

    @classmethod
    def read(cls, query: QueryDict) -> ExploreForm:
        """The form of an address. Lists may be repeated (`cat=a&cat=b`); `last=36` is another word for `from=36`."""
        given = {name: ",".join(values) if name in ("areas", "cat") else values[-1] for name, values in query.lists()}
        given["from"] = given.get("from") or given.get("last", "")
        return cls(given)

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = self.cleaned_data
        if asked.get("cat") == (HEADLINE.get(asked.get("scheme", "")),):
            asked["cat"] = ()  # what is shown where none is chosen
        since, until = asked.get("from"), asked.get("to")
        if isinstance(since, date) and until and since > until:
            raise ValidationError(
                f"The months run backwards: from {since:%B %Y} to {until:%B %Y}. Choose a last month that is not "
                "before the first."
            )
        if asked.get("measure") != "index":
            asked["base"] = None  # means something to the index alone
        if asked.get("view") != "multiples":
            asked["scale"] = USUAL["scale"]
        return asked


def canonical(asked: Mapping[str, Any]) -> str:
    """The query string of what a form read (or of part of it): one for each view, what is usual left out."""
    parts = []
    for name in ("areas", "cat", "scheme", "from", "to", "measure", "base", "view", "compare", "scale"):
        value = asked.get(name)
        if isinstance(value, list | tuple):
            value = ",".join(value)
        elif isinstance(value, date):
            value = f"{value:%Y-%m}"
        if value and value != USUAL.get(name):
            parts.append(f"{name}={value}")  # nothing of it needs quoting
    return "&".join(parts)
