"""The style page's examples: the real components with made-up figures, and everything that can be wrong with one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hotspots.coverage import back
from reports import charts, maps, tables
from reports.calc.colour import DEFICIENCIES
from reports.charts.bars import Bar, bars
from reports.charts.direction import direction
from reports.charts.drawing import LARGE, Break, Point
from reports.charts.heat import heat
from reports.charts.lines import Trace, frame, lines
from reports.models import MonthlySummary
from reports.palette import CHARTS, FRAME, MAP, RAMPS, TABLE, Pair
from reports.presenters.overview import Tile as Measure
from reports.presenters.profile import Tile
from reports.presenters.small_map import SmallMap, small_map
from reports.presenters.ward_table import row_of, ward_table
from reports.queries import Figure, Place
from reports.shapes import Drawing, Shape
from reports.words import change, day_name, month_list, month_name, percent, plural, thousands

MONTH = date(2026, 3, 1)
NAMES = ("Ash Hill", "Birch Lane", "Cedar Park", "Dogwood and the Long Meadow", "Elm Green", "Fern Rise", "Gorse")
SAMPLES = tuple(12 + (index * 7) % 11 + index // 6 for index in range(36))
UNKNOWN, PARTIAL, CONVERTED, BROKEN = 14, 35, 9, 20
CATEGORIES = [("", "All crime"), ("burglary", "Burglary"), ("wrong", "One that does not exist")]
CONTENTS = [
    ("type", "Type"),
    ("spacing", "Spacing"),
    ("colours", "Colours"),
    ("filters", "Filter forms"),
    ("charts", "Charts"),
    ("maps", "Maps"),
    ("tiles", "Tiles and cards"),
    ("tables", "Tables"),
    ("numbers", "Numbers, months and words"),
    ("forms", "Forms"),
    ("states", "Empty, done, wrong"),
]


class ExampleForm(forms.Form):
    """Fields of every kind in use. Sent empty, it shows its errors."""

    name = forms.CharField(label="Name", help_text="As your partners will read it.")
    borough = forms.ChoiceField(label="Borough", choices=[("", "Choose one"), ("a", "Made-up borough")])
    kind = forms.ChoiceField(
        label="For whom", choices=[("me", "Only me"), ("us", "My agency")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    sure = forms.BooleanField(label="I have checked it")


class StyleForm(forms.Form):
    """The style page's own address: it refreshes itself as every filter form does."""

    category = forms.ChoiceField(
        required=False,
        choices=CATEGORIES,
    )

    def clean_category(self) -> str:
        """One choice does not work, to show what happens then."""
        if self.cleaned_data["category"] == "wrong":
            raise forms.ValidationError("There is no such category. Choose another one.")
        return str(self.cleaned_data["category"])


@dataclass(frozen=True, slots=True)
class Swatch:
    """A pair of colours and its measured contrast."""

    pair: Pair
    contrast: str


def points() -> list[Point]:
    """36 made-up months: an unknown one, one in part, some converted, over the year before."""
    months = [back(MONTH, 35 - index) for index in range(36)]
    return [
        Point(
            month,
            None if index == UNKNOWN else 3 if index == PARTIAL else SAMPLES[index],
            SAMPLES[index - 12] if index >= 12 else None,
            partial=index == PARTIAL,
            converted=index <= CONVERTED,
        )
        for index, month in enumerate(months)
    ]


def chart_card(key: str, chart: SafeString, title: str, line: str) -> dict[str, Any]:
    """What components/chart_with_table.html shows."""
    table = tables.months(points(), [sum(SAMPLES[:12]), None, None], caption=title)
    return {"key": key, "title": title, "line": line, "chart": chart, "table": table, "href": ""}


def traces(names: int) -> list[Trace]:
    """Made-up lines over 24 months."""
    return [
        Trace(
            NAMES[index % len(NAMES)] + (" (old)" if index >= len(NAMES) else ""),
            [None if step == 8 and index == 1 else 8.0 + 6 * index + (step * (index + 2)) % 7 for step in range(24)],
            [step == 23 and index == 2 for step in range(24)],
            [step < 4 and index == 0 for step in range(24)],
        )
        for index in range(names)
    ]


def drawings() -> list[tuple[str, str, SafeString]]:
    """(name, what to notice, drawing) of every kind of chart."""
    months = [back(MONTH, 23 - step) for step in range(24)]
    eight = traces(8)
    shown = frame(months, eight, lambda value: f"{value:,.0f}", whole=True)
    year, few = months[12:], [Trace(t.name, t.values[12:], t.partial[12:], t.converted[12:]) for t in traces(4)]
    return [
        (
            "Lines",
            "Told apart by colour, marker and the name at the end; the first eight, the rest is grey.",
            lines(shown, eight, key="s-lines", title="Eight made-up wards", description="Made-up lines."),
        ),
        (
            "Bars",
            "From zero; figures beside them; unknown is said and has no length.",
            bars(
                [Bar("Ash Hill", 12, "12"), Bar("Birch Lane", -5, "−5"), Bar("Cedar Park", None, "not known")],
                key="s-bars",
                title="Made-up changes",
                description="12, −5, not known.",
            ),
        ),
        (
            "Shares",
            "Of a sum that is named; “under 1%” for little, “0%” only for nothing.",
            charts.shares([("Still open", 310), ("Charged", 31), ("Other", 1)], key="s-shares", title="Made up"),
        ),
        (
            "Years",
            "The years over each other, the newest strong.",
            charts.years(points()[9:], key="s-years", title="Three made-up years"),
        ),
        (
            "Table of shades",
            "The figure is in each cell; the shade only helps the eye.",
            heat(year, few, lambda value: f"{value:,.0f}", key="s-heat", title="Made up", description="Made up."),
        ),
    ]


def map_with_key() -> SmallMap | None:
    """A map of seven squares and an unknown one."""
    values = [3, 8, 8, 14, 21, 40, 55, None]
    shapes = {}
    for index in range(len(values)):
        x, y = 100 * (index % 4), 100 * (index // 4)
        shapes[index] = Shape(f"M{x} {y}h100v100h-100Z", x + 50, y + 50, 50)
    regions = [
        maps.Region(index, (*NAMES, "Hazel")[index], "#maps", value, thousands(value), partial=index == 4)
        for index, value in enumerate(values)
    ]
    return small_map(
        Drawing(400, 200, 0, 0, 1, shapes, "M0 0h400v200h-400Z"),
        regions,
        heading="Made up",
        title="A made-up map",
        description="Eight squares; one is not known, one was reported in part.",
    )


def wards() -> Any:
    """The wards' table: a usual ward, one without a crime, one that is unknown, one in part, one converted."""
    usual = MonthlySummary.Coverage.COMPLETE
    rows = []
    for index, (count, before, coverage) in enumerate(
        [
            (1234, 1301, usual),
            (0, 3, usual),
            (None, 41, MonthlySummary.Coverage.MISSING),
            (17, 40, MonthlySummary.Coverage.PARTIAL),
        ]
    ):
        figures = {
            back(MONTH, step): Figure(back(MONTH, step), 20 + (step * 5) % 9, None, 22, 240, 2.5, usual, False)
            for step in range(1, 13)
        }
        rate = None if count is None else count / 10.3
        figures[MONTH] = Figure(MONTH, count, None, before, None if count is None else 260, rate, coverage, index == 1)
        place = Place(index, "ward", f"X{index}", NAMES[index], None, None)
        rows.append(row_of(place, figures, MONTH, "#tables"))
    whole = row_of(Place(9, "borough", "X9", "a made-up borough", None, None), rows[0].figures, MONTH, "#tables")
    return ward_table(rows, whole, MONTH, caption="Made-up wards", sort="name", address=lambda _: "#tables")


def numbers() -> list[tuple[str, str, str]]:
    """(what, as it is written, the rule), written by the code that writes them everywhere."""
    return [
        ("A count", thousands(1234), "Whole, with a comma."),
        ("Not known", thousands(None), "A dash; in sentences “not known”. Never 0, never empty."),
        ("A rate", "12.3 per 1,000 residents", "One decimal: more would be false precision."),
        ("A change", change(138, 120), "Direction in words; the percentage follows."),
        ("A change of few", change(6, 3), "No percentage on a base under 20."),
        ("No change", change(7, 7), ""),
        ("A change from or to what is not known", change(None, 7), ""),
        ("A small percentage", percent(10_002, 10_000), ""),
        ("One and many", f"{plural(1, 'theft')}, {plural(24, 'theft')}", ""),
        ("A month", month_name(MONTH), "In tables Mar 2026; in addresses 2026-03."),
        ("Months", month_list([back(MONTH, 3), back(MONTH, 2), MONTH]), "Runs are shortened."),
        ("A day", day_name(date(2026, 3, 4)), "Never 04/03/2026."),
    ]


def page(form: StyleForm) -> dict[str, Any]:
    """All that the template shows."""
    example = points()
    breaks = [Break(example[BROKEN].month, "A")]
    chosen = form.cleaned_data["category"]
    name = dict(CATEGORIES)[chosen]
    bad = ExampleForm({})
    bad.is_valid()
    return {
        "contents": CONTENTS,
        "chosen": chosen,
        "category_options": CATEGORIES,
        "spacings": [(step, size) for step, size in enumerate((0, 5, 10, 15, 20, 25, 30, 40, 50, 60))][1:],
        "swatches": [
            (title, [Swatch(pair, f"{pair.contrast:.1f}") for pair in pairs])
            for title, pairs in (
                ("Frame", FRAME),
                ("Charts", CHARTS),
                ("Figures on the shades of maps", MAP),
                ("Figures on the shades of tables", TABLE),
            )
        ],
        "deficiencies": list(DEFICIENCIES),
        "ramps": [
            (ramp, [f"{ramp.difference(sight):.1f}" for sight in ("", *DEFICIENCIES)], _squares(ramp.colours))
            for ramp in RAMPS
        ],
        "large": chart_card(
            "s-large",
            charts.series(example, key="s-large", title=f"{name}, made up", breaks=breaks, size=LARGE),
            f"{name} by month",
            "Large, its table beside it.",
        ),
        "small": chart_card(
            "s-small", charts.series(example, key="s-small", title="Small, made up"), "Small", "Its table folded away."
        ),
        "drawings": drawings(),
        "measures": [
            Measure(
                "All crime",
                "#tiles",
                False,
                "1,234",
                False,
                direction(-67),
                "67 fewer (5%)",
                "1,301",
                "14,902",
                direction(120),
                "120 more (1%)",
                charts.sparkline(example[-24:], title="Made up"),
            ),
            Measure(
                "Burglary",
                "#tiles",
                True,
                "17",
                True,
                direction(None),
                "not compared",
                "40",
                "–",
                direction(None),
                "",
                charts.sparkline(example[-24:], title="Made up"),
            ),
        ],
        "month_before": month_name(back(MONTH, 12)),
        "tiles": [
            Tile("March 2026", "1,234", "67 fewer (5%) than in March 2025.", "last-year"),
            Tile("12 months", "Not known", "One of the months was not reported.", "rolling-12"),
        ],
        "table": wards(),
        "map": map_with_key(),
        "numbers": numbers(),
        "tags": [("green", "Done"), ("blue", "Running"), ("red", "Failed"), ("grey", "Waiting")],
        "form": ExampleForm(initial={"kind": "me"}, auto_id="good_%s"),
        "bad": bad,
    }


def _squares(colours: Any) -> SafeString:
    """The colours side by side."""
    squares = "".join(
        format_html('<rect x="{}" width="24" height="24" fill="{}"/>', 26 * at, one) for at, one in enumerate(colours)
    )
    svg = '<svg width="{}" height="24" aria-hidden="true" focusable="false">{}</svg>'
    return format_html(svg, 26 * len(colours), SafeString(squares))
