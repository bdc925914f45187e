"""Agencies and people from a file: what each row would do, all or nothing, and the same file twice changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners import people_import
from partners.actions.people_import import import_plan
from partners.models import Agency, AuditEvent, Invitation, Job, Membership, Role, User
from partners.people_import import ADDED, CHANGED, UNCHANGED, WRONG, Plan
from partners.visibility import Viewer
from tests.factories import BoroughFactory, WardFactory
from tests.partners.people import acting, agency, member, role_of

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
AGENCIES = """Agency,Kind,Part of,Areas
British Transport Police,British Transport Police,,
BTP Romford,other,british transport police,Gooshays; Harold Wood
Havering Council,council,,Havering
"""
PEOPLE = """E-mail;Agency;Role;Areas
sam@example.org;Havering Council;Analyst;
Kim@Example.org;havering council;snt-lead;"Gooshays; Harold Wood"
"""


@pytest.fixture
def council() -> Agency:
    borough = BoroughFactory(name="Havering", code="E09000016")
    for name in ("Gooshays", "Harold Wood"):
        WardFactory(name=name, parent=borough)
    return agency("Havering Council")


@pytest.fixture
def chief(council: Agency) -> Viewer:
    return acting(member(council, Role.PARTNERSHIP, "chief@example.org"))


def does(plan: Plan) -> list[str]:
    return [line.does for line in plan.lines]


def wrong(text: str, by: Viewer) -> dict[int, str]:
    """Row -> what is wrong with it."""
    return {line.number: line.says for line in people_import.plan(text, by).of(WRONG)}


def everything() -> list[Any]:
    """All rows that an import may write."""
    models = (Agency, Membership, Invitation, User, AuditEvent, Job)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_agencies_are_added_and_changed_and_then_left_alone(chief: Viewer, council: Agency) -> None:
    plan = people_import.plan(AGENCIES, chief)
    assert does(plan) == [ADDED, ADDED, CHANGED]
    assert [line.says for line in plan.lines] == [
        "British Transport Police, everywhere",
        "Other, part of British Transport Police, Gooshays, Harold Wood",
        "Council, everywhere → Council, Havering",
    ]
    assert import_plan(by=chief, plan=plan, site=SITE) is None
    btp = Agency.objects.get(name="BTP Romford")
    assert (str(btp.part_of), len(btp.area_codes)) == ("British Transport Police", 2)
    council.refresh_from_db()
    assert council.area_codes == ["E09000016"]
    assert does(people_import.plan(AGENCIES, chief)) == [UNCHANGED] * 3
    assert {"agency.created", "agency.changed", "people.imported"} <= set(
        AuditEvent.objects.values_list("action", flat=True)
    )


def test_people_are_invited_and_then_left_alone(chief: Viewer, council: Agency) -> None:
    sam = member(council, Role.ANALYST, "sam@example.org")
    plan = people_import.plan(PEOPLE, chief)
    assert does(plan) == [UNCHANGED, ADDED]
    assert plan.lines[1].says == "Invite: SNT lead in Havering Council, Gooshays, Harold Wood"
    job = import_plan(by=chief, plan=plan, site=SITE)
    assert job is not None
    made = Invitation.objects.get()
    assert job.arguments == {"invitations": [made.pk], "site": SITE}
    assert (made.email, made.role, len(made.area_codes)) == ("kim@example.org", Role.SNT_LEAD, 2)
    assert mail.outbox == []
    assert User.objects.count() == 2
    before = everything()
    again = people_import.plan(PEOPLE, chief)
    assert does(again) == [UNCHANGED, UNCHANGED]
    assert import_plan(by=chief, plan=again, site=SITE) is None
    assert everything() == before
    narrower = PEOPLE.replace("Analyst;", "Analyst;Gooshays")
    plan = people_import.plan(narrower, chief)
    assert (does(plan), plan.lines[0].says) == (
        [CHANGED, UNCHANGED],
        "everywhere → Analyst in Havering Council, Gooshays",
    )
    import_plan(by=chief, plan=plan, site=SITE)
    assert len(role_of(sam, council).area_codes) == 1
    without = "\n".join(";".join(line.split(";")[:3]) for line in PEOPLE.splitlines())
    assert does(people_import.plan(without, chief)) == [UNCHANGED, UNCHANGED]


def test_each_bad_row_is_named(chief: Viewer, council: Agency) -> None:
    User.objects.create_user("off@example.org", None, full_name="Off", is_active=False)
    text = (
        "email,agency,role,areas\n"
        "nobody,Havering Council,Analyst,\n"
        "a@example.org,Atlantis,Analyst,\n"
        "b@example.org,Havering Council,Emperor,\n"
        "c@example.org,Havering Council,Analyst,Atlantis\n"
        "d@example.org,Havering Council,Analyst,\n"
        "D@example.org,Havering Council,analyst,\n"
        "chief@example.org,Havering Council,Manager,\n"
        "off@example.org,Havering Council,Viewer,\n"
        "e@example.org,Havering Council,,\n"
        "f@example.org,Havering Council,Viewer,,surplus\n"
    )
    found = wrong(text, chief)
    assert found[2] == "E-mail: “nobody” is not an e-mail address."
    assert found[3] == "Agency: there is no agency “Atlantis”."
    assert found[4].startswith("Role: “Emperor” is not known. It is one of: Viewer, ")
    assert found[5].startswith("Areas: No borough or ward in force is called “Atlantis”.")
    assert found[7] == "Row 6 is about the same. Keep one of them."
    assert found[8] == "You cannot give yourself a role, or change your own. Ask another administrator."
    assert found[9] == "The account of this address is switched off."
    assert found[10].startswith("Role: the cell is empty.")
    assert "has 5 cells" in found[11]
    assert sorted(found) == [2, 3, 4, 5, 7, 8, 9, 10, 11]
    before = everything()
    with pytest.raises(ValueError, match=r"^Row 2: E-mail"):
        import_plan(by=chief, plan=people_import.plan(text, chief), site=SITE)
    assert everything() == before


def test_bad_rows_of_agencies(chief: Viewer, council: Agency) -> None:
    part = agency("Licensing", part_of=council)
    gone = agency("Gone")
    Agency.objects.filter(pk=gone.pk).update(left_at="2026-01-01T00:00Z")
    found = wrong(
        "Agency,Kind,Part of\n"
        "New,Spaceship,\n"
        ",Council,\n"
        "Below,Other,Above\n"
        "Above,Other,\n"
        "Gone,Other,\n"
        "Havering Council,Council,Licensing\n"
        "Licensing,Other,Licensing\n",
        chief,
    )
    assert found[2].startswith("Kind: “Spaceship” is not known")
    assert found[3] == "Agency: write a name of at most 150 characters."
    assert found[4] == "Part of: there is no agency “Above”. Put its own row above this one."
    assert found[6] == "Gone left the partnership. Take it back on its page first."
    assert found[7] == found[8] == "Part of: it would be a part of itself."
    assert part.part_of == council


def test_an_agency_administrator_brings_in_the_own_people_and_parts(council: Agency) -> None:
    other = agency("Housing Association")
    admin = member(council, Role.ADMINISTRATOR)
    by = acting(admin)
    plan = people_import.plan(
        "Agency,Kind,Part of\n"
        "Licensing,Council: licensing,Havering Council\n"
        "Noise,other,Licensing\n"
        "Havering Council,Police force,\n"
        "Mine,other,\n"
        "Theirs,other,Housing Association\n",
        by,
    )
    assert does(plan) == [ADDED, ADDED, WRONG, WRONG, WRONG]
    assert {line.says for line in plan.of(WRONG)} == {
        "You may only add and change parts of agencies that you administer."
    }
    import_plan(by=by, plan=Plan(plan.kind, plan.lines[:2], []), site=SITE)
    assert str(Agency.objects.get(name="Noise").part_of) == "Licensing"
    found = wrong(
        "email,agency,role\n"
        "a@example.org,Noise,Viewer\n"
        f"b@example.org,{other.name},Viewer\n"
        "c@example.org,Noise,Partnership administrator\n",
        acting(admin),
    )
    assert sorted(found) == [3, 4]
    assert found[3] == "Only an administrator of Housing Association or of the partnership can do that."


def test_all_or_nothing_where_something_changed_meanwhile(chief: Viewer, council: Agency) -> None:
    plan = people_import.plan(PEOPLE, chief)
    member(council, Role.SNT_LEAD, "kim@example.org")
    before = everything()
    with pytest.raises(ValueError, match=r"^Row 3: Kim is SNT lead in Havering Council already"):
        import_plan(by=chief, plan=plan, site=SITE)
    assert everything() == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"name,phone\nx,1\n", "The header has no column “Agency”"),
        (b"email,agency\nx,1\n", "The header has no column “Role”"),
        (b"Agency,Kind\n", "has no rows"),
        (b"Agency,Kind\n" + b"x,other\n" * 5001, "more than 5,000 rows"),
        (b"\x00\x01\x02", "not a CSV file"),
        (b"x" * 1_100_000, "larger than"),
    ],
)
def test_files_that_are_none_are_refused(content: bytes, sentence: str, chief: Viewer) -> None:
    client = client_of(chief)
    answer = client.post("/agencies/import/", {"file": SimpleUploadedFile("people.csv", content)})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_spreadsheets_encoding_is_read(encoding: str, chief: Viewer) -> None:
    content = "Agency,Kind\nCafé Zoë,'=other\n".replace("'=", "").encode(encoding)
    answer = client_of(chief).post("/agencies/import/", {"file": SimpleUploadedFile("agencies.csv", content)})
    assert answer.status_code == 200
    assert "Café Zoë" in answer.content.decode()


def client_of(who: Viewer) -> Client:
    client = Client()
    assert who.user is not None
    client.force_login(who.user)
    return client


def test_nothing_is_written_until_it_is_confirmed(
    chief: Viewer, council: Agency, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    client = client_of(chief)
    before = everything()
    answer = client.post("/agencies/import/", {"file": SimpleUploadedFile("people.csv", PEOPLE.encode())})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "2 to add, 0 to change, 0 as they are." in page
    assert everything() == before
    shown = answer.context
    sent = {"text": shown["text"], "plan": shown["plan"].fingerprint, "do": "import"}
    member(council, Role.ANALYST, "sam@example.org")
    answer = client.post("/agencies/import/", sent)
    assert answer.status_code == 422
    assert "Something changed since you checked the file" in answer.content.decode()
    assert not Invitation.objects.exists()
    sent["plan"] = answer.context["plan"].fingerprint
    answer = client.post("/agencies/import/", sent)
    assert (answer.status_code, answer["Location"]) == (302, f"/jobs/{Job.objects.get().pk}/")
    assert Invitation.objects.count() == 1


def test_templates_are_what_the_import_reads(chief: Viewer, council: Agency) -> None:
    client = client_of(chief)
    for ward in ("St Edward's", "St Alban's"):
        WardFactory(name=ward)
    for kind in (people_import.AGENCIES, people_import.PEOPLE):
        answer = client.get(f"/agencies/import/{kind}.csv")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        plan = people_import.plan(text, chief)
        assert (plan.kind, plan.of(WRONG)) == (kind, [])
        import_plan(by=chief, plan=plan, site=SITE)


def test_a_preview_costs_the_same_at_any_size(chief: Viewer, council: Agency) -> None:
    def cost(rows: int) -> int:
        text = "email,agency,role\n" + "".join(f"p{n}@example.org,Havering Council,Viewer\n" for n in range(rows))
        with CaptureQueriesContext(connection) as counted:
            assert len(people_import.plan(text, chief).of(ADDED)) == rows
        return len(counted)

    assert cost(2) == cost(20)


cells = st.one_of(
    st.sampled_from(
        ["", "Havering Council", "a@example.org", "b@example.org", "Analyst", "viewer", "Council", "Gooshays"]
    ),
    st.text(max_size=12),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=st.sampled_from([("E-mail", "Agency", "Role", "Areas"), ("Agency", "Kind", "Part of", "Areas")]),
    rows=st.lists(st.lists(cells, min_size=1, max_size=5), max_size=8),
)
def test_whatever_the_file_holds_it_is_planned_or_refused_and_twice_is_once(
    chief: Viewer, council: Agency, header: tuple[str, ...], rows: list[list[str]]
) -> None:
    refused: list[str] = []
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    try:
        plan = people_import.plan(out.getvalue(), chief)
    except ValueError as problem:
        refused.append(str(problem))
    else:
        assert all(line.says for line in plan.of(WRONG, ADDED, CHANGED))
        good = Plan(plan.kind, plan.of(ADDED, CHANGED, UNCHANGED), [])
        import_plan(by=chief, plan=good, site=SITE)
        again = {line.number: line.does for line in people_import.plan(out.getvalue(), chief).lines}
        assert {again[line.number] for line in good.lines} <= {UNCHANGED}
    assert all(sentence[:1].isupper() and sentence.endswith(".") for sentence in refused)
