"""What people do to agencies: adding, changing, leaving the partnership and coming back."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from partners import audit, ending
from partners.actions import sharing
from partners.actions.rights import keeps_parts, require_of_partnership
from partners.models import Agency, Membership, Role
from partners.visibility import Viewer

LONGEST_NAME = 150


@transaction.atomic
def add_agency(
    *, by: Viewer, name: str, kind: str, part_of: Agency | None = None, area_codes: Sequence[str] = ()
) -> Agency:
    """A new agency, or a part of one.

    Raises ValueError (a sentence) for a blank or taken name, and unless the person administers the partnership or the
    agency that it is to be a part of.
    """
    _require_of_whole(by, part_of)
    agency = Agency(name=_name(name), kind=Agency.Kind(kind), part_of=part_of, area_codes=list(area_codes))
    _store(agency)
    audit.created(agency, by=by)
    return agency


@transaction.atomic
def change_agency(
    *, by: Viewer, agency: Agency, name: str, kind: str, part_of: Agency | None, area_codes: Sequence[str]
) -> Agency:
    """Gives an agency another name, kind, place or areas.

    Raises ValueError (a sentence) as `add_agency`, for a part of itself, and where the person administers neither the
    partnership nor what the agency is a part of, before and after: nobody widens one's own agency.
    """
    agency.refresh_from_db(from_queryset=Agency.objects.select_for_update())
    _require_of_whole(by, agency.part_of)
    _require_of_whole(by, part_of)
    if part_of is not None and part_of.pk in Viewer(()).parts_of(agency.pk):
        raise ValueError(f"{agency} cannot be a part of itself or of one of its own parts.")
    before = audit.snapshot(agency)
    agency.name, agency.kind, agency.part_of = _name(name), Agency.Kind(kind), part_of
    agency.area_codes = list(area_codes)
    _store(agency)
    audit.changed(agency, before, by=by)
    return agency


@transaction.atomic
def remove_agency(*, by: Viewer, agency: Agency, reason: str) -> None:
    """Lets an agency leave the partnership with its parts: roles, keys and invitations end, agreements are suspended.

    Raises ValueError (a sentence) without a reason, but for partnership administrators, where it has left before, and
    where nobody would be left who administers the partnership.
    """
    require_of_partnership(by)
    agency.refresh_from_db(from_queryset=Agency.objects.select_for_update())
    if agency.left_at:
        raise ValueError(f"{agency} has left the partnership already.")
    what_ends = ending.of_agency(agency)
    administrators = Membership.objects.current().filter(role=Role.PARTNERSHIP)
    if not administrators.exclude(agency__in=what_ends.agencies).exists():
        raise ValueError(
            f"All partnership administrators are in {agency} or its parts. Make somebody of another agency one first."
        )
    for one in what_ends.agencies:
        sharing.suspend_agreements_of(by=by, agency=one, reason=reason)
    ending.carry_out(what_ends, by=by, reason=reason.strip())
    audit.write("agency.left", by=by, about=what_ends.agencies, reason=reason.strip())


@transaction.atomic
def readmit_agency(*, by: Viewer, agency: Agency) -> None:
    """Takes an agency that left back into the partnership. Its people are invited anew, its agreements resumed by it.

    Raises ValueError (a sentence) but for partnership administrators, where it has not left, and where what it is a
    part of has.
    """
    require_of_partnership(by)
    agency.refresh_from_db(from_queryset=Agency.objects.select_for_update())
    if not agency.left_at:
        raise ValueError(f"{agency} is in the partnership.")
    if agency.part_of and agency.part_of.left_at:
        raise ValueError(f"Take {agency.part_of} back first: {agency} is a part of it.")
    before = audit.snapshot(agency)
    agency.left_at = agency.left_by = None
    agency.save(update_fields=["left_at", "left_by"])
    audit.changed(agency, before, by=by)


def _require_of_whole(by: Viewer, whole: Agency | None) -> None:
    if whole is not None and whole.left_at:
        raise ValueError(f"{whole} has left the partnership, so nothing can be a part of it.")
    if not keeps_parts(by, whole.pk if whole else None):
        raise ValueError("Only a partnership administrator, or an administrator of what it is a part of, can do that.")


def _name(text: str) -> str:
    """Spaces put right. Raises ValueError where it cannot be a name."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise ValueError(f"Give the agency a name of at most {LONGEST_NAME} characters, as its partners know it.")
    return name


def _store(agency: Agency) -> None:
    """Saves it. Raises ValueError where the name is taken, by one that left or in other letters included."""
    same = Agency.objects.filter(name__iexact=agency.name).exclude(pk=agency.pk).first()
    if same is not None:
        raise ValueError(
            f"{same} left the partnership. Take it back rather than adding it again."
            if same.left_at
            else f"There is an agency named “{same}” already."
        )
    agency.save()
