"""Carrying out what a file of agencies or people says: all of it or nothing."""

from __future__ import annotations

from django.db import transaction

from partners import audit, jobs, people_import
from partners.actions import agencies, invitations, people
from partners.models import Agency, Job, Membership
from partners.people_import import Line, Plan
from partners.visibility import Viewer


@transaction.atomic
def import_plan(*, by: Viewer, plan: Plan, site: str) -> Job | None:
    """Writes a plan without wrong rows; the job that sends the invitations, None where there are none.

    `site` is the product's own address, for their links. Raises ValueError (a sentence with the row's number) where
    a row cannot be done: nothing is then.
    """
    if wrong := plan.of(people_import.WRONG):
        raise ValueError(f"Row {wrong[0].number}: {wrong[0].says}")
    lines = plan.of(people_import.ADDED, people_import.CHANGED)
    invited: list[int] = []
    for line in lines:
        try:
            if plan.kind == people_import.AGENCIES:
                # A viewer knows the agencies of when it was made: not those of the rows before.
                _agency(line, Viewer(by.standings, user=by.user, looking_as=by.looking_as))
            elif (pk := _person(line, by)) is not None:
                invited.append(pk)
        except ValueError as problem:
            raise ValueError(f"Row {line.number}: {problem}") from problem
    job = None
    if invited:
        count = f"{len(invited):,} invitation{'' if len(invited) == 1 else 's'}"
        job = jobs.enqueue(
            "send-invitations",
            title=f"Sending {count}",
            arguments={"invitations": invited, "site": site},
            unique_key=f"send-invitations:{min(invited)}-{max(invited)}",
            by=by.user,
        )
    if lines:
        audit.write("people.imported", by=by, summary=f"{len(lines):,} {plan.kind} added or changed from a file")
    return job


def _agency(line: Line, by: Viewer) -> None:
    whole = line.values["part_of"]
    values = {**line.values, "part_of": Agency.objects.get(name__iexact=whole) if whole else None}
    if isinstance(line.current, Agency):
        agencies.change_agency(by=by, agency=line.current, **values)
    else:
        agencies.add_agency(by=by, **values)


def _person(line: Line, by: Viewer) -> int | None:
    """The number of the invitation that is to be sent, if any."""
    if isinstance(line.current, Membership):
        people.change_role(
            by=by, membership=line.current, role=line.values["role"], area_codes=line.values["area_codes"]
        )
        return None
    invitation, _ = invitations.invite_person(by=by, **line.values)
    return invitation.pk
