"""Events of the audit trail in words: no database here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from partners.models import AuditEvent

# Type -> one, several.
NOUNS: dict[str, tuple[str, str]] = {
    "agency": ("agency", "agencies"),
    "agreementparty": ("place in a sharing agreement", "places in a sharing agreement"),
    "apikey": ("API key", "API keys"),
    "area": ("area", "areas"),
    "breakglass": ("opening of withheld parts", "openings of withheld parts"),
    "importrun": ("import", "imports"),
    "intervention": ("activity record", "activity records"),
    "invitation": ("invitation", "invitations"),
    "job": ("job", "jobs"),
    "membership": ("role", "roles"),
    "savedview": ("saved view", "saved views"),
    "sharingagreement": ("sharing agreement", "sharing agreements"),
    "user": ("account", "accounts"),
    "ward-team": ("ward team", "ward teams"),
}
# What was done to them: "type.verb".
VERBS = {"created": "added", "changed": "changed", "deleted": "removed", "read": "read"}
# All other actions, as the end of a sentence that begins with who.
ACTIONS = {
    "agency.left": "took an agency out of the partnership",
    "area.priorities-changed": "changed a borough’s priorities",
    "audit.exported": "took the audit trail as a file",
    "import.asked": "asked for an import",
    "import.finished": "finished an import",
    "import.started": "began an import",
    "job.put-back": "put work back that a stopped worker had begun",
    "looking-as.started": "began to look as somebody else",
    "looking-as.stopped": "stopped looking as somebody else",
    "membership.ended": "ended a role",
    "password.changed": "changed the password",
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
}
MOST_NAMED = 5


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
    did: str
    references: str
    summary: str
    inside: bool
    reason: str
    changes: list[Change]
    covert: bool
    address: str
    request_id: str


def row(event: AuditEvent, *, inside: bool) -> Row:
    """One event as the page shows it. `inside`: whether this reader may see its reason and values."""
    return Row(
        number=event.number,
        at=event.at,
        who=event.actor_name,
        did=did(event),
        references=references(event.objects_named),
        summary=event.summary,
        inside=inside,
        reason=event.reason if inside else "",
        changes=changes(event.before, event.after) if inside else [],
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


def reference(name: str) -> str:
    """ "intervention:12" as "Activity record 12"."""
    kind, _, pk = name.partition(":")
    words = noun(kind)
    return f"{words[0].upper()}{words[1:]} {pk}"


def references(names: list[str]) -> str:
    """The first five, and how many more."""
    said = ", ".join(reference(name) for name in names[:MOST_NAMED])
    return f"{said} and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else said


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
    """Field by field, in the order of their names."""
    names = sorted({*(before or {}), *(after or {})})
    return [
        Change(
            _label(name),
            _value(before[name]) if before and name in before else None,
            _value(after[name]) if after and name in after else None,
        )
        for name in names
    ]


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
    return "" if value is None else str(value)
