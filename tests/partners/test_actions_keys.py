"""A key never holds more than who makes it, or who puts another in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import PermissionDenied

from hotspots import queries
from partners import areas
from partners.actions.keys import make_api_key, rotate_api_key, scopes_to_give
from partners.areas import Choice
from partners.models import Agency, ApiKey, AuditEvent, Membership, User
from partners.roles import Role, Scope
from partners.visibility import Viewer

pytestmark = pytest.mark.django_db
READ = [Scope.FIGURES, Scope.RECORDS]
CHOICES = [
    Choice("E09000016", "Havering", ""),
    Choice("E05013968", "Gooshays", "Havering"),
    Choice("E05013970", "Heaton", "Havering"),
    Choice("E09000002", "Barking", ""),
]


@pytest.fixture
def council(make_user: Callable[..., User]) -> Agency:
    make_user("somebody@example.org", role=Role.VIEWER)
    return Agency.objects.get(name="Havering Council")


@pytest.fixture
def some_areas() -> Iterator[None]:
    areas.provide(lambda: CHOICES)
    yield
    areas.provide(queries.area_choices)


def somebody(agency: Agency, *roles: Role, area_codes: tuple[str, ...] = ()) -> Viewer:
    user = User.objects.get(email="somebody@example.org")
    for role in roles:
        Membership.objects.create(user=user, agency=agency, role=role, area_codes=list(area_codes))
    return Viewer.of_user(user)


def all_but(*scopes: Scope) -> list[Scope]:
    return [scope for scope in Scope if scope not in scopes]


@pytest.mark.parametrize(
    ("roles", "given"),
    [
        ([Role.ADMINISTRATOR], all_but(Scope.SENSITIVE, Scope.WRITE)),
        ([Role.ADMINISTRATOR, Role.CONTRIBUTOR], all_but(Scope.SENSITIVE, Scope.WRITE)),
        ([Role.ADMINISTRATOR, Role.MANAGER], all_but()),
        ([Role.ADMINISTRATOR, Role.ANALYST], all_but()),
        ([Role.PARTNERSHIP, Role.SNT_LEAD], all_but()),
    ],
)
def test_who_keeps_keys_gives_what_the_own_roles_hold(council: Agency, roles: list[Role], given: list[Scope]) -> None:
    by = somebody(council, *roles)
    assert scopes_to_give(by, council) == given
    for scope in Scope:
        scopes = [scope] if scope in (Scope.FIGURES, Scope.RECORDS, Scope.PUBLIC) else [Scope.RECORDS, scope]
        if scope in given:
            key, _ = make_api_key(agency=council, name="Feed", days=9, scopes=scopes, by=by)
            assert key.scopes == [known for known in Scope if known in scopes]
        else:
            with pytest.raises(PermissionDenied, match="never holds more than who makes it"):
                make_api_key(agency=council, name="Feed", days=9, scopes=scopes, by=by)


def test_an_administrator_of_the_partnership_alone_gives_figures_and_counts(council: Agency) -> None:
    """A role elsewhere adds nothing, and neither does one in the whole for what is the part's alone."""
    peabody = Agency.objects.create(name="Peabody", kind=Agency.Kind.HOUSING)
    part = Agency.objects.create(name="Licensing", kind=Agency.Kind.COUNCIL_LICENSING, part_of=council)
    by = somebody(council, Role.PARTNERSHIP, Role.ADMINISTRATOR, Role.MANAGER)
    assert scopes_to_give(by, council) == list(Scope)
    for other in (peabody, part):
        assert scopes_to_give(by, other) == [Scope.FIGURES, Scope.PUBLIC]
        make_api_key(agency=other, name="Feed", days=9, by=by)
        with pytest.raises(PermissionDenied, match=f"OFFICIAL” is given by an administrator of {other} itself\\."):
            make_api_key(agency=other, name="Feed", days=9, scopes=READ, by=by)


def test_a_key_is_rotated_by_who_could_make_it(council: Agency) -> None:
    key, _ = make_api_key(agency=council, name="Feed", days=9, scopes=[*READ, Scope.SENSITIVE])
    events = AuditEvent.objects.count()
    by = somebody(council, Role.ADMINISTRATOR)
    with pytest.raises(PermissionDenied, match="who is also its Analyst, SNT lead or Manager"):
        rotate_api_key(key=key, days=9, overlap_days=1, by=by)
    assert (ApiKey.objects.count(), AuditEvent.objects.count()) == (1, events)
    new, _ = rotate_api_key(key=key, days=9, overlap_days=1, by=somebody(council, Role.ANALYST))
    assert new.scopes == key.scopes


def test_scopes_that_need_reading_say_so(council: Agency) -> None:
    for scope in (Scope.SENSITIVE, Scope.WRITE):
        with pytest.raises(ValueError, match=f"A key with the scope {scope} needs records as well"):
            make_api_key(agency=council, name="Feed", days=9, scopes=[scope])


def test_on_the_server_all_may(council: Agency) -> None:
    scopes = [*READ, Scope.SENSITIVE, Scope.WRITE]
    assert make_api_key(agency=council, name="Feed", days=9, scopes=scopes, by=None)[0].scopes == scopes


def test_a_narrowed_role_narrows_its_keys(council: Agency, some_areas: None) -> None:
    Membership.objects.all().delete()
    by = somebody(council, Role.ADMINISTRATOR, Role.ANALYST, area_codes=("E09000016",))
    for wrong in ([], ["E09000002"], ["E05013968", "E09000002"]):
        with pytest.raises(ValueError, match="Your role here is narrowed to Havering"):
            make_api_key(agency=council, name="Feed", days=9, scopes=READ, area_codes=wrong, by=by)
    for right in (["E09000016"], ["E05013968"], ["E05013968", "E05013970"]):
        key, _ = make_api_key(agency=council, name="Feed", days=9, scopes=READ, area_codes=right, by=by)
        rotate_api_key(key=key, days=9, overlap_days=0, by=by)
    # Figures are not narrowed.
    make_api_key(agency=council, name="Feed", days=9, by=by)
    everywhere, _ = make_api_key(agency=council, name="Feed", days=9, scopes=READ)
    with pytest.raises(ValueError, match="narrowed to Havering"):
        rotate_api_key(key=everywhere, days=9, overlap_days=1, by=by)


def test_each_scope_is_narrowed_as_the_role_that_holds_it(council: Agency, some_areas: None) -> None:
    somebody(council, Role.ANALYST, area_codes=("E05013968",))
    by = somebody(council, Role.ADMINISTRATOR)
    make_api_key(agency=council, name="Feed", days=9, scopes=READ, by=by)
    with pytest.raises(ValueError, match="narrowed to Gooshays"):
        make_api_key(agency=council, name="Feed", days=9, scopes=[*READ, Scope.WRITE], by=by)
    make_api_key(agency=council, name="Feed", days=9, scopes=[*READ, Scope.WRITE], area_codes=["E05013968"], by=by)
