from datetime import date
from pathlib import Path

import pytest

from hotspots import categories, facts
from hotspots.importers import police_outcomes
from hotspots.importers.base import Refused
from hotspots.models import Source
from tests.hotspots.importers.police_files import OUTCOMES, file_of, parse, street_row

NAME = "2018-10-metropolitan-outcomes.csv"
SLUGS = categories.by_slug(categories.OUTCOME)


def test_a_row_becomes_a_fact() -> None:
    (table,), quality = parse(police_outcomes, file_of([street_row()], OUTCOMES), NAME)
    assert (table.source, table.publisher, table.month) == (Source.OUTCOMES, "metropolitan", date(2018, 10, 1))
    assert [*table.frame.columns] == [*facts.SCHEMA[Source.OUTCOMES]]
    assert table.frame["category"].to_list() == [SLUGS["charged"].number]
    assert table.frame["district"].to_list() == ["Havering"]
    assert quality.by_category == {"Suspect charged": 1}


def test_every_published_type_is_known() -> None:
    types = [d for d in SLUGS.values() if not d.members]
    (table,), quality = parse(
        police_outcomes, file_of([street_row(Outcome_type=d.name) for d in types], OUTCOMES), NAME
    )
    assert table.frame["category"].to_list() == [d.number for d in types]
    assert quality.rows_rejected == 0


def test_an_unknown_type_is_rejected() -> None:
    rows = [street_row(), street_row(Outcome_type="Escaped")]
    assert parse(police_outcomes, file_of(rows, OUTCOMES), NAME)[1].rejected == [(3, "unknown outcome type: “Escaped”")]


def test_a_month_that_is_not_that_of_the_name_is_refused() -> None:
    with pytest.raises(Refused, match="says 2018-11 in its name but its rows are of 2018-10"):
        parse(police_outcomes, file_of([street_row()], OUTCOMES), "2018-11-metropolitan-outcomes.csv")


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "rows", "located", "charged"),
    [("2019-01-metropolitan-outcomes.csv", 809, 807, 99), ("2023-06-metropolitan-outcomes.csv", 929, 889, 63)],
)
def test_real_outcomes(real_data: Path, name: str, rows: int, located: int, charged: int) -> None:
    content = (real_data / "outcomes_burglary_only" / name).read_bytes()
    (table,), quality = parse(police_outcomes, content, name)
    assert (quality.rows_read, quality.rows_kept, table.rows_located) == (rows, rows, located)
    assert quality.by_category["Suspect charged"] == charged
