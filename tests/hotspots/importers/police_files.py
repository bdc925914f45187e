"""Small files in the published formats, for tests."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType

from hotspots.importers import police_outcomes, police_searches, police_street
from hotspots.importers.base import FactTable, Quality, SourceFile

STREET = (*police_street.COLUMNS, "Context")
OLD_STREET = (*police_street.OLD_COLUMNS, "Context")
OUTCOMES = police_outcomes.COLUMNS
SEARCHES = police_searches.COLUMNS

NAME = "2018-10-metropolitan-street.csv"


def street_row(**cells: str) -> dict[str, str]:
    """A burglary in Romford; give cells by column name with underscores: street_row(Crime_type="Drugs")."""
    row = {
        "Crime ID": "aaa003527bd5d88ded5fc79e5ec508fb464c04f645f1ff38cec84aa9aefa7d2e",
        "Month": "2018-10",
        "Reported by": "Metropolitan Police Service",
        "Falls within": "Metropolitan Police Service",
        "Longitude": "0.183439",
        "Latitude": "51.575900",
        "Location": "On or near South Street",
        "LSOA code": "E01002342",
        "LSOA name": "Havering 013B",
        "Crime type": "Burglary",
        "Last outcome category": "Under investigation",
        "Context": "",
        "Outcome type": "Suspect charged",
        "Easting": "551500",
        "Northing": "188600",
    }
    return row | {name.replace("_", " "): cell for name, cell in cells.items()}


def search_row(**cells: str) -> dict[str, str]:
    """A search for drugs in Romford that ended in nothing."""
    row = dict.fromkeys(SEARCHES, "") | {
        "Type": "Person search",
        "Date": "2016-06-10T12:00:00+00:00",
        "Latitude": "51.575900",
        "Longitude": "0.183439",
        "Object of search": "Controlled drugs",
        "Outcome": "Nothing found - no further action",
    }
    return row | {name.replace("_", " "): cell for name, cell in cells.items()}


def file_of(
    rows: Iterable[Mapping[str, str]], columns: Sequence[str] = STREET, *, newline: str = "\n", encoding: str = "utf-8"
) -> bytes:
    """The rows as the bytes of a CSV file with these columns."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def parse(importer: ModuleType, content: bytes, name: str = NAME) -> tuple[list[FactTable], Quality]:
    """All tables of a file, and what became of its rows."""
    quality = Quality()
    file = SourceFile(name, content, hashlib.sha256(content).hexdigest())
    return list(importer.parse(file, quality)), quality
