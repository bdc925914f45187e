"""The parameters of the figures' routes."""

from __future__ import annotations

from hotspots import categories
from hotspots.models import PUBLISHED, Source
from partners.api import parameters
from partners.api.parameters import Parameter

SCHEMES = (
    categories.POLICE_UK,
    categories.MPS,
    categories.SEARCH,
    categories.OUTCOME,
    categories.PARTNER,
    categories.PARTNER_QUARTER,
)

AREA = Parameter(
    "area",
    "Code of an area; may be repeated. Unknown codes are refused.",
    parameters.code,
    parameters.CODE_SCHEMA,
    repeatable=True,
)
KIND = parameters.choice("kind", "Only areas of this kind.", [kind.value for kind in PUBLISHED])
PARENT = Parameter(
    "parent", "Only areas directly within the area with this code.", parameters.code, parameters.CODE_SCHEMA
)
CATEGORY = Parameter(
    "category",
    "Slug of a category or group, see `/categories/`; may be repeated. Without it: all of the scheme.",
    parameters.slug,
    parameters.SLUG_SCHEMA,
    repeatable=True,
)
FROM = Parameter("from", "First month, as 2016-04.", parameters.month, parameters.MONTH_SCHEMA)
TO = Parameter("to", "Last month, as 2018-03.", parameters.month, parameters.MONTH_SCHEMA)
IN_FORCE = Parameter("in_force", "Only areas in force on this day.", parameters.day, parameters.DAY_SCHEMA)
ON = Parameter(
    "on", "Only shapes in force on this day. Without it: every dated shape.", parameters.day, parameters.DAY_SCHEMA
)
SOURCE = parameters.choice("source", "The source of the figures.", Source.values, default=Source.STREET.value)
PUBLISHER = Parameter("publisher", "Only this publisher, by its slug.", parameters.slug, parameters.SLUG_SCHEMA)
Q = Parameter(
    "q",
    "Only areas whose name or code contains this, whatever the case.",
    parameters.words,
    {"type": "string", "minLength": 1, "maxLength": 100},
)
