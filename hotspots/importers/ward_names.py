"""Names of wards: the national list "Unique Id, Ward, Area" (code, name, council).

Only wards that are known already are named. The list has every ward of the country, and of one day in 2018: making
areas of them would put wards in force that no boundary or lookup speaks of.
"""

from __future__ import annotations

import polars as pl

from hotspots.importers import areas, reading
from hotspots.importers.base import Head, Options, Quality, Refused, SourceFile
from hotspots.models import Area

NAME = "Ward names"
COLUMNS = ("Unique Id", "Ward", "Area")


def recognises(head: Head) -> bool:
    """Exactly the published columns, in any order."""
    return set(head.header) == set(COLUMNS)


def load(file: SourceFile, quality: Quality, options: Options) -> bool:
    """Names the known wards, and gives those without a borough theirs. True if anything changed. Raises Refused."""
    table = reading.table(file.content, quality).with_columns(pl.col(COLUMNS).str.strip_chars())
    known = {ward.code: ward for ward in Area.objects.filter(kind=Area.Kind.WARD)}
    found = table.drop_nulls("Ward").filter(pl.col("Unique Id").is_in([*known]))
    if not found.height:
        raise Refused("None of the codes is a known ward: import boundaries or a lookup first.")
    boroughs = dict(Area.objects.filter(kind=Area.Kind.BOROUGH).values_list("name", "id"))
    rows = found.select(COLUMNS).rows()
    parents = {code: boroughs.get(area) for code, _, area in rows if not known[code].parent_id}
    _, _, changed = areas.save(Area.Kind.WARD, {code: name for code, name, _ in rows}, parents)
    quality.rows_kept = found.height
    if others := quality.rows_read - found.height - quality.rows_rejected:
        quality.note(f"{others:,} rows name wards that are not loaded here; they were passed over.")
    if not changed:
        quality.note("These names were stored already: nothing changed.")
    return changed
