"""Keeping the numbers of the law, and the types of orders: by the partnership's administrators."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from hotspots.words import day_name
from interventions.law.known import IN_PARTS, KNOWN, known, value_words
from interventions.models import LegalParameter, OrderType
from partners import audit
from partners.refusals import ChangedMeanwhile, Refused, checked_text
from partners.roles import Permission
from partners.visibility import Viewer

WHO = "The partnership’s administrators keep the limits of the law. Ask one of them."
MOST_VALUE = 100_000
MOST_MONTHS = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What is said of one number: fields as in LegalParameter."""

    value: Decimal
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    source_url: str = ""
    note: str = ""
    is_on: bool = False
    verified_by: str = ""
    verified_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """What is said of one type of order: fields as in OrderType."""

    name: str
    law: str
    youngest: int | None = None
    youth_max_months: int | None = None
    adult_max_months: int | None = None
    breach_is_crime: bool = False
    is_on: bool = False
    note: str = ""


@transaction.atomic
def add_parameter(*, by: Viewer, instrument: str, key: str, limit: Limit) -> LegalParameter:
    """A number over days on which none is kept yet. Raises PermissionDenied, and Refused where it cannot be."""
    _keeps(by)
    if (instrument, key) not in KNOWN:
        raise Refused("which", "No rule asks for such a number: choose one of the list.")
    one = LegalParameter(instrument=instrument, key=key, unit=KNOWN[instrument, key].unit)
    _set_limit(one, limit, by)
    audit.created(one, by=by, summary=str(one))
    return one


@transaction.atomic
def change_parameter(*, by: Viewer, pk: int, seen: datetime | None, limit: Limit) -> LegalParameter:
    """What a number is, when it holds and whether rules use it. What was kept before stays as it was judged then.

    `seen` is its `changed_at` as it was read; None = whatever it is now. Raises as adding does, ChangedMeanwhile, and
    LegalParameter.DoesNotExist.
    """
    _keeps(by)
    one = LegalParameter.objects.select_for_update(of=("self",)).get(pk=pk)
    _not_meanwhile(one, seen)
    before = audit.snapshot(one)
    _set_limit(one, limit, by)
    audit.changed(one, before, by=by)
    return one


@transaction.atomic
def add_order_type(*, by: Viewer, said: Type) -> OrderType:
    """A type of order. Raises PermissionDenied, and Refused where it cannot be."""
    _keeps(by)
    one = OrderType(slug=_free_slug(said.name))
    _set_type(one, said, by)
    audit.created(one, by=by, summary=str(one))
    return one


@transaction.atomic
def change_order_type(*, by: Viewer, pk: int, seen: datetime | None, said: Type) -> OrderType:
    """A type of order; orders that are kept are judged by it when they are changed next. Raises as
    `change_parameter`, and OrderType.DoesNotExist."""
    _keeps(by)
    one = OrderType.objects.select_for_update(of=("self",)).get(pk=pk)
    _not_meanwhile(one, seen)
    before = audit.snapshot(one)
    _set_type(one, said, by)
    audit.changed(one, before, by=by)
    return one


def _keeps(by: Viewer) -> None:
    if not by.may(Permission.MANAGE_AGENCIES):
        raise PermissionDenied(WHO)


def _not_meanwhile(one: Any, seen: datetime | None) -> None:
    if seen is not None and one.changed_at != seen:
        raise ChangedMeanwhile(
            "changed_at", "Somebody changed this meanwhile. Nothing of yours is saved: open it again."
        )


def _set_limit(one: LegalParameter, limit: Limit, by: Viewer) -> None:
    _check_value(one, limit.value)
    if limit.valid_from and limit.valid_to and limit.valid_to <= limit.valid_from:
        raise Refused("valid_to", "The last day is before the first.")
    if not limit.source.strip():
        raise Refused("source", "Say where this is written: act and section, or whose practice it is.")
    if limit.is_on and not limit.verified_by.strip():
        raise Refused("verified_by", "Say who verified it: rules use only what somebody has verified.")
    if limit.is_on and limit.verified_on is None:
        raise Refused("verified_on", "Give the day on which it was verified.")
    if limit.verified_on and limit.verified_on > timezone.localdate():
        raise Refused("verified_on", "It cannot have been verified on a day that is still to come.")
    _checked_url(limit.source_url)
    _set(one, asdict(limit))
    if one.is_on:
        _alone(one)
    one.changed_at, one.changed_by = timezone.now(), by.user
    one.save()


def _set(one: LegalParameter | OrderType, said: dict[str, Any]) -> None:
    for name, value in said.items():
        of: Any = one._meta.get_field(name)
        setattr(one, name, checked_text(name, value, of.max_length, one_line=True) if isinstance(value, str) else value)


def _check_value(one: LegalParameter, value: Decimal) -> None:
    if not 0 <= value <= MOST_VALUE:
        raise Refused("value", f"The value is from 0 to {MOST_VALUE:,}.")
    if value != round(value, 2 if (one.instrument, one.key) in IN_PARTS else 0):
        raise Refused("value", "The value is a whole number here.")
    if value == 0 and one.unit != LegalParameter.Unit.COUNT:
        raise Refused("value", "The value is more than nothing.")


def _checked_url(url: str) -> None:
    try:
        if url:
            URLValidator(["https", "http"])(url)
    except ValidationError:
        raise Refused("source_url", "The address of the source begins with https://.") from None


def _alone(one: LegalParameter) -> None:
    """No two numbers that are on hold for one thing on the same day."""
    first, after = one.valid_from or date.min, one.valid_to or date.max
    others = LegalParameter.objects.select_for_update().filter(instrument=one.instrument, key=one.key, is_on=True)
    for other in others.exclude(pk=one.pk):
        if (other.valid_from or date.min) < after and first < (other.valid_to or date.max):
            raise Refused("valid_from", _overlap(one, other))


def _overlap(one: LegalParameter, other: LegalParameter) -> str:
    since = f" from {day_name(other.valid_from)}" if other.valid_from else ""
    until = f" until before {day_name(other.valid_to)}" if other.valid_to else ""
    said = (
        f"{known(one).name}: {value_words(other)} holds{since}{until or ' without an end'}, on some of the same days."
    )
    if one.valid_from and not other.valid_to and (other.valid_from or date.min) < one.valid_from:
        return f"{said} End that on {day_name(one.valid_from)} first: then this one follows."
    return f"{said} Choose days on which it does not hold, or switch it off."


def _free_slug(name: str) -> str:
    slug = slugify(name)[:36] or "order"
    taken = set(OrderType.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(one for one in (slug, *(f"{slug}-{number}" for number in range(2, 1000))) if one not in taken)


def _set_type(one: OrderType, said: Type, by: Viewer) -> None:
    if not said.name.strip():
        raise Refused("name", "Give the type a name, such as “Respect Order”.")
    if not said.law.strip():
        raise Refused("law", "Say which law it is of: act and section.")
    if OrderType.objects.filter(name__iexact=said.name.strip()).exclude(pk=one.pk).exists():
        raise Refused("name", "There is a type of that name already.")
    for name in ("youth_max_months", "adult_max_months"):
        if getattr(said, name) is not None and not 1 <= getattr(said, name) <= MOST_MONTHS:
            raise Refused(name, f"Give 1 to {MOST_MONTHS:,} months, or nothing where there is no limit.")
    if said.youngest is not None and not 1 <= said.youngest <= 25:
        raise Refused("youngest", "Give an age from 1 to 25, or nothing where there is no limit.")
    _set(one, asdict(said))
    one.changed_at, one.changed_by = timezone.now(), by.user
    one.save()
