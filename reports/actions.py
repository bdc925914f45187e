"""What people do to their views of the figures: `verb_noun(*, by, ...)`, atomic. ValueError is a sentence for them."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import TooManyFieldsSent
from django.db import IntegrityError, transaction

from hotspots.categories import Definition
from hotspots.models import Area
from partners import audit
from partners.models import Agency, User
from partners.roles import Permission
from partners.visibility import Viewer
from reports import priorities, saved
from reports.models import Priority, SavedView

LONGEST_NAME = 100
LONGEST_QUERY = 2000
MOST_VIEWS = 200  # of a person, or of an agency: more no list can show


@transaction.atomic
def save_view(*, by: User, name: str, page: str, query: str, agency: Agency | None = None) -> SavedView:
    """Keeps an address of a page under a name, for the person, or for an agency that the person belongs to.

    `query` is the address's query string. Raises ValueError where the name is blank, too long or taken, the page is
    not one that can be saved, the query too long, the person no member of the agency, or there are
    `MOST_VIEWS` already.
    """
    if page not in SavedView.Page:
        raise ValueError("Only a view of the map or of Explore can be saved.")
    if agency is not None and agency.pk not in Viewer.of_user(by).agencies():
        raise ValueError(f"You do not belong to {agency}, so you cannot save a view for it.")
    if SavedView.objects.filter(agency=agency, **({} if agency else {"created_by": by})).count() >= MOST_VIEWS:
        whose = f"{agency} has" if agency else "You have"
        raise ValueError(f"{whose} {MOST_VIEWS} saved views, the most there can be. Delete one first.")
    view = SavedView(name=_name(name), page=page, query=_query(query), agency=agency, created_by=by)
    _store(view)
    audit.created(view, by=by)
    return view


@transaction.atomic
def rename_view(*, by: User, view: SavedView, name: str) -> None:
    """Gives a view another name. Raises ValueError as `save_view`, and where it is not the person's to change."""
    _require(by, view)
    before = audit.snapshot(view)
    view.name = _name(name)
    _store(view)
    audit.changed(view, before, by=by)


@transaction.atomic
def delete_view(*, by: User, view: SavedView) -> None:
    """Removes a view; the page that it points at stays. Raises ValueError where it is not the person's to change."""
    _require(by, view)
    audit.deleted(view, by=by)
    view.delete()


def _require(by: User, view: SavedView) -> None:
    if not saved.changeable_by(Viewer.of_user(by)).filter(pk=view.pk).exists():
        raise ValueError("Only the person who saved this view, or an analyst or manager of the agency, may change it.")


def _name(text: str) -> str:
    """Spaces put right. Raises ValueError where it cannot be a name."""
    name = " ".join(text.split())
    if not name:
        raise ValueError("Give the view a name, such as “Shoplifting in Romford”.")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"A name has at most {LONGEST_NAME} characters; this has {len(name):,}.")
    if not name.isprintable():
        raise ValueError("The name holds characters that cannot be shown. Use letters, numbers and spaces.")
    return name


def _query(text: str) -> str:
    """The query string written anew from its parts, so that nothing but a query is ever stored or linked to."""
    too_long = ValueError(
        f"This view's address is longer than {LONGEST_QUERY:,} characters. Choose fewer areas or categories, then "
        "save it."
    )
    if len(text) > LONGEST_QUERY:
        raise too_long
    try:
        query = saved.canonical(text)
    except TooManyFieldsSent:
        raise too_long from None
    if len(query) > LONGEST_QUERY:
        raise too_long
    return query


def _store(view: SavedView) -> None:
    """Saves the view. Raises ValueError where its name is taken."""
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        whose = f"{view.agency} has" if view.agency else "You have"
        raise ValueError(f"{whose} a view named “{view.name}” already. Choose another name.") from error


@transaction.atomic
def set_priorities(*, by: User, area: Area, chosen: Sequence[Definition]) -> bool:
    """Makes these categories, in this order, the priorities of a borough's partnership; none takes all away.

    Whether anything changed: the same ones again keep who set them, and when. Raises ValueError where the person may
    not choose them, there are more than four, or one is named twice.
    """
    if not Viewer.of_user(by).may(Permission.SHARE_VIEWS, area=area.code):
        raise ValueError(f"Only analysts and managers of an agency that works in {area} may choose its priorities.")
    if len(chosen) > priorities.MOST:
        raise ValueError(f"A partnership has at most {priorities.MOST} priorities; these are {len(chosen)}.")
    if len(set(chosen)) < len(chosen):
        raise ValueError("Each category can be a priority once.")
    Area.objects.select_for_update().get(pk=area.pk)  # two people may choose at once: the later one counts
    before = [one.category for one in priorities.chosen(area.pk)]
    if before == list(chosen):
        return False
    Priority.objects.filter(area=area).delete()
    Priority.objects.bulk_create(
        Priority(area=area, category_id=one.number, position=position, set_by=by) for position, one in enumerate(chosen)
    )
    audit.write(
        "area.priorities-changed",
        by=by,
        about=[area],
        before={"priorities": [one.slug for one in before]},
        after={"priorities": [one.slug for one in chosen]},
    )
    return True
