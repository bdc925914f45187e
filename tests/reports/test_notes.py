from datetime import date

from hotspots import categories
from hotspots.models import Area
from reports import notes
from reports.queries import Gap, Place
from tests.factories import months_from


def test_breaks_inside_the_window_are_lettered_in_order() -> None:
    found = notes.series_breaks(categories.POLICE_UK, months_from(date(2011, 1, 1), 36), force="essex")
    assert [(note.mark, note.month) for note in found] == [("A", date(2011, 9, 1)), ("B", date(2013, 5, 1))]
    assert "six categories" in found[0].text
    assert "eleven categories" in found[1].text
    assert [(b.mark, b.month) for b in notes.breaks(found)] == [("A", date(2011, 9, 1)), ("B", date(2013, 5, 1))]


def test_the_new_recording_system_is_the_metropolitan_polices_alone() -> None:
    window = months_from(date(2023, 4, 1), 24)
    assert [n.month for n in notes.series_breaks(categories.MPS, window, force="")] == [date(2024, 3, 1)]
    assert notes.series_breaks(categories.POLICE_UK, window, force="metropolitan")
    assert notes.series_breaks(categories.POLICE_UK, window, force="essex") == []


def test_months_outside_the_wards_dates_are_converted_and_said_so() -> None:
    ward = Place(1, Area.Kind.WARD, "E05000312", "Harold Wood", None, date(2022, 5, 5))
    window = months_from(date(2022, 4, 1), 4)
    note = notes.area_notes(ward, categories.POLICE_UK, window)[0]
    assert note.text.startswith("These are the boundaries in force until 4 May 2022.")
    assert "(June 2022 to July 2022)" in note.text
    (note,) = notes.area_notes(ward, categories.MPS, window)
    assert note.text.startswith("These are the boundaries in force until 4 May 2022.")
    assert "shared out by residents" in note.text
    assert notes.area_notes(ward, categories.MPS, months_from(date(2021, 4, 1), 4)) == []


def test_the_month_in_which_wards_begin_is_their_own() -> None:
    ward = Place(1, Area.Kind.WARD, "E05013971", "Gooshays", date(2022, 5, 5), None)
    assert [ward.in_force_in(month) for month in months_from(date(2022, 4, 1), 3)] == [False, True, True]
    assert "(April 2022)" in notes.area_notes(ward, categories.POLICE_UK, months_from(date(2022, 4, 1), 3))[0].text
    old = Place(2, Area.Kind.WARD, "E05000312", "Harold Wood", None, date(2022, 5, 5))
    assert [old.in_force_in(month) for month in months_from(date(2022, 4, 1), 3)] == [True, True, False]


def test_gaps_name_the_publisher_and_the_months() -> None:
    gap = Gap("British Transport Police", (date(2016, 8, 1),), (date(2017, 1, 1), date(2017, 2, 1)))
    assert [note.text for note in notes.gap_notes([gap])] == [
        (
            "British Transport Police did not report August 2016. It records under one crime in a hundred, more around "
            "stations; the month is compared and added up without it, so a small fall may be that alone."
        ),
        "British Transport Police reported January 2017 to February 2017 in part only: far fewer rows than usual.",
    ]


def test_holes_in_the_metropolitan_searches_are_no_calm_months() -> None:
    window = months_from(date(2018, 1, 1), 6)
    (note,) = notes.search_notes(window, force="metropolitan")
    assert "February 2018 to March 2018" in note.text
    assert notes.search_notes(window, force="essex") == []
