"""The rules one by one, and what code may not do with rows that are one reader's."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Upper

from interventions.models import Intervention
from partners.models import Agency, BreakGlass, Record, User, record_types
from partners.roles import Permission, Role
from partners.visibility import Viewer
from tests.partners.sharing import AREAS, DAY, HOUR, NOON, agency, agreement, api_key, intervention, join, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def at_noon() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def owner() -> Agency:
    return agency("Havering Council")


@pytest.fixture
def partner() -> Agency:
    return agency("Havering SNT", kind="police-snt")


@pytest.fixture
def sergeant(partner: Agency) -> User:
    return person(partner, "manager")


@pytest.fixture
def record(owner: Agency, partner: Agency) -> Intervention:
    """Shared with the partner without its contact."""
    agreement(owner, partner, withheld_fields=["intervention.contact"])
    return intervention(owner, contact="Anna on 020 7946 0000", people_reached=12)


def rows(viewer: Viewer) -> Any:
    return Intervention.objects.visible_to(viewer)


def test_a_partner_sees_the_row_without_what_is_withheld(record: Intervention, sergeant: User) -> None:
    seen = rows(Viewer.of_user(sergeant)).get()
    assert (seen.contact, seen.details, seen.withheld) == (None, record.details, {"contact"})


def test_a_stranger_sees_nothing(record: Intervention) -> None:
    assert not rows(Viewer.of_user(person(agency(), "manager"))).exists()


@pytest.mark.parametrize(
    "misuse",
    [
        lambda found: found.filter(contact__icontains="anna"),
        lambda found: found.exclude(contact=None),
        lambda found: found.filter(Q(title="x") | Q(contact__startswith="A")),
        lambda found: found.filter(people_reached__gt=11),
        lambda found: found.order_by("contact")[0],
        lambda found: found.order_by(F("people_reached").desc())[0],
        lambda found: found.earliest("people_reached"),
        lambda found: list(found.distinct("contact")),
        lambda found: list(found.values()),
        lambda found: list(found.values("contact")),
        lambda found: list(found.values(x=F("contact"))),
        lambda found: list(found.values_list("pk", "contact")),
        lambda found: list(found.values_list(Upper("contact"))),
        lambda found: found.annotate(x=F("contact"))[0],
        lambda found: found.alias(x=F("contact")).filter(x="Anna"),
        lambda found: found.aggregate(Sum("people_reached")),
        lambda found: found.aggregate(x=Max("contact")),
        lambda found: found.aggregate(x=Count("pk", filter=Q(contact__icontains="anna"))),
        lambda found: found.annotate(x=Subquery(Intervention.objects.filter(contact=OuterRef("contact")).values("pk"))),
        lambda found: found.filter(wards__interventions__title="x"),
        lambda found: list(found.values("wards__interventions__contact")),
        lambda found: found.update(contact=""),
        lambda found: found.delete(),
        lambda found: found.visible_to(Viewer(())),
        lambda found: found.changeable_by(Viewer(())),
        lambda found: found | Intervention.objects.all(),
        lambda found: Intervention.objects.all() | found,
        lambda found: Intervention.objects.all() & found,
        lambda found: found ^ Intervention.objects.all(),
        lambda found: found.union(Intervention.objects.all()),
        lambda found: Intervention.objects.all().union(found),
        lambda found: found.intersection(Intervention.objects.all()),
        lambda found: found.difference(Intervention.objects.none().all()),
        lambda found: found.get().save(),
        lambda found: found.get().delete(),
        lambda found: found.get().refresh_from_db(),
        lambda found: found.only("title").get().refresh_from_db(fields=["contact"]),
        lambda found: Intervention.objects.bulk_update([found.get()], ["title"]),
    ],
)
def test_what_is_withheld_cannot_be_asked_for(record: Intervention, sergeant: User, misuse: Any) -> None:
    with pytest.raises(TypeError):
        misuse(rows(Viewer.of_user(sergeant)))
    record.refresh_from_db()
    assert record.contact == "Anna on 020 7946 0000"


@pytest.mark.parametrize(
    "read",
    [
        lambda found: found.get(),
        lambda found: found.first(),
        lambda found: found.latest("starts"),
        lambda found: next(found.iterator(chunk_size=2)),
        lambda found: found.in_bulk()[found.get().pk],
        lambda found: found.only("title").get(),
        lambda found: found.defer("title", "contact").get(),
        lambda found: found.select_related("owner").prefetch_related("wards").get(),
        lambda found: found.filter(title__startswith="title").order_by("-starts")[:1][0],
        lambda found: found.annotate(number=Count("wards")).get(),
        lambda found: found.select_for_update(of=("self",)).get(),
    ],
)
def test_however_a_row_is_read_it_is_masked(record: Intervention, sergeant: User, read: Any) -> None:
    seen = read(rows(Viewer.of_user(sergeant)))
    assert (seen.contact, seen.details, seen.withheld) == (None, record.details, {"contact"})


def test_rows_are_counted_and_read_as_values_of_what_is_never_withheld(record: Intervention, sergeant: User) -> None:
    found = rows(Viewer.of_user(sergeant))
    assert found.count() == 1
    assert list(found.values_list("title", "owner__name")) == [(record.title, "Havering Council")]
    assert found.values("kind").annotate(number=Count("pk")).get() == {"kind": "patrol", "number": 1}
    assert Intervention.objects.filter(pk__in=found).get() == record


def test_search_looks_at_what_is_shown(record: Intervention, sergeant: User, owner: Agency) -> None:
    own, partner = Viewer.of_user(person(owner)), Viewer.of_user(sergeant)
    assert rows(own).matching("ANNA").get() == record
    assert rows(own).matching(f"anna {record.details}").get() == record
    assert not rows(partner).matching("anna").exists()
    assert not rows(partner).matching(f"anna {record.details}").exists()
    assert rows(partner).matching(f"{record.title} {record.place}").get() == record
    assert rows(partner).matching(" \0 ").get() == record
    assert not rows(partner).matching("100%").exists()
    with pytest.raises(TypeError):
        Intervention.objects.matching("anna")


def test_what_one_role_sees_adds_nothing_to_another(owner: Agency, partner: Agency) -> None:
    """An analyst of two agencies, in one everywhere up to OFFICIAL, in the other of one ward."""
    user = person(owner, "viewer")
    join(user, partner, "analyst", [AREAS[0]])
    sensitive = {"marking": "official-sensitive"}
    intervention(owner, **sensitive)
    intervention(partner, area_codes=[AREAS[1]])
    seen = {intervention(owner, area_codes=[AREAS[1]]), intervention(partner, **sensitive)}
    assert set(rows(Viewer.of_user(user))) == seen


def test_an_agreement_with_the_whole_holds_for_its_parts_and_of_its_parts(owner: Agency, partner: Agency) -> None:
    team = agency("Romford Town SNT", part_of=partner)
    service = agency("Rough sleeping", part_of=owner)
    agreement(owner, partner)
    shared = intervention(service)
    for one in (partner, team):
        assert rows(Viewer.of_user(person(one))).get() == shared
    assert not rows(Viewer.of_user(person(agency()))).exists()


def test_a_part_does_not_see_its_whole(owner: Agency) -> None:
    service = agency(part_of=owner)
    intervention(owner)
    below = intervention(service)
    assert list(rows(Viewer.of_user(person(service)))) == [below]
    assert rows(Viewer.of_user(person(owner))).count() == 2


def test_the_covert_are_the_teams_alone(owner: Agency, partner: Agency) -> None:
    cid = agency(part_of=owner)
    agreement(owner, partner, highest_marking="official-sensitive")
    warrant = intervention(cid, audience="team", kind="warrant")
    assert rows(Viewer.of_user(person(cid, "viewer"))).get() == warrant
    for one in (owner, partner):
        assert not rows(Viewer.of_user(person(one, "manager"))).exists()
        assert not rows(Viewer.of_key(api_key(one, ["records", "records-sensitive"]))).exists()


def test_what_an_agency_shared_stops_when_it_leaves(record: Intervention, owner: Agency, sergeant: User) -> None:
    council, manager = Viewer.of_user(sergeant), person(owner, "manager")
    assert rows(council).exists()
    Agency.objects.filter(pk=owner.pk).update(left_at=NOON)
    assert not rows(Viewer.of_user(sergeant)).exists()
    assert not rows(Viewer.of_user(manager)).exists()


def test_a_part_that_left_shares_nothing_through_its_whole(owner: Agency, partner: Agency, sergeant: User) -> None:
    gone = agency(part_of=owner, left_at=NOON - DAY)
    agreement(owner, partner)
    intervention(gone)
    assert not rows(Viewer.of_user(sergeant)).exists()
    assert rows(Viewer.of_user(person(owner))).exists(), "the whole keeps what its part left behind"


def test_a_key_ends_with_its_time_its_revocation_and_its_agency(record: Intervention, partner: Agency) -> None:
    key = api_key(partner)
    assert rows(Viewer.of_key(key)).exists()
    key.expires = NOON
    assert not rows(Viewer.of_key(key)).exists()
    key.expires, key.revoked_at = NOON + DAY, NOON
    assert not rows(Viewer.of_key(key)).exists()
    key.revoked_at, key.agency.left_at = None, NOON
    assert not rows(Viewer.of_key(key)).exists()


@pytest.mark.parametrize("scopes", [[], ["figures"], ["public"], ["records-write"]])
def test_keys_without_the_scope_read_no_records(partner: Agency, scopes: list[str]) -> None:
    intervention(partner)
    viewer = Viewer.of_key(api_key(partner, scopes))
    assert not rows(viewer).exists()
    assert not Intervention.objects.changeable_by(viewer).exists()


def broken(record: Record, by: User) -> BreakGlass:
    return BreakGlass.objects.create(
        record_type=record.TYPE,
        record_id=record.pk,
        owner=record.owner,
        reason="A child is missing",
        opened_by=by,
        expires=NOON + HOUR,
    )


def test_broken_glass_shows_what_is_withheld_of_that_record_until_it_is_over(
    record: Intervention, sergeant: User, at_noon: Any
) -> None:
    other = intervention(record.owner)
    broken(record, sergeant)
    found = rows(Viewer.of_user(sergeant)).in_bulk()
    assert (found[record.pk].contact, found[other.pk].contact) == (record.contact, None)
    assert rows(Viewer.of_user(sergeant)).matching("anna").get() == record
    at_noon.move_to(NOON + HOUR)
    assert rows(Viewer.of_user(sergeant)).get(pk=record.pk).contact is None


def test_broken_glass_is_the_managers_own(record: Intervention, partner: Agency, sergeant: User) -> None:
    broken(record, sergeant)
    colleague = person(partner, "manager")
    assert rows(Viewer.of_user(sergeant)).get().contact == record.contact
    assert rows(Viewer.of_user(colleague)).get().contact is None


def test_broken_glass_shows_no_record_that_no_agreement_gives(owner: Agency, partner: Agency, sergeant: User) -> None:
    agreement(owner, partner)
    for fields in ({"audience": "team"}, {"audience": "agency"}, {"marking": "official-sensitive"}):
        broken(intervention(owner, **fields), sergeant)
    broken(intervention(agency()), sergeant)
    assert not rows(Viewer.of_user(sergeant)).exists()


def test_broken_glass_ends_with_the_role_and_the_agreement(record: Intervention, sergeant: User) -> None:
    broken(record, sergeant)
    sergeant.memberships.update(role="analyst")
    assert rows(Viewer.of_user(sergeant)).get().contact is None
    sergeant.memberships.update(role="manager")
    assert rows(Viewer.of_user(sergeant)).get().contact == record.contact
    record.owner.agreement_parties.get().agreement.parties.all().delete()
    assert not rows(Viewer.of_user(sergeant)).exists()


def test_a_manager_elsewhere_opens_nothing_for_the_agency_where_one_is_a_viewer(
    record: Intervention, partner: Agency
) -> None:
    user = person(partner, "viewer")
    join(user, agency(), "manager")
    broken(record, user)
    assert rows(Viewer.of_user(user)).get().contact is None


def test_nothing_is_allowed_but_reading_while_looking_as_somebody(owner: Agency, partner: Agency) -> None:
    manager = person(owner, "manager")
    viewer = Viewer.of_user(manager, looking_as=Viewer.of_agency(partner, Role.MANAGER))
    intervention(owner)
    assert not rows(viewer).exists()
    assert not Intervention.objects.changeable_by(viewer).exists()
    left = {one for one in Permission if viewer.may(one) or viewer.agencies(one) or viewer.agencies_with_parts(one)}
    assert left == {Permission.SEE, Permission.SEE_SENSITIVE, Permission.LOOK_AS}


def test_questions_stay_few_however_many_agreements(
    owner: Agency, partner: Agency, sergeant: User, django_assert_num_queries: Any
) -> None:
    for number in (2, 20):
        for _ in range(number):
            agreement(owner, partner, withheld_fields=["intervention.contact"])
            intervention(owner)
        with django_assert_num_queries(5):
            assert len(rows(Viewer.of_user(sergeant))) >= number


# --- What the code does ---


def uses_of_records(tree: ast.AST) -> list[str]:
    """What modules do with the managers of records: "Intervention.objects.filter"."""
    names = {model.__name__ for model in record_types().values()}
    return [
        f"{node.value.value.id}.objects.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in ("objects", "_base_manager", "_default_manager")
        and isinstance(node.value.value, ast.Name)
        and node.value.value.id in names
    ]


# Modules that read records in another way, and why that is no leak.
OTHER_READERS = {
    "hotspots/teams/queries.py": "teams that are open to everyone; rows of agencies whose teams the reader keeps",
    "hotspots/teams/actions.py": "rows of the agency for which somebody may keep teams",
    "hotspots/register/boundaries.py": "rings near by, made anew whoever redraws: nothing of their hotspots is shown",
    "interventions/days/actions.py": "the day that somebody sees, locked while an answer or results are written",
    "interventions/days/chasing.py": "the server looks for days whose results are due; its mails name none",
    "interventions/law/further_order.py": "of which type an order was before somebody who may change it does",
    "interventions/phone/actions.py": "whether a report was sent before, by the number that its phone made up",
    "interventions/record/queries.py": "which hotspots a record that somebody sees is linked to: rows of pairs",
    "interventions/counts.py": "counts fit for publication, of which small numbers are suppressed",
}


def test_records_are_read_by_visible_to_and_changed_by_changeable_by() -> None:
    """Managers of records have no other use in the product, but adding rows, outside the modules that say why."""
    allowed = ("visible_to", "own_to", "changeable_by", "create", "none", "model")
    others = set()
    wrong = []
    for app in ("partners", "hotspots", "interventions", "reports"):
        for path in sorted((ROOT / app).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            uses = uses_of_records(ast.parse(path.read_text()))
            found = [f"{name}: {use}" for use in uses if use.split(".")[-1] not in allowed]
            others |= {name} if found else set()
            wrong += found if name not in OTHER_READERS else []
    assert wrong == []
    assert others == set(OTHER_READERS)


def test_the_walker_sees_managers() -> None:
    assert uses_of_records(ast.parse("Intervention.objects.filter(pk=1)")) == ["Intervention.objects.filter"]


def test_many_agreements_are_one_question(partner: Agency, sergeant: User) -> None:
    def conditions() -> int:
        return str(rows(Viewer.of_user(sergeant)).query).count("audience")

    def agree(number: int) -> None:
        owner = agency()
        agreement(owner, partner, area_codes=[f"W{number}"], withheld_fields=["intervention.contact"])
        intervention(owner, area_codes=[f"W{number}"])
        intervention(owner, area_codes=[f"W{number + 1}"])

    for number in range(2):
        agree(number)
    few = conditions()
    for number in range(2, 20):
        agree(number)
    assert conditions() == few
    seen = list(rows(Viewer.of_user(sergeant)))
    assert sorted(int(one.area_codes[0][1:]) for one in seen) == list(range(20))
    assert {one.withheld for one in seen} == {frozenset({"contact"})}


def test_an_agreement_without_areas_gives_all_beside_one_with_areas(owner: Agency, partner: Agency) -> None:
    reader = Viewer.of_agency(partner, Role.MANAGER)
    there, elsewhere = intervention(owner, area_codes=["W1"]), intervention(owner, area_codes=["W2"])
    agreement(owner, partner, area_codes=["W1"])
    assert set(rows(reader)) == {there}
    for areas in ([], ["W1"]):  # the last adds nothing, and takes nothing away
        agreement(owner, partner, area_codes=areas)
        assert set(rows(Viewer.of_agency(partner, Role.MANAGER))) == {there, elsewhere}


def test_own_rows_are_those_of_the_role_in_the_very_agency(
    owner: Agency, partner: Agency, django_assert_num_queries: Any
) -> None:
    agreement(partner, owner)
    covert = intervention(owner, audience="team", area_codes=["W1"])
    sensitive = intervention(owner, marking="official-sensitive", area_codes=["W1"])
    plain, elsewhere = intervention(owner, area_codes=["W1"]), intervention(owner, area_codes=["W2"])
    intervention(partner)
    intervention(agency(part_of=owner))
    manager = person(owner, "manager")

    def own(user: User, **looking: Any) -> set[Intervention]:
        return set(Intervention.objects.own_to(Viewer.of_user(user, **looking)))

    with django_assert_num_queries(2):  # the roles, the rows
        assert own(manager) == {covert, sensitive, plain, elsewhere}
    assert own(person(owner, "viewer", ["W1"])) == {covert, plain}
    assert own(person(owner, "partnership")) == set()
    assert own(manager, looking_as=Viewer.of_agency(partner, Role.MANAGER)) == set()
