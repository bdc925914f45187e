"""By what lists of records are narrowed in the API: what those of all registers have in common."""

from __future__ import annotations

from typing import Any

from interventions import filters, queries
from interventions.models import Intervention
from partners.api import parameters
from partners.api.parameters import Parameter

DAYS = (
    Parameter("from", "Ending on this day or later, by London's clocks.", parameters.day, parameters.DAY_SCHEMA),
    Parameter("to", "Starting on this day or earlier.", parameters.day, parameters.DAY_SCHEMA),
)
STATES = (
    parameters.choice("strand", "Of this strand.", Intervention.Strand.values),
    parameters.choice("status", "In this state.", Intervention.Status.values),
)
AGENCY = parameters.number("agency", "Of the agency with this number.")
AREA = Parameter("area", "In this ward or borough.", parameters.code, parameters.CODE_SCHEMA)
WORDS = Parameter(
    "q", "With all these words, in what is shown.", parameters.words, {"type": "string", "maxLength": 100}
)
SINCE = Parameter(
    "updated_since",
    "Added or changed at this moment or later: then in the order of change. What is no longer shared with the caller "
    "is not told; ask for all now and then.",
    parameters.moment,
    parameters.MOMENT_SCHEMA,
)


def narrowed(rows: Any, given: dict[str, Any]) -> Any:
    """The records that all of these leave, in order."""
    for name, column in (("strand", "strand"), ("status", "status"), ("agency", "owner")):
        if given[name]:
            rows = rows.filter(**{column: given[name]})
    if given["area"]:
        rows = rows.filter(area_codes__contains=[given["area"]])
    if given["q"]:
        rows = rows.matching(given["q"])
    if given["from"]:
        rows = filters.from_day(rows, given["from"])
    if given["to"]:
        rows = filters.to_day(rows, given["to"])
    since = given["updated_since"]
    return queries.changed_since(rows, since) if since else queries.in_order(rows)
