"""What each role may do: one table, which `/roles/` shows. What may be seen of a record is in `partners.visibility`."""

from __future__ import annotations

from django.db.models import TextChoices


class Marking(TextChoices):
    """How sensitive a record is, by the Government Security Classifications. Anything higher is refused."""

    OPEN = "open", "OPEN"
    OFFICIAL = "official", "OFFICIAL"
    SENSITIVE = "official-sensitive", "OFFICIAL-SENSITIVE"


# From the least sensitive up.
MARKINGS = tuple(Marking)


class Role(TextChoices):
    """What a person is in an agency."""

    VIEWER = "viewer", "Viewer"
    CONTRIBUTOR = "contributor", "Contributor"
    ANALYST = "analyst", "Analyst"
    SNT_LEAD = "snt-lead", "SNT lead"
    MANAGER = "manager", "Manager"
    ADMINISTRATOR = "administrator", "Agency administrator"
    PARTNERSHIP = "partnership", "Partnership administrator"


class Permission(TextChoices):
    """One thing that a role may do, in its own agency (the parts of it included) and within its areas."""

    SEE = "see", "See records up to OFFICIAL"
    SEE_SENSITIVE = "see-sensitive", "See OFFICIAL-SENSITIVE records (with a second factor)"
    ADD = "add", "Add records, and change those added oneself"
    CHANGE = "change", "Change all records of the agency"
    BREAK_GLASS = "break-glass", "Open one withheld record for 60 minutes, with a reason"
    SHARE_VIEWS = "share-views", "Tidy the views that the agency shares, and choose priorities"
    IMPORT = "import", "Bring in crime data"
    MANAGE_TEAMS = "manage-teams", "Keep ward teams"
    MANAGE_PEOPLE = "manage-people", "Invite people, give and end roles"
    MANAGE_KEYS = "manage-keys", "Make, rotate and revoke API keys"
    MANAGE_AGREEMENTS = "manage-agreements", "Propose, accept, suspend and end sharing agreements"
    LOOK_AS = "look-as", "See the product as another agency or a key would"
    READ_AUDIT = "read-audit", "Read the agency's audit trail"
    MANAGE_AGENCIES = "manage-agencies", "Add agencies, and keep all of them"


_P = Permission
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({_P.SEE}),
    Role.CONTRIBUTOR: frozenset({_P.SEE, _P.ADD}),
    Role.ANALYST: frozenset({_P.SEE, _P.SEE_SENSITIVE, _P.ADD, _P.CHANGE, _P.SHARE_VIEWS, _P.IMPORT}),
    Role.SNT_LEAD: frozenset({_P.SEE, _P.SEE_SENSITIVE, _P.ADD, _P.CHANGE, _P.MANAGE_TEAMS}),
    Role.MANAGER: frozenset(
        {
            *(_P.SEE, _P.SEE_SENSITIVE, _P.ADD, _P.CHANGE, _P.BREAK_GLASS, _P.SHARE_VIEWS, _P.IMPORT),
            *(_P.MANAGE_TEAMS, _P.MANAGE_AGREEMENTS, _P.LOOK_AS, _P.READ_AUDIT),
        }
    ),
    # They look after access and see no more of the records than a viewer does.
    Role.ADMINISTRATOR: frozenset(
        {
            *(_P.SEE, _P.MANAGE_TEAMS, _P.MANAGE_PEOPLE, _P.MANAGE_KEYS, _P.MANAGE_AGREEMENTS),
            *(_P.LOOK_AS, _P.READ_AUDIT),
        }
    ),
    # Of the whole partnership; no record is open to them for it.
    Role.PARTNERSHIP: frozenset(
        {
            *(_P.MANAGE_AGENCIES, _P.MANAGE_PEOPLE, _P.MANAGE_KEYS, _P.LOOK_AS, _P.READ_AUDIT),
            *(_P.IMPORT, _P.SHARE_VIEWS),
        }
    ),
}
# Who can reach much with a stolen password signs in with a second factor.
NEEDS_SECOND_FACTOR = frozenset(
    role
    for role, allowed in PERMISSIONS.items()
    if allowed & {_P.SEE_SENSITIVE, _P.MANAGE_PEOPLE, _P.MANAGE_KEYS, _P.MANAGE_AGENCIES}
)


class Scope(TextChoices):
    """What an API key may do."""

    FIGURES = "figures", "Read areas and crime figures"
    RECORDS = "records", "Read records up to OFFICIAL"
    SENSITIVE = "records-sensitive", "Read OFFICIAL-SENSITIVE records"
    WRITE = "records-write", "Add and change the agency's records"
    PUBLIC = "public", "Read counts fit for publication only: small numbers are suppressed"


# Who gives a key one of these scopes holds this in the key's own agency. The rest are every administrator's to give.
NEEDED_TO_GIVE = {
    Scope.RECORDS: Permission.SEE,
    Scope.SENSITIVE: Permission.SEE_SENSITIVE,
    Scope.WRITE: Permission.CHANGE,
}


def least(*markings: str) -> Marking:
    """The least sensitive of some markings."""
    return min(map(Marking, markings), key=MARKINGS.index)


def up_to(marking: str) -> tuple[Marking, ...]:
    """The markings that are no more sensitive than this one."""
    return MARKINGS[: MARKINGS.index(Marking(marking)) + 1]
