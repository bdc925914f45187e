"""Forms of registers: rows of parts, whole days, areas, ways in, warnings and blocks, two people at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interventions.forms.form import RegisterForm
from interventions.models import (
    Attachment,
    CommunityProtection,
    Condition,
    CriminalBehaviourOrder,
    Intervention,
    Observation,
    Patrol,
    PublicSpacesOrder,
    RuleReason,
)
from interventions.registers import ALL
from interventions.registers.register import SHARED
from tests.factories import BoundaryFactory, make_place
from tests.interventions.conftest import at

Make = Callable[..., Intervention]
NEW = "/activity/new/criminal-behaviour-orders/"
SQUARE = "POLYGON ((0.1 51.5, 0.2 51.5, 0.2 51.6, 0.1 51.6, 0.1 51.5))"


def order(**said: Any) -> dict[str, Any]:
    """What a browser sends for a new Criminal Behaviour Order that was made, for three years."""
    return {
        "title": "Order of March",
        "stage": "made",
        "made_on": "2026-03-04",
        "starts_day": "2026-03-04",
        "ends_day": "2029-03-03",
        "age_band": "25-34",
        "wards": ["E05800308"],
        "strand": "pursue",
        "publicity": "undecided",
        "way": "none",
        "marking": "official",
        "audience": "agreements",
        **said,
    }


def rows(part: str, *given: dict[str, Any]) -> dict[str, Any]:
    """Rows of a part as a browser sends them."""
    found: dict[str, Any] = {f"{part}-rows": len(given)}
    for number, row in enumerate(given):
        found |= {f"{part}-{number}-here": "1"} | {f"{part}-{number}-{name}": value for name, value in row.items()}
    return found


def sent_back(client: Client, pk: int) -> dict[str, Any]:
    """What a browser would send from the form of a record, unchanged."""
    form: RegisterForm = client.get(f"/activity/{pk}/change/").context["form"]
    found = {name: form[name].value() for name in form.fields if name != "owner"}
    for part in form.rows:
        found |= {f"{part.part.name}-rows": part.count}
        for row in part.forms:
            found |= {f"{row.prefix}-here": "1"} | {row.add_prefix(name): row[name].value() for name in row.fields}
    return {name: value for name, value in found.items() if value not in (None, False)}


CONDITIONS = rows(
    "conditions",
    {"sort": "prohibition", "text": "Not to enter the market"},
    {"sort": "requirement", "text": "To see the drug service", "supervisor": "Turnstone"},
    {"sort": "prohibition", "text": "  "},
)


# --- What every register has -------------------------------------------------------------------------------------


def test_every_register_has_a_form_that_says_what_is_missing(clients: dict[str, Client]) -> None:
    """Nothing that is not found in the register, no field twice, and nothing breaks where nothing is sent."""
    for register in ALL:
        address = f"/activity/new/{register.slug}/"
        page = clients["owner"].get(address)
        named = [name for group in register.groups for name in group.fields]
        assert len(named) == len(set(named)), register.slug
        assert set(named) <= {*SHARED, *register.own_fields} - {"kind"}, register.slug
        assert not set(register.own_fields) & {*SHARED, "way", "shape", "pasted", "owner", "seen", "kind", "rows"}
        assert page.text.count("data-rows-add") == len(register.parts)
        assert page.context["form"].is_wrong is False
        answer = clients["owner"].post(address, {})
        assert answer.status_code == 422
        assert "Choose at least one ward." in answer.text, register.slug
    assert not Intervention.objects.exists()


def test_the_chooser_has_all_registers_and_keeps_the_way_in(clients: dict[str, Client], make_activity: Make) -> None:
    make_activity(kind="walk")
    page = clients["owner"].get("/activity/new/?hotspot=12").text
    assert all(f"/activity/new/{one.slug}/?hotspot=12" in page for one in ALL)
    assert page.index("/activity/new/walks/") < page.index("/activity/new/criminal-behaviour-orders/")
    assert clients["owner"].get("/activity/new/nothing/").status_code == 404


# --- Rows of parts -----------------------------------------------------------------------------------------------


def test_an_order_with_two_conditions(clients: dict[str, Client], world: SimpleNamespace) -> None:
    answer = clients["owner"].post(NEW, order(owner=world.owner.pk) | CONDITIONS)
    assert answer.status_code == 302, answer.context["summary"]
    record = CriminalBehaviourOrder.objects.get()
    assert (record.first_day, record.last_day) == (date(2026, 3, 4), date(2029, 3, 3))
    assert list(record.conditions.values_list("number", "text", "supervisor")) == [
        (1, "Not to enter the market", ""),
        (2, "To see the drug service", "Turnstone"),
    ]
    # Saved again unchanged, nothing is written.
    back = sent_back(clients["owner"], record.pk)
    assert clients["owner"].post(f"/activity/{record.pk}/change/", back).status_code == 302
    assert Intervention.objects.get().changed_at == record.changed_at
    # One is taken away, one is changed, one is new; the changed one stays the row that it was.
    first, second = record.conditions.all()
    gone = {name: value for name, value in back.items() if not name.startswith("conditions-0-")}
    new = {"conditions-rows": 3, "conditions-1-text": "To see Turnstone weekly", "conditions-2-here": "1"}
    new |= {"conditions-2-sort": "prohibition", "conditions-2-text": "Not to beg"}
    answer = clients["owner"].post(f"/activity/{record.pk}/change/", gone | new)
    assert answer.status_code == 302, answer.context["summary"]
    changed, added = record.conditions.values_list("pk", "number", "text")
    assert changed == (second.pk, 2, "To see Turnstone weekly")
    assert added[1:] == (3, "Not to beg")
    assert not Condition.objects.filter(pk=first.pk).exists()


def test_without_scripts_a_row_is_added_and_removed_and_nothing_saved(clients: dict[str, Client]) -> None:
    sent = order(title="", starts_day="soon") | rows("conditions", {"text": "Not to enter"}, {"text": "Not to beg"})
    page = clients["owner"].post(NEW, sent | {"rows": "add:conditions"})
    assert page.status_code == 200
    assert "Not to enter" in page.text
    assert 'name="conditions-2-here"' in page.text
    assert 'value="soon"' in page.text
    assert "There is a problem" not in page.text
    page = clients["owner"].post(NEW, sent | {"rows": "remove:conditions-0"})
    assert "Not to enter" not in page.text
    assert "Not to beg" in page.text
    assert not Intervention.objects.exists()


def test_what_is_wrong_with_a_row_is_said(clients: dict[str, Client], world: SimpleNamespace) -> None:
    numbered = {"sort": "prohibition", "text": "x", "number": "1"}
    wrong: dict[str, list[dict[str, Any]]] = {
        "Condition 1: From: enter a valid date.": [{"sort": "prohibition", "text": "x", "starts_on": "soon"}],
        "Condition 1: Sort: choose one of the list.": [{"sort": "odd", "text": "x"}],
        "Condition 1: Give this: What it says.": [{"sort": "requirement", "text": ""}],
        "Condition 2: Two have the number 1.": [numbered, numbered],
    }
    for sentence, given in wrong.items():
        answer = clients["owner"].post(NEW, order(owner=world.owner.pk) | rows("conditions", *given))
        assert answer.status_code == 422
        assert sentence in [text for _, text in answer.context["summary"]]
    assert not Intervention.objects.exists()


def test_hearings_are_moments_by_the_clocks_of_london(clients: dict[str, Client], world: SimpleNamespace) -> None:
    hearing = {"listed_day": "2026-10-25", "listed_time": "01:30", "court": "Romford"}
    answer = clients["owner"].post(NEW, order(owner=world.owner.pk) | CONDITIONS | rows("hearings", hearing))
    assert "01:30 comes twice" in answer.text
    hearing["listed_twice"] = "1"
    clients["owner"].post(NEW, order(owner=world.owner.pk) | CONDITIONS | rows("hearings", hearing))
    assert f"{CriminalBehaviourOrder.objects.get().hearings.get().listed:%H:%M}" == "01:30"


def test_rows_that_change_places_are_refused_with_a_sentence(
    clients: dict[str, Client], world: SimpleNamespace
) -> None:
    clients["owner"].post(NEW, order(owner=world.owner.pk) | CONDITIONS)
    record = CriminalBehaviourOrder.objects.get()
    swapped = {"conditions-0-number": 2, "conditions-1-number": 1}
    answer = clients["owner"].post(f"/activity/{record.pk}/change/", sent_back(clients["owner"], record.pk) | swapped)
    assert answer.status_code == 422
    assert "Each condition can stand here only once" in answer.text
    assert [one.number for one in record.conditions.order_by("pk")] == [1, 2]


# --- What rules say ----------------------------------------------------------------------------------------------


def test_a_block_stands_beside_its_field_with_its_source(clients: dict[str, Client], world: SimpleNamespace) -> None:
    answer = clients["owner"].post(NEW, order(owner=world.owner.pk, ends_day="2027-03-03") | CONDITIONS)
    assert answer.status_code == 422
    errors = answer.context["form"].errors["ends_day"]
    assert "Sentencing Act 2020" in errors[0]
    assert ("id_ends_day", errors[0]) in answer.context["summary"]
    # Nothing that was typed is lost.
    assert "To see the drug service" in answer.text


def test_a_warning_is_kept_with_a_reason(clients: dict[str, Client], world: SimpleNamespace) -> None:
    """An order without any condition is warned of; the box for the reason stays filled while other things are wrong."""
    sent = order(owner=world.owner.pk)
    answer = clients["owner"].post(NEW, sent)
    assert answer.status_code == 422
    (warned,) = answer.context["form"].warned
    box = f"reason-{warned.rule}"
    assert (box, warned.sentence) in answer.context["summary"]
    sent |= {box: "The court’s list is to follow", f"warned-{warned.rule}": warned.kept}
    again = clients["owner"].post(NEW, sent | {"starts_day": ""})
    assert "The court’s list is to follow" in again.text
    assert again.text.count(f'name="{box}"') == 1
    answer = clients["owner"].post(NEW, sent)
    assert answer.status_code == 302
    kept = RuleReason.objects.get()
    assert (kept.rule, kept.reason) == (warned.rule, "The court’s list is to follow")
    assert "The court’s list is to follow" in clients["owner"].get(f"/activity/{kept.record_id}/change/").text


# --- Where -------------------------------------------------------------------------------------------------------


def test_areas_by_wards_by_outline_and_kept(clients: dict[str, Client], world: SimpleNamespace) -> None:
    BoundaryFactory(area=world.ward, box_of=(0.1, 51.5, 0.2, 51.6))
    sent = order(owner=world.owner.pk, way="wards") | CONDITIONS
    assert clients["owner"].post(NEW, sent).status_code == 302
    record = CriminalBehaviourOrder.objects.get()
    assert (record.west, record.south, record.east, record.north) == (0.1, 51.5, 0.2, 51.6)
    back = sent_back(clients["owner"], record.pk)
    assert back["way"] == "keep"
    address = f"/activity/{record.pk}/change/"
    clients["owner"].post(address, back | {"title": "Another"})
    record.refresh_from_db()
    assert record.west == 0.1
    back = sent_back(clients["owner"], record.pk) | {"way": "paste"}
    clients["owner"].post(address, back | {"pasted": SQUARE.replace("51.6", "51.7")})
    record.refresh_from_db()
    assert record.north == 51.7
    for pasted, sentence in [("nonsense", "neither GeoJSON"), ("", "Paste the outline"), ("POINT (0 1)", "Point")]:
        answer = clients["owner"].post(address, back | {"pasted": pasted})
        assert answer.status_code == 422
        assert sentence in answer.text
    clients["owner"].post(address, sent_back(clients["owner"], record.pk) | {"way": "none"})
    record.refresh_from_db()
    assert record.zone is None


def test_an_area_of_what_has_no_boundary_is_refused(clients: dict[str, Client], world: SimpleNamespace) -> None:
    answer = clients["owner"].post(NEW, order(owner=world.owner.pk, way="wards") | CONDITIONS)
    assert "Not all of the wards have a boundary here." in answer.text
    answer = clients["owner"].post(NEW, order(owner=world.owner.pk, way="hotspots") | CONDITIONS)
    assert "No hotspots are chosen above." in answer.text
    assert not Intervention.objects.exists()


# --- Ways in -----------------------------------------------------------------------------------------------------


def test_a_notice_begins_with_its_warning(
    clients: dict[str, Client], make_activity: Make, world: SimpleNamespace
) -> None:
    warning = make_activity(kind="cpw", wards=[world.other], subject_ref="P-17", age_band="18-24")
    address = f"/activity/new/community-protection/?warning={warning.pk}"
    form = clients["owner"].get(address).context["form"]
    begun = {name: form[name].value() for name in ("kind", "warning", "subject_ref", "age_band", "wards", "place")}
    assert begun == {
        "kind": "cpn",
        "warning": warning.pk,
        "subject_ref": "P-17",
        "age_band": "18-24",
        "wards": ["E05800311"],
        "place": "Behind the Kestrel Arms",
    }
    # What the reader does not see begins nothing, and is not among the choices.
    stranger = clients["stranger"].get(address).context["form"]
    assert stranger["warning"].value() is None
    assert "Evening patrol" not in clients["stranger"].get(address).text


def test_odd_ways_in_are_passed_over(clients: dict[str, Client]) -> None:
    for query in ("hotspot=0", "day=x", "order=9" + "9" * 30, "date=2026-13-01", "kind=cbo", "warning="):
        for slug in ("community-protection", "pspo-actions"):
            assert clients["owner"].get(f"/activity/new/{slug}/?{query}").status_code == 200


def test_a_linked_record_that_is_no_longer_shared_stays_and_is_not_named(
    clients: dict[str, Client], make_activity: Make, world: SimpleNamespace
) -> None:
    theirs = make_activity(
        kind="cpw", owner=world.stranger, title="Kingfisher warning", audience="agency", starts=at("2025-01-06 09:00")
    )
    notice = make_activity(kind="cpn", warning=theirs)
    notice.conditions.create(number=1, text="To clear the yard")
    page = clients["owner"].get(f"/activity/{notice.pk}/change/")
    assert "Kingfisher" not in page.text
    back = sent_back(clients["owner"], notice.pk)
    assert back["warning"] == theirs.pk
    changed = {"title": "Notice", "starts_day": "2025-03-04", "ends_day": "2025-09-03", "age_band": "18-24"}
    changed["informed"] = "Environment Agency"
    answer = clients["owner"].post(f"/activity/{notice.pk}/change/", back | changed)
    after = CommunityProtection.objects.get(pk=notice.pk)
    assert answer.status_code == 302, answer.context["summary"]
    assert (after.title, after.warning_id) == ("Notice", theirs.pk)


# --- Two at once, many at once -----------------------------------------------------------------------------------


def test_whoever_saves_second_sees_what_the_other_said(clients: dict[str, Client], make_activity: Make) -> None:
    record = make_activity(kind="cbo", starts=timezone.now() - timedelta(days=9), title="First")
    address = f"/activity/{record.pk}/change/"
    back = sent_back(clients["owner"], record.pk)
    CriminalBehaviourOrder.objects.filter(pk=record.pk).update(court="Snaresbrook", changed_at=timezone.now())
    answer = clients["owner"].post(address, back | {"title": "Mine"} | CONDITIONS)
    assert answer.status_code == 422
    assert ("Court", "Snaresbrook") in answer.context["theirs"]
    assert ("What, in one line", "First") in answer.context["theirs"]
    assert 'value="Mine"' in answer.text
    assert "To see the drug service" in answer.text


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_as_many_queries_for_twenty_rows_as_for_two(clients: dict[str, Client], make_activity: Make) -> None:
    patrol = make_activity(kind="patrol")
    stints = Patrol.objects.get(pk=patrol.pk).stints
    made = {"starts": patrol.starts, "minutes": 30, "agency_id": patrol.owner_id}
    for _ in range(2):
        stints.create(**made)
    address = f"/activity/{patrol.pk}/change/"
    count(clients["owner"], address)
    few = count(clients["owner"], address)
    for _ in range(18):
        stints.create(**made)
    assert count(clients["owner"], address) == few


def test_many_orders_to_choose_from_take_no_more_queries(clients: dict[str, Client], make_activity: Make) -> None:
    def orders(number: int) -> None:
        for one in range(number):
            row = make_activity(kind="pspo", title=f"Order {one}")
            Condition.objects.create(record=row, number=1, text="Not to drink")

    address = "/activity/new/pspo-actions/"
    orders(2)
    count(clients["owner"], address)
    few = count(clients["owner"], address)
    orders(18)
    assert count(clients["owner"], address) == few
    assert PublicSpacesOrder.objects.count() == 20


def test_wards_follow_from_the_hotspots(world: SimpleNamespace, clients: dict[str, Client]) -> None:
    BoundaryFactory(area=world.ward, box_of=(0.1, 51.5, 0.2, 51.6))
    place = make_place(world.owner, box_of=(0.12, 51.52, 0.125, 51.525))
    sent = {
        "owner": world.owner.pk,
        "title": "Patrol of the shops",
        "strand": "protect",
        "status": "planned",
        "starts_day": "2026-12-04",
        "starts_time": "19:00",
        "ends_time": "21:00",
        "hotspots": [str(place.pk)],
        "marking": "official",
        "audience": "agreements",
    }
    form = clients["owner"].get(f"/activity/new/patrols/?hotspot={place.pk}").context["form"]
    assert (form["hotspots"].value(), form["wards"].value()) == ([str(place.pk)], ["E05800308"])
    assert clients["owner"].post("/activity/new/patrols/", sent).status_code == 302
    record = Patrol.objects.get()
    assert [ward.code for ward in record.wards.all()] == ["E05800308"]
    assert [one.pk for one in record.hotspots.all()] == [place.pk]
    # Of another agency's it is none to choose.
    assert clients["stranger"].get(f"/activity/new/patrols/?hotspot={place.pk}").context["form"].places == {}


def test_a_photo_of_the_walk_can_be_chosen_for_what_it_shows(clients: dict[str, Client], make_activity: Make) -> None:
    walk = make_activity(kind="walk", light="day")
    seen = rows("observations", {"category": "lighting", "severity": "3", "text": "The lamp is broken"})
    address = f"/activity/{walk.pk}/change/"
    assert "observations-0-photo" not in clients["owner"].get(address).text
    back = {name: value for name, value in sent_back(clients["owner"], walk.pk).items() if "observations" not in name}
    assert clients["owner"].post(address, back | seen).status_code == 302
    photo, other = (Attachment.objects.create(record=one, title=f"Photo {one.pk}") for one in (walk, make_activity()))
    page = clients["owner"].get(address).text
    assert photo.title in page
    assert other.title not in page
    back = sent_back(clients["owner"], walk.pk)
    answer = clients["owner"].post(address, back | {"observations-0-photo": other.pk})
    assert "Observation 1: Photo: choose one of the list." in answer.text
    assert clients["owner"].post(address, back | {"observations-0-photo": photo.pk}).status_code == 302
    assert Observation.objects.get().photo == photo
