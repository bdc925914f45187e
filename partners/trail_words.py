"""Events of the audit trail in words: no database here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from partners.models import AuditEvent

# Type -> one, several.
NOUNS: dict[str, tuple[str, str]] = {
    "agency": ("agency", "agencies"),
    "agreedaction": ("agreed action", "agreed actions"),
    "agreementparty": ("place in a sharing agreement", "places in a sharing agreement"),
    "apikey": ("API key", "API keys"),
    "area": ("area", "areas"),
    "breakglass": ("opening of withheld parts", "openings of withheld parts"),
    "calendarfeed": ("calendar address", "calendar addresses"),
    "candidate-set": ("candidate set", "candidate sets"),
    "cbo": ("Criminal Behaviour Order", "Criminal Behaviour Orders"),
    "closure": ("closure", "closures"),
    "community-protection": ("warning or notice", "warnings and notices"),
    "comparisonplace": ("comparison place", "comparison places"),
    "day-of-action": ("day of action", "days of action"),
    "digest": ("setting of reminders", "settings of reminders"),
    "direction": ("dispersal direction", "dispersal directions"),
    "dispersal": ("dispersal authorisation", "dispersal authorisations"),
    "hotspot": ("hotspot", "hotspots"),
    "gatequestion": ("gate question", "gate questions"),
    "importrun": ("import", "imports"),
    "intervention": ("activity record", "activity records"),
    "invitation": ("invitation", "invitations"),
    "job": ("job", "jobs"),
    "legalparameter": ("limit of the law", "limits of the law"),
    "meeting": ("meeting", "meetings"),
    "membership": ("role", "roles"),
    "order": ("injunction or other order", "injunctions and other orders"),
    "ordertype": ("type of order", "types of orders"),
    "plan": ("problem-solving plan", "problem-solving plans"),
    "pspo": ("Public Spaces Protection Order", "Public Spaces Protection Orders"),
    "pspo-action": ("PSPO action", "PSPO actions"),
    "savedview": ("saved view", "saved views"),
    "sharingagreement": ("sharing agreement", "sharing agreements"),
    "user": ("account", "accounts"),
    "ward-team": ("ward team", "ward teams"),
    "warrant": ("warrant", "warrants"),
    "webhook": ("webhook", "webhooks"),
    "year-plan": ("twelve-month plan", "twelve-month plans"),
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$")
# What was done to them: "type.verb".
VERBS = {"created": "added", "changed": "changed", "deleted": "removed", "read": "read"}
# All other actions, as the end of a sentence that begins with who.
ACTIONS = {
    "agency.left": "took an agency out of the partnership",
    "area.priorities-changed": "changed a borough’s priorities",
    "audit.exported": "took the audit trail as a file",
    "calendarfeed.revoked": "revoked a calendar address",
    "candidate-set.promoted": "made a hotspot of a candidate",
    "day-of-action.answered": "answered for an agency whether it takes part in a day of action",
    "day-of-action.chased": "asked for missing results of a day of action",
    "day-of-action.reported": "reported an agency’s results of a day of action",
    "digest.set": "set reminders by e-mail",
    "hotspot.comparison-accepted": "accepted a comparison place of a hotspot",
    "hotspot.comparison-ended": "ended a comparison with a hotspot",
    "hotspot.document-added": "added a document to a hotspot",
    "hotspot.document-read": "opened a document of a hotspot",
    "hotspot.document-removed": "removed a document of a hotspot",
    "hotspot.redrawn": "redrew the boundary of a hotspot",
    "hotspot.alert-acknowledged": "acknowledged an alert of a hotspot",
    "hotspot.gate-decided": "wrote down a decision at a gate of a hotspot",
    "hotspot.phase-changed": "changed a phase of a hotspot",
    "hotspot.phase-removed": "removed a phase of a hotspot",
    "hotspot.phase-started": "started a phase of a hotspot",
    "hotspot.phase-stopped": "stopped a phase of a hotspot",
    "hotspot.trigger-ended": "ended a re-entry trigger of a hotspot",
    "hotspot.trigger-set": "set a re-entry trigger of a hotspot",
    "intervention.bulk-added": "added activity records together",
    "import.asked": "asked for an import",
    "import.finished": "finished an import",
    "import.started": "began an import",
    "intervention.attachment-added": "added a file to an activity record",
    "intervention.attachment-read": "opened a file of an activity record",
    "intervention.attachment-removed": "removed a file of an activity record",
    "job.put-back": "put work back that a stopped worker had begun",
    "looking-as.started": "began to look as somebody else",
    "looking-as.stopped": "stopped looking as somebody else",
    "membership.ended": "ended a role",
    "password.changed": "changed the password",
    "people.imported": "brought in agencies and people from a file",
    "pspo.renewal-begun": "planned the renewal of a PSPO",
    "pspo.renewal-step": "wrote down a step of the renewal of a PSPO",
    "second-factor.added": "added a second factor",
    "second-factor.changed": "made new recovery codes",
    "second-factor.removed": "removed a second factor",
    "sharingagreement.document.read": "read the document of a sharing agreement",
    "sharingagreement.said": "took a step in a sharing agreement",
    "sign-in": "signed in",
    "sign-in.failed": "tried to sign in and failed",
    "sign-out": "signed out",
    "single-sign-on.added": "used single sign-on for the first time",
    "ward-team.days": "kept days lost to abstraction",
    "webhook.sent-again": "sent a message to a webhook again",
    "webhook.tested": "tested a webhook",
}
MOST_NAMED = 5
# Fields that hold a number of somebody or something -> its type.
POINTERS = {"agency_id": "agency", "owner_id": "agency", "part_of_id": "agency", "user_id": "user"}
# "user:7" -> "Ana Lyst": what names are known by.
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after; None where there was or is no row, "" where nothing is said."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One event. `inside` False: reason and changes are for others to see."""

    number: int
    at: datetime
    who: str
    # The agencies that the person or key acted for then; "" of the server.
    agencies: str
    # The e-mail address or the key's prefix; "" of the server.
    known_as: str
    did: str
    references: str
    summary: str
    inside: bool
    reason: str
    # What `changes` are: "What changed", or of what was added or removed all that it held.
    inside_is: str
    changes: list[Change]
    covert: bool
    address: str
    request_id: str


def row(event: AuditEvent, *, inside: bool, names: Names) -> Row:
    """One event as the page shows it. `inside`: whether this reader may see its reason and values."""
    who = re.fullmatch(r"(.*) [<(](.*)[>)]", event.actor_name)
    about = [name for name in event.objects_named if name.replace(":", "-") != event.actor]
    is_read = event.summary.startswith("Read (")
    return Row(
        number=event.number,
        at=event.at,
        who=who[1] if who else event.actor_name,
        agencies=", ".join(names[name] for pk in event.actor_agencies if (name := f"agency:{pk}") in names),
        known_as=who[2] if who else "",
        did=did(event) + (event.summary.removeprefix("Read") if is_read else ""),
        references=references(about, names),
        summary="" if is_read else event.summary,
        inside=inside,
        reason=event.reason if inside else "",
        inside_is="As added" if event.before is None else "As removed" if event.after is None else "What changed",
        changes=changes(event.before, event.after, names) if inside else [],
        covert=event.team_only,
        address=event.ip_address or "",
        request_id=event.request_id,
    )


def did(event: AuditEvent) -> str:
    """ "read 3 activity records", "added 1 role", "signed in": with the actor in front a sentence."""
    if event.action in ACTIONS:
        return ACTIONS[event.action]
    kind, _, verb = event.action.rpartition(".")
    count = Counter(name.partition(":")[0] for name in event.objects_named)[kind] or 1
    return f"{VERBS.get(verb, verb.replace('-', ' '))} {count:,} {noun(kind, count)}"


def noun(kind: str, count: int = 1) -> str:
    """What a type is called, one or several."""
    one, several = NOUNS.get(kind, (kind.replace("-", " "), f"{kind.replace('-', ' ')}s"))
    return one if count == 1 else several


def reference(name: str, names: Names | None = None) -> str:
    """ "intervention:12" as "Activity record 12"; where it has a name of its own, that."""
    if names and name in names:
        return names[name]
    kind, _, pk = name.partition(":")
    words = noun(kind)
    return f"{words[0].upper()}{words[1:]} {pk}"


def references(things: list[str], names: Names) -> str:
    """The first five, and how many more."""
    said = ", ".join(reference(name, names) for name in things[:MOST_NAMED])
    return f"{said} and {len(things) - MOST_NAMED:,} more" if len(things) > MOST_NAMED else said


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, names: Names) -> list[Change]:
    """Field by field, in the order of their names; of what was added or removed only those that hold something."""
    found = []
    for field in sorted({*(before or {}), *(after or {})}):
        was, is_now = (
            _value(_named(field, row[field], names)) if row is not None and field in row else None
            for row in (before, after)
        )
        if was or is_now or (before is not None and after is not None):
            found.append(Change(_label(field), was, is_now))
    return found


def named_in(events: list[AuditEvent]) -> set[str]:
    """The things that events name, and the agencies that acted, whose own names people know: "user:7", "agency:3"."""
    found = {name for event in events for name in event.objects_named[:MOST_NAMED]}
    for event in events:
        found |= {f"agency:{pk}" for pk in event.actor_agencies}
        for values in (event.before or {}, event.after or {}):
            found |= {thing for field, value in values.items() if (thing := _pointed_at(field, value))}
    return {name for name in found if name.startswith(("user:", "agency:"))}


def _pointed_at(field: str, value: Any) -> str:
    """ "user:7" where a field holds the number of somebody or something, else ""."""
    kind = "user" if field.endswith("_by_id") else POINTERS.get(field)
    return f"{kind}:{value}" if kind and isinstance(value, int) else ""


def _named(field: str, value: Any, names: Names) -> Any:
    return names.get(_pointed_at(field, value), value)


def _label(name: str) -> str:
    words = re.sub(r"_(id|at)$", "", name).replace("_", " ")
    return words[:1].upper() + words[1:]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_value(one)}" for name, one in sorted(value.items()))
    if isinstance(value, str) and _MOMENT.match(value):
        # People may write in a title what only looks like a moment.
        with suppress(ValueError, OverflowError):
            return f"{timezone.localtime(datetime.fromisoformat(value)):%-d %b %Y, %H:%M:%S}"
    return "" if value is None else str(value)
