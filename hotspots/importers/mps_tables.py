"""The Metropolitan Police's ready-made tables of the London Datastore: recorded crime by ward or by borough, by month.

One row is a type of crime in one place, with a column for every month of the window. A later release revises months of
earlier ones. The force has changed its types several times; all of them are stored by today's names (`TYPES`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

import polars as pl

from hotspots import categories
from hotspots.importers import areas, reading
from hotspots.importers.base import FactTable, Head, Quality, Refused, SourceFile
from hotspots.models import Source

NAME = "Metropolitan Police table"
COLUMNS = ("MajorText", "MinorText", "LookUp_BoroughName")
PUBLISHER, PUBLISHER_NAME = "metropolitan", "Metropolitan Police Service"
NEW_SYSTEM = date(2024, 3, 1)
_ROLES = {
    "majortext": "major",
    "minortext": "minor",
    "wardcode": "code",
    "wardname": "ward",
    "lookupboroughname": "borough",
    "boroughname": "borough",
}
_MONTH = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])")
_TEXT = 50  # the tables cut names off after so many characters
# Not boroughs, but police units with a row of their own; a ward's total includes their rows.
_AIRPORTS = re.compile(r"aviation|airport", re.IGNORECASE)

# Today's type -> its names in the tables, old and new, by `_key`.
TYPES: dict[str, tuple[str, ...]] = {
    "arson": ("Arson",),
    "criminal-damage": ("Criminal Damage",),
    "burglary-business-and-community": ("Burglary Business and Community", "Burglary Non-Dwelling"),
    # Homes and their outbuildings together, until the new recording system.
    "domestic-burglary": ("Domestic Burglary", "Burglary in a Dwelling"),
    "residential-burglary-of-a-home": ("Res Burglary of a Home", "Burglary - Residential"),
    "residential-burglary-of-unconnected-building": ("Res Burglary of Unconnected Building",),
    "possession-of-drugs": ("Possession of Drugs",),
    "trafficking-of-drugs": ("Trafficking of Drugs", "Drug Trafficking"),
    "fraud-and-forgery-offences": ("Fraud and Forgery", "Historical Fraud and Forgery"),
    "nfib-fraud": ("NFIB",),
    "misc-crimes-against-society": (
        "Misc Crimes Against Society",
        "Absconding from Lawful Custody",
        "Aiding Suicide",
        "Bail Offences",
        "Bigamy",
        "Concealing an Infant Death Close to Birth",
        "Dangerous Driving",
        "Disclosure, Obstruction, False or Misleading State",
        "Exploitation of Prostitution",
        "Forgery or Use of Drug Prescription",
        "Fraud or Forgery Associated with Driver Records",
        "Going Equipped for Stealing",
        "Handling Stolen Goods",
        "Making, Supplying or Possessing Articles for use i",
        "Obscene Publications",
        "Offender Management Act",
        "Other Forgery",
        "Other Notifiable Offences",
        "Perjury",
        "Perverting Course of Justice",
        "Possession of False Documents",
        "Profitting From or Concealing Proceeds of Crime",
        "Soliciting for Prostitution",
        "Threat or Possession With Intent to Commit Crimina",
        "Wildlife Crime",
    ),
    "possession-of-weapons": (
        "Possession of Weapons",
        "Other Firearm Offences",
        "Other Knife Offences",
        "Possession of Article with Blade or Point",
        "Possession of Firearm with Intent",
        "Possession of Firearms Offences",
        "Possession of Other Weapon",
    ),
    "other-offences-public-order": (
        "Other Offences Public Order",
        "Other Offences Against the State, or Public Order",
    ),
    "public-fear-alarm-or-distress": ("Public Fear Alarm or Distress",),
    "race-or-religious-aggravated-public-fear": (
        "Race or Religious Agg Public Fear",
        "Racially or Religiously Aggravated Public Fear, Al",
    ),
    "violent-disorder": ("Violent Disorder",),
    "robbery-of-business-property": ("Robbery of Business Property",),
    "robbery-of-personal-property": ("Robbery of Personal Property",),
    "other-sexual-offences": ("Other Sexual Offences",),
    "rape": ("Rape",),
    "bicycle-theft": ("Bicycle Theft",),
    "other-theft": ("Other Theft",),
    "shoplifting": ("Shoplifting",),
    "theft-from-the-person": ("Theft from the Person", "Theft from Person"),
    "aggravated-vehicle-taking": ("Aggravated Vehicle Taking",),
    "interfering-with-a-motor-vehicle": ("Interfering with a Motor Vehicle",),
    "theft-from-a-vehicle": ("Theft from a Vehicle", "Theft from a Motor Vehicle"),
    "theft-or-taking-of-a-motor-vehicle": (
        "Theft or Unauth Taking of a Motor Veh",
        "Theft or Taking of a Motor Vehicle",
    ),
    "death-serious-injury-illegal-driving": ("Death Serious Injury Illegal Driving",),
    "homicide": ("Homicide",),
    "stalking-and-harassment": ("Stalking and Harassment",),
    "violence-with-injury": ("Violence with Injury",),
    # Holds stalking and harassment in tables that do not list it.
    "violence-without-injury": ("Violence without Injury",),
}


def _key(name: str) -> str:
    return reading.normal(name.strip()[:_TEXT])


_SLUGS = {_key(name): slug for slug, names in TYPES.items() for name in names}
# The first name of each is today's.
_OLD_NAMES = {_key(name) for names in TYPES.values() for name in names[1:]}


def _roles(header: Iterable[str]) -> dict[str, str]:
    """Role -> column name."""
    return {_ROLES[reading.normal(name)]: name for name in header if reading.normal(name) in _ROLES}


def recognises(head: Head) -> bool:
    """The text columns in any order and case, and a column for each month. Refuses a table without months."""
    if not {"major", "minor", "borough"} <= _roles(head.header).keys():
        return False
    if not any(map(_MONTH.fullmatch, head.header)):
        raise Refused("This Metropolitan Police table has no column for a month, such as 202311.")
    return True


def parse(file: SourceFile, quality: Quality) -> Iterator[FactTable]:
    """One table a month that has figures; `release` is the window's last month, `scope` its one borough, if so."""
    table = reading.table(file.content, quality)
    roles = _roles(table.columns)
    months = sorted(name for name in table.columns if _MONTH.fullmatch(name))
    rows = _checked(table, roles, months, quality)
    quality.rows_kept = rows.height
    if not rows.height:
        return
    _describe(rows, quality)
    empty = [month for month in months if not rows[month].sum()]
    if empty:
        quality.note(f"Nothing is counted in {', '.join(map(_label, empty))}: taken as not reported, not as zero.")
    slugs = set(rows["slug"].unique())
    boroughs = rows["borough"].unique()
    by_slug = categories.by_slug(categories.MPS)
    for month in months:
        if month in empty:
            continue
        frame = rows.select(
            pl.col("slug").replace_strict({slug: by_slug[slug].number for slug in slugs}, return_dtype=pl.UInt16),
            pl.col("code" if "code" in roles else "borough").alias("area"),
            "borough",
            pl.col(month).alias("count"),
        ).rename({"slug": "category"})
        yield FactTable(
            source=Source.MPS_WARD if "code" in roles else Source.MPS_BOROUGH,
            publisher=PUBLISHER,
            publisher_name=PUBLISHER_NAME,
            month=_first_day(month),
            frame=frame,
            rows_located=frame.height,
            scope=str(boroughs[0]) if len(boroughs) == 1 else "",
            release=_first_day(months[-1]),
            only_categories=tuple(slug for slug in TYPES if slug in slugs),
        )


def _checked(table: pl.DataFrame, roles: dict[str, str], months: list[str], quality: Quality) -> pl.DataFrame:
    """The good rows: the roles, `slug`, and the months' counts (null = blank). The others are rejected."""
    keys = pl.col("minor").map_elements(_key, return_dtype=pl.String)
    frame = table.select(
        reading.ROW,
        *(pl.col(name).str.strip_chars().alias(role) for role, name in roles.items()),
        *(pl.col(month).str.strip_chars() for month in months),
    ).with_columns(slug=keys.replace_strict(_SLUGS, default=None, return_dtype=pl.String))
    bad: dict[int, str] = {}
    counts = frame.select(reading.ROW, *(pl.col(month).cast(pl.Int32, strict=False) for month in months))
    for month in months:
        wrong = (counts[month].is_null() & frame[month].is_not_null() & (frame[month] != "")) | (counts[month] < 0)
        for row, cell in frame.filter(wrong.fill_null(value=False)).select(reading.ROW, month).iter_rows():
            bad.setdefault(row, f"{cell!r} in {month} is not a whole number")
    if "code" in roles:
        known = pl.col("code").str.contains(f"^(?:{areas.PATTERNS[areas.Kind.WARD].pattern})$").fill_null(value=False)
        for row, code in frame.filter(~known).select(reading.ROW, "code").iter_rows():
            bad.setdefault(row, f"{code!r} is not a ward code" if code else "has no ward code")
    for (row,) in frame.filter(pl.col("borough").is_null()).select(reading.ROW).iter_rows():
        bad.setdefault(row, "has no borough")
    for row, minor in frame.filter(pl.col("slug").is_null()).select(reading.ROW, "minor").iter_rows():
        bad.setdefault(row, f"{minor!r} is not a known type of crime" if minor else "has no type of crime")
    same = pl.struct([role for role in ("code", "borough", "major", "minor") if role in roles])
    for (row,) in frame.filter(~same.is_first_distinct()).select(reading.ROW).iter_rows():
        bad.setdefault(row, "repeats the type and place of a row above")
    for row in sorted(bad):
        quality.reject(row, bad[row])
    return (
        frame.drop(months)
        .join(counts, on=reading.ROW, maintain_order="left")
        .filter(~pl.col(reading.ROW).is_in([*bad]))
    )


def _describe(rows: pl.DataFrame, quality: Quality) -> None:
    """The quality page's numbers and notes."""
    by_slug = categories.by_slug(categories.MPS)
    for slug, number in rows["slug"].value_counts().iter_rows():
        quality.by_category[by_slug[slug].name] += number
    renamed: dict[str, list[str]] = {}
    for minor, slug in rows.select("minor", "slug").unique().sort("minor").iter_rows():
        today = by_slug[slug].name
        if _key(minor) in _OLD_NAMES and _key(minor) != _key(today):
            renamed.setdefault(today, []).append(minor)
    for today, names in sorted(renamed.items()):
        quality.note(f"Counted as {today}: {', '.join(names)}.")
    slugs = set(rows["slug"])
    if not all(by_slug[slug].in_totals for slug in slugs):
        quality.note("Fraud is stored, but does not count in totals of all crime.")
    if "stalking-and-harassment" not in slugs and "violence-without-injury" in slugs:
        quality.note("Violence without injury holds stalking and harassment, which this table does not list.")
    if unknown := [by_slug[slug].name for slug in TYPES if slug not in slugs]:
        quality.note(f"This table does not list, so these are unknown and not zero: {', '.join(unknown)}.")
    for borough in sorted(name for name in rows["borough"].unique() if _AIRPORTS.search(name)):
        where = "their wards" if "code" in rows.columns else "the force's total"
        quality.note(f"{borough} is no borough: its rows count in {where} only.")
    months = [_first_day(name) for name in rows.columns if _MONTH.fullmatch(name)]
    if min(months) < NEW_SYSTEM <= max(months):
        quality.note(
            "The Metropolitan Police moved to a new recording system between February and March 2024: figures before "
            "and after are not fully alike."
        )


def _first_day(month: str) -> date:
    return date(int(month[:4]), int(month[4:]), 1)


def _label(month: str) -> str:
    return f"{_first_day(month):%B %Y}"
