from datetime import date
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from reports import tables
from reports.charts import Point
from tests.factories import months_from


def cells(html: str) -> list[list[str]]:
    return [["".join(cell.itertext()) for cell in row] for row in ElementTree.fromstring(html).iter("tr")]


def test_years_stand_beside_each_other_and_end_with_the_last_month() -> None:
    points = [Point(month, index, None) for index, month in enumerate(months_from(date(2016, 3, 1), 14))]
    rows = cells(tables.months(points, [None, 90], caption="Burglary"))
    assert rows[0] == ["Month", "2015–16", "2016–17"]
    assert rows[1] == ["May", "", "2"]
    assert rows[11] == ["Mar", "0", "12"]
    assert rows[12] == ["Apr", "1", "13"]
    assert rows[13] == ["12 months", "–", "90"]


def test_unknown_partial_and_converted_are_told_apart() -> None:
    months = months_from(date(2017, 1, 1), 12)
    points = [Point(month, 0, None) for month in months]
    points[1] = Point(months[1], None, None)
    points[2] = Point(months[2], 4, None, partial=True)
    points[3] = Point(months[3], 5, None, converted=True)
    rows = cells(tables.months(points, [], caption="<Theft>"))
    assert [row[1] for row in rows[1:5]] == ["0", "–", "4*", "5†"]


def test_where_all_is_converted_no_cell_is_marked() -> None:
    points = [Point(month, 3, None, converted=True) for month in months_from(date(2017, 1, 1), 12)]
    assert "†" not in tables.months(points, [], caption="Theft")


@given(length=st.integers(1, 11))
def test_fewer_than_twelve_months_have_a_row_each(length: int) -> None:
    points = [Point(month, 3, None) for month in months_from(date(2016, 11, 1), length)]
    rows = cells(tables.months(points, [None], caption="Theft"))
    assert [row[0] for row in rows[1:-1]] == [f"{point.month:%b}" for point in points]
    assert {row[1] for row in rows[1:-1]} == {"3"}


def test_an_unknown_month_has_no_mark() -> None:
    points = [Point(month, 3, None) for month in months_from(date(2017, 1, 1), 12)]
    points[0] = Point(points[0].month, None, None, converted=True)
    assert cells(tables.months(points, [], caption="Theft"))[1][1] == "–"
