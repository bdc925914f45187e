"""The shape of every answer: the documented contract. Rows are built from queries directly and never pass through here.

Field order is column order; `columns(AreaRow)` is what pages are written with.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from hotspots.coverage import State
from hotspots.models import PUBLISHED, ImportedFile, Source
from partners.api.serializers import text, whole
from partners.models import Job
from reports.api.filters import SCHEMES

MONTH = "Month, as 2016-04."


class AreaRow(s.Serializer):
    code = text("GSS code; for forces the police.uk slug.")
    name = text("Name.")
    kind = s.ChoiceField([(kind.value, kind.label) for kind in PUBLISHED], help_text="Kind of area.")
    parent = text("Code of the area it lies in; null where none is known.", allow_null=True)
    valid_from = s.DateField(allow_null=True, help_text="In force from this day; null = no known start.")
    valid_to = s.DateField(allow_null=True, help_text="In force until, not including, this day; null = still.")


class PopulationRow(s.Serializer):
    year = whole("Year.")
    residents = whole("Usual residents in that year.")
    source = text("Where the figure comes from.")


class ShapeRow(s.Serializer):
    valid_from = s.DateField(allow_null=True, help_text="The shape is in force from this day.")
    valid_to = s.DateField(allow_null=True, help_text="... until, not including, this day.")
    bbox = s.ListField(
        child=s.FloatField(), min_length=4, max_length=4, help_text="West, south, east, north; degrees, WGS84."
    )
    source = text("Where the shape comes from.")


class AreaDetail(AreaRow):
    populations = PopulationRow(many=True, help_text="By year, oldest first.")
    boundaries = ShapeRow(many=True, help_text="Dated shapes, oldest first; the geometry is at `boundary/`.")


class CategoryRow(s.Serializer):
    scheme = s.ChoiceField(SCHEMES, help_text="Category scheme.")
    slug = text("What `category=` takes.")
    name = text("Name.")
    is_group = s.BooleanField(help_text="True where it adds up other categories.")
    parent = text("Slug of the heading it stands under; null without one.", allow_null=True)
    members = s.ListField(child=s.CharField(), help_text="Slugs a group adds up; empty for a category.")
    aliases = s.ListField(child=s.CharField(), help_text="Other slugs that mean this one.")
    in_totals = s.BooleanField(help_text="False where the publisher keeps it out of its totals.")
    violence = s.BooleanField(help_text="Counts as violence.")
    victim_reported = s.BooleanField(help_text="Mostly comes to light because a victim reports it.")
    found_by_police = s.BooleanField(help_text="Mostly comes to light by police activity.")
    drug_possession = s.BooleanField(help_text="Possession of drugs.")
    drug_supply = s.BooleanField(help_text="Supply of drugs.")


class SummaryRow(s.Serializer):
    area = text("Code of the area.")
    scheme = s.ChoiceField(SCHEMES, help_text="Category scheme.")
    category = text("Slug of the category or group.")
    month = text(MONTH)
    count = whole(
        "Number of records in the month (of partner-quarter: in the quarter that it begins). Null = unknown, never 0.",
        allow_null=True,
    )
    previous_month = whole("`count` of the month before. Null = unknown.", allow_null=True)
    same_month_last_year = whole("`count` of the same month a year before. Null = unknown.", allow_null=True)
    rolling_12 = whole("Sum of the twelve months that end here. Null unless all twelve are known.", allow_null=True)
    rate_per_1000 = s.FloatField(
        allow_null=True, help_text="`count` per 1,000 usual residents of the area. Null = count or residents unknown."
    )
    coverage = s.ChoiceField(
        ["complete", "without-transport-police", "partial", "missing"],
        help_text="What the area's publishers reported: missing = the count is null; partial = far too few rows, shown "
        "but never compared or added up; without-transport-police = all but British Transport Police's few.",
    )
    converted = s.BooleanField(help_text="True where the area was not in force then: counts were moved onto it.")


class CoverageRow(s.Serializer):
    source = s.ChoiceField(Source.choices, help_text="Source of the figures.")  # type: ignore[assignment]
    publisher = text("Slug of the publisher.")
    month = text(MONTH)
    scope = text("The part of the publisher's figures that was loaded, as a borough; blank = all.", allow_blank=True)
    state = s.ChoiceField(
        State.choices,
        help_text="partial = under a quarter of the usual rows; extract = only some categories; missing = nothing.",
    )
    rows = whole("Rows loaded; null where missing.", allow_null=True)
    release = s.DateField(allow_null=True, help_text="The publisher's own date for the release, where it has one.")
    loaded = s.DateTimeField(allow_null=True, help_text="When it was loaded; null where missing.")


class ImportRow(s.Serializer):
    id = whole("Number of the run.")
    title = text("What was imported.")
    state = s.ChoiceField(Job.State.choices, help_text="How far it is.")
    started = s.DateTimeField(help_text="When it began.")
    finished = s.DateTimeField(allow_null=True, help_text="When it ended; null while it runs.")
    stored = whole("Files stored.")
    unchanged = whole("Files that were already stored.")
    refused = whole("Files refused.")
    rows_read = whole("Rows read, of all files.")
    rows_kept = whole("Rows kept.")
    rows_rejected = whole("Rows rejected.")


class ImportedFileRow(s.Serializer):
    id = whole("Number of the file.")
    name = text("Its name as offered.")
    format = text("The recognised format; blank where none was.", allow_blank=True)
    state = s.ChoiceField(ImportedFile.State.choices, help_text="What became of it.")
    message = text("One sentence; always there for a refused file.", allow_blank=True)
    sha256 = text("SHA-256 of its content.")
    size = whole("Bytes.")
    rows_read = whole("Rows read.")
    rows_kept = whole("Rows kept.")
    rows_rejected = whole("Rows rejected.")
    quality = s.DictField(
        help_text="without_location, unknown_lsoas, by_category, notes, changes against the superseded release."
    )


class ImportDetail(ImportRow):
    next = s.URLField(allow_null=True, help_text="Address of the next page of files; null on the last.")
    files = ImportedFileRow(many=True, help_text="One page of the run's files, in order of reading.")


class LastImport(s.Serializer):
    id = whole("Number of the run.")
    title = text("What was imported.")
    finished = s.DateTimeField(help_text="When it ended.")


class Version(s.Serializer):
    data_version = whole("How often published figures have changed; part of every ETag.")
    changed = s.DateTimeField(allow_null=True, help_text="When they last changed; null where nothing was loaded.")
    last_import = LastImport(allow_null=True, help_text="The last import that ended; null without one.")


_DATE = {"type": ["string", "null"], "format": "date"}
FEATURE_COLLECTION: dict[str, Any] = {
    "type": "object",
    "required": ["type", "features", "next"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "next": {"type": ["string", "null"], "description": "Address of the next page; null on the last."},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "bbox", "geometry", "properties"],
                "properties": {
                    "type": {"const": "Feature"},
                    "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
                    "geometry": {
                        "type": "object",
                        "required": ["type", "coordinates"],
                        "properties": {"type": {"type": "string"}, "coordinates": {"type": "array"}},
                        "description": "Simplified outline, WGS84; neighbours share their edges.",
                    },
                    "properties": {
                        "type": "object",
                        "required": ["code", "name", "kind", "parent", "valid_from", "valid_to", "source"],
                        "properties": {
                            "code": {"type": "string"},
                            "name": {"type": "string"},
                            "kind": {"type": "string", "enum": [kind.value for kind in PUBLISHED]},
                            "parent": {"type": ["string", "null"]},
                            "valid_from": {**_DATE, "description": "The shape's, not the area's."},
                            "valid_to": _DATE,
                            "source": {"type": "string"},
                        },
                    },
                },
            },
        },
    },
}
