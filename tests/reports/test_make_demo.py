"""The demonstration data through the real importers: what was planted is found again in the product's own figures."""

from __future__ import annotations

import io
import json
import stat
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client
from django.utils import timezone

from demo import borough as places
from demo import crime, files, partnership, town
from hotspots import categories, coverage
from hotspots.calc.metres import circle
from hotspots.models import Area, DataVersion, Hotspot, ImportedFile, Publisher, Slice, Source, WardTeam
from hotspots.register.boundaries import in_force, shape_of
from interventions.models import AgreedAction, Intervention, PublicSpacesOrder
from partners.models import Agency, ApiKey, Invitation, Membership, Role, SharingAgreement, User
from partners.visibility import Viewer
from reports import finding, queries, saved
from reports.forms.find import usual
from reports.models import MonthlySummary
from tests.factories import BoroughFactory, BoundaryFactory, WardFactory
from tests.reports.rendered.reading import Element, Page

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def make_demo() -> str:
    out = io.StringIO()
    call_command("make_demo", stdout=out)
    return out.getvalue()


def counts(area: Area, category: str, scheme: str = categories.POLICE_UK) -> dict[date, int | None]:
    number = categories.by_slug(scheme)[category].number
    rows = MonthlySummary.objects.filter(area=area, category_id=number).order_by("month")
    return dict(rows.values_list("month", "count"))


def total(found: dict[date, int | None], since: date, until: date) -> int:
    return sum(count or 0 for month, count in found.items() if since <= month < until)


def ward(name: str) -> Area:
    """The ward of that name that is in force now."""
    return Area.objects.get(kind=Area.Kind.WARD, name=name, valid_to=None)


def test_the_demonstration(client: Client, settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    said = make_demo()

    # Every file is in a format that the importers know, and no row of them is odd.
    imported = ImportedFile.objects.all()
    assert {file.state for file in imported} == {ImportedFile.State.STORED}
    assert sum(file.rows_rejected for file in imported) == 0
    assert not any(file.quality["unknown_lsoas"] for file in imported)

    # Two ward sets, one after the other; next door one that never changed.
    wards = Area.objects.filter(kind=Area.Kind.WARD)
    assert wards.filter(valid_from=None, valid_to=crime.WARD_CHANGE).count() == 18
    assert wards.filter(valid_from=crime.WARD_CHANGE, valid_to=None).count() == 20
    assert wards.filter(valid_from=None, valid_to=None).count() == 6

    # An unknown force has the name that its files give it.
    assert set(Publisher.objects.values_list("name", flat=True)) == {
        "British Transport Police",
        "Metropolitan Police Service",
        "Synthetic Police Service",
        *files.PARTNERS.values(),
    }
    own = counts(ward("Gooshays"), "council-fly-tipping", categories.PARTNER)
    assert len(own) == 24
    assert None not in own.values()

    # The month without a report is unknown, the latest partial, and both sets tell the same borough.
    lines = {line.publisher.slug: line for line in coverage.coverage(Source.STREET).lines}
    months = coverage.coverage(Source.STREET).months
    states = {
        slug: [(month, cell.state) for month, cell in zip(months, line.cells, strict=True) if cell]
        for slug, line in lines.items()
    }
    unusual = {
        slug: [(month, state) for month, state in of if state != coverage.State.REPORTED] for slug, of in states.items()
    }
    assert unusual == {
        "synthetic": [
            (crime.MISSING_MONTH, coverage.State.MISSING),
            (crime.PARTIAL_MONTH, coverage.State.PARTIAL),
        ],
        "btp": [(crime.TRANSPORT_MISSING_MONTH, coverage.State.MISSING)],
    }
    borough, other = (Area.objects.get(code=plan.code) for plan in (places.MAIN, places.NEXT_DOOR))
    whole, beside = (counts(one, "all-crime-and-asb") for one in (borough, other))
    assert len(whole) == len(crime.MONTHS)
    assert [month for month, count in whole.items() if count is None] == [crime.MISSING_MONTH]
    located = Slice.objects.filter(source=Source.STREET, month=crime.MONTHS[0]).values_list("rows_located", flat=True)
    assert (whole[crime.MONTHS[0]] or 0) + (beside[crime.MONTHS[0]] or 0) == sum(located)
    for valid_from in (None, crime.WARD_CHANGE):
        of_set = [counts(one, "all-crime-and-asb") for one in wards.filter(valid_from=valid_from, parent=borough)]
        for month, count in whole.items():
            of_wards = [one[month] for one in of_set]
            assert count is None or sum(n or 0 for n in of_wards) == count

    # What was planted in the wards shows in the wards, although eleven months only are whole after the start.
    year_before, last = date(2024, 10, 1), crime.PARTIAL_MONTH
    fell = counts(ward("Gooshays"), "all-crime-and-asb")
    before = total(fell, year_before, date(2025, 9, 1))
    after = total(fell, crime.CLEAR, last)
    assert 0.6 < after / before < 0.85
    same = counts(ward("South Hornchurch"), "all-crime-and-asb")
    assert 0.9 < total(same, crime.CLEAR, last) / total(same, year_before, date(2025, 9, 1)) < 1.1
    possession = counts(ward(crime.POSSESSION_WARD), "drug-possession", categories.MPS)
    supply = counts(ward(crime.POSSESSION_WARD), "drug-supply", categories.MPS)
    rise = total(possession, crime.SEARCHES_RISE, date(2026, 10, 1))
    assert rise > 2 * total(possession, date(2025, 1, 1), date(2025, 10, 1))
    assert total(supply, crime.SEARCHES_RISE, date(2026, 10, 1)) < rise / 4

    # Saved views, each of which opens.
    analyst = User.objects.get(email="analyst@demo.example")
    client.force_login(analyst)
    views = saved.rows(Viewer.of_user(analyst))
    assert [view.name for view in views if not view.agency] == ["My map: where anti-social behaviour is"]
    assert [client.get(view.href).status_code for view in views] == [200, 200, 200]

    client.force_login(User.objects.get(email="analyst@demo.example"))
    the_pages_show_what_was_planted(client)
    the_search_finds_what_was_planted()
    the_year_of_the_town_centre_is_told(client)

    # Again: nothing changes, and nobody gets a new password.
    version = DataVersion.objects.get().number
    assert make_demo() == said
    assert DataVersion.objects.get().number == version
    assert Slice.objects.current().count() == Slice.objects.count()
    assert User.objects.count() == len(partnership.PEOPLE)
    assert saved.rows(Viewer.of_user(analyst)) == views
    sign_ins = tmp_path / "demo-sign-ins.txt"
    assert stat.S_IMODE(sign_ins.stat().st_mode) == 0o600
    assert "analyst@demo.example" in sign_ins.read_text()


def test_the_partnership(settings: LazySettings, tmp_path: Path) -> None:
    """A person of every role, an agreement in every state, and activity that each agency sees its own part of."""
    settings.VAR_DIR = tmp_path
    borough = BoroughFactory(code=places.MAIN.code)
    for name in places.NEW_WARDS:
        BoundaryFactory(area=WardFactory(parent=borough, name=name))
    lines = partnership.make()
    assert partnership.make() == []

    assert set(Membership.objects.current().values_list("role", flat=True)) == set(Role.values)
    assert Agency.objects.filter(part_of=None).count() >= 5
    assert all(user.full_name and user.email.endswith("@demo.example") for user in User.objects.all())
    assert [line.split()[0] for line in lines[:2]] == ["analyst@demo.example", "sergeant@demo.example"]
    email, password = lines[0].split()[:2]
    assert User.objects.get(email=email).check_password(password)

    now = timezone.now()
    states = SharingAgreement.objects.values_list("status", "valid_until")
    assert sorted((status, until > now) for status, until in states) == [
        ("in-force", False),
        *[("in-force", True)] * 4,
        ("proposed", True),
        ("suspended", True),
    ]

    # Everybody sees own and open work; agreements in force add to it, one of them in part.
    seen = {
        name: Intervention.objects.visible_to(Viewer.of_user(User.objects.get(email=f"{name}@demo.example")))
        for name in ("analyst", "sergeant", "detective", "transport", "pastor", "partnership")
    }
    assert 55 <= Intervention.objects.count() <= 80
    planned = Intervention.objects.filter(kind="warrant", status="planned").get()
    assert [name for name, rows in seen.items() if rows.filter(pk=planned.pk).exists()] == ["detective"]
    assert len(seen["partnership"]) == 0
    parts = {one.owner.kind: one.withheld for one in seen["pastor"].select_related("owner")}
    assert parts["drug-treatment"] == {"contact", "details"}
    assert parts["street-pastors"] == frozenset()
    owners = {one.owner.kind for one in seen["transport"].exclude(audience="everyone").select_related("owner")}
    assert owners == {"transport-police"}
    assert {"police-snt", "council-licensing"} <= {one.owner.kind for one in seen["analyst"].select_related("owner")}

    assert WardTeam.objects.filter(valid_to=None).count() == len(places.NEW_WARDS)
    assert WardTeam.objects.filter(officers_in_post__lt=F("officers_established")).exists()
    assert Membership.objects.get(user__email="two-wards@demo.example").area_codes != []
    assert Invitation.objects.filter(accepted_at=None, expires__gt=now).count() == len(partnership.INVITED)
    assert ApiKey.objects.count() == Agency.objects.filter(part_of=None).count()


def the_pages_show_what_was_planted(client: Client) -> None:
    """`demo/truths.json`, as a reader finds it on the pages."""
    truths = json.loads(files.TRUTHS.read_text())

    def table_of_types(name: str) -> dict[str, list[str]]:
        page = Page(client.get(f"/wards/{ward(name).code}/"))
        (types,) = [table for table in page.tables() if table.head[0] == "Type" and "before" in table.head[-1]]
        return {row[0]: row[1:] for row in types.rows}

    never = truths["never"]
    assert table_of_types(never["ward"])[never["category"]] == ["0", "0", "Same", "0", "0"]
    overview = Page(client.get("/")).text
    assert "British Transport Police missing for August 2026" in overview
    assert "Synthetic Police Service reported in part for September 2026" in overview
    (table,) = Page(client.get("/wards/?category=shoplifting&sort=-year")).tables()
    assert truths["shop_cluster"]["ward"] in [row[0] for row in table.rows[:2]]
    gooshays, _, station = truths["hotspots"]
    for spot, moved in ((gooshays, True), (station, False)):
        year, before = (int(cell.replace(",", "")) for cell in table_of_types(spot["ward"])["All crime"][3:])
        assert (year < 0.85 * before) == moved

    # The borough next door: a rise in one ward, wards like it over the boundary, a place in lists and on the map.
    beside = truths["next_door"]
    year, before = (
        int(cell.replace(",", "")) for cell in table_of_types(beside["rise"]["ward"])[beside["rise"]["category"]][3:]
    )
    assert year > 1.5 * before
    page = Page(client.get(f"/wards/{ward(beside['rise']['ward']).code}/"))
    (similar,) = [table for table in page.tables() if table.caption.endswith("similar wards")]
    assert any(places.MAIN.name in row[0] for row in similar.rows)
    assert {beside["name"], places.MAIN.name} <= {option.text() for option in page_of_options(client, "/wards/")}
    (everywhere,) = Page(client.get("/map/?borough=all")).tables()
    assert len(everywhere.rows) == 20 + beside["wards"]


def the_search_finds_what_was_planted() -> None:
    """The planted hotspots lead the LSOAs in the year before they were cleared."""
    truths = json.loads(files.TRUTHS.read_text())
    borough = queries.place(Area.Kind.BOROUGH, places.MAIN.code)
    assert borough
    found = finding.find(finding.Asked(borough, usual(), date(2025, 9, 1), 12))
    shapes = {pk: shape_of(row) for pk, row in in_force([spot.pk for spot in found.spots], crime.CLEAR).items()}
    ranks = {}
    for planted in truths["hotspots"]:
        around = circle(planted["longitude"], planted["latitude"], planted["radius_m"])
        # One lies across two LSOAs: a candidate holds a quarter of it at least.
        held = [spot for spot in found.spots if shapes[spot.pk].intersection(around).area >= around.area / 4]
        ranks[planted["name"]] = min(spot.rank for spot in held)
    assert sorted(ranks.values()) == [1, 2, 3], ranks
    assert found.spots[0].is_hot


def the_year_of_the_town_centre_is_told(client: Client) -> None:
    """A renewal that is due, orders, powers, visits and twelve days of action, as the analyst finds them."""
    place = Hotspot.objects.get(name=town.PLACE)
    told = Counter(place.interventions.values_list("kind", flat=True))
    assert told["day"] == 12
    assert told["pspo-action"] == 150
    assert min(told[kind] for kind in ("cbo", "dispersal", "direction", "licensing", "patrol", "meeting", "walk")) >= 2
    assert {"closure", "cpw", "cpn", "order", "plan", "year-plan", "referrals", "searches"} <= set(told)
    order = PublicSpacesOrder.objects.get()
    assert order.last_day
    assert 90 < (order.last_day - timezone.localdate()).days < 270
    late = order.renewal_steps.filter(done_on=None, due_on__lt=timezone.localdate())
    assert [one.step for one in late] == ["draft", "consult"]
    assert not order.conditions.get(number=5).uses.exists()
    page = Page(client.get(f"/hotspots/{place.pk}/")).text
    assert "In force now" in page
    pack = Page(client.get(f"/activity/{order.pk}/evidence/")).text
    assert "crimes were recorded inside the area" in pack
    assert "5. Ride a motor scooter" in pack
    assert AgreedAction.objects.filter(status="open", due_on__lt=timezone.localdate()).exists()


def page_of_options(client: Client, address: str) -> list[Element]:
    """The choices of all lists on a page."""
    return Page(client.get(address)).main.all("option")


def test_only_in_local_mode(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.LOCAL_MODE = tmp_path, False
    with pytest.raises(CommandError, match="local mode only"):
        make_demo()
    assert not User.objects.exists()


def test_files_alone(tmp_path: Path) -> None:
    call_command("make_demo", "--files-only", tmp_path, stdout=io.StringIO())
    assert {path.name for path in tmp_path.iterdir()} == {"areas", "police", "mps", "partners"}
    assert not ImportedFile.objects.exists()
    assert files.TRUTHS.exists()
