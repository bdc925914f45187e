"""The routes of every register, made of its declaration: its records listed, added, read and changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from hotspots.models import Hotspot
from interventions import actions, queries
from interventions.api import examples, filters
from interventions.api.bulk import bulk_of
from interventions.api.rows import answered, readable, written
from interventions.api.sending import ID, Writing, agency, changing, linked
from interventions.api.shapes import api_name, change_body, class_name, name_in_api, new_body, row_shape, said
from interventions.checks import linkable
from interventions.registers.register import Register
from interventions.rights import NOT_HERE
from interventions.rows import leads_away
from partners import audit
from partners.api import parameters
from partners.api.parameters import Parameter
from partners.api.renderers import CsvRenderer, OrjsonRenderer, Page
from partners.api.schema import describes, describes_write
from partners.api.serializers import columns, page_of
from partners.api.views import ReadView, Route, Written
from partners.roles import Scope


def _own_filters(register: Register) -> list[Parameter]:
    """By the register's own fields: words of a list, and records that it refers to. Nobody filters by what may be
    withheld."""
    hidden = {name for fields in register.model.WITHHOLDABLE.values() for name in fields}
    found = [parameters.choice("kind", "Of this kind.", register.kinds)] if len(register.kinds) > 1 else []
    for name, of in register.own_fields.items():
        if name in hidden:
            continue
        if of.is_relation:
            about = f"{of.verbose_name}: the one with this number."
            found.append(parameters.number(api_name(of), about))
        elif of.choices and name in register.filters:
            found.append(parameters.choice(name, f"{of.verbose_name}.", [value for value, _ in of.choices if value]))
    return found


def filters_of(register: Register) -> tuple[Parameter, ...]:
    hotspot = parameters.number("hotspot", "At the hotspot with this number.")
    places = (filters.AGENCY, filters.AREA, hotspot, filters.WORDS)
    return (*filters.DAYS, *_own_filters(register), *filters.STATES, *places, filters.SINCE)


def narrowed(rows: Any, register: Register, given: dict[str, Any], viewer: Any) -> Any:
    """The records that the filters leave, in order."""
    for name in [one.name for one in _own_filters(register)]:
        if given[name] is not None:
            rows = rows.filter(**{name: given[name]})
    for of in register.own_fields.values():
        # Nobody finds out by asking what leads to a record that is not shown, or to a row of one.
        if leads_away(of) and given.get(api_name(of)) is not None:
            rows = rows.filter(**{f"{api_name(of)}__in": linkable(of.related_model, [given[api_name(of)]], viewer)})
    if given["hotspot"]:
        rows = queries.at_hotspots(rows, Hotspot.objects.visible_to(viewer).filter(pk=given["hotspot"]).values("pk"))
    return filters.narrowed(rows, given)


@dataclass(frozen=True)
class Views:
    """The views of one register."""

    many: type[Route]
    one: type[Route]
    bulk: type[Route]


def views_of(register: Register) -> Views:
    """The routes of a register, described."""
    row, called = row_shape(register), class_name(register)
    named = partial(name_in_api, register)
    answer_example = examples.answer(register)

    def whole_answer(view: Any, record: Any) -> dict[str, Any]:
        [body] = answered(register, view.viewer, [written(register, record.pk)])
        return body

    @describes_write(
        "post",
        f"add{called}",
        f"Add {register.a_one}",
        body=new_body(register),
        answer=row,
        sends=examples.sent(register),
        example=answer_example,
        status=201,
        description=f"Adds {register.a_one}. Where rules forbid it, or warn and no reason is sent, 422 has `findings`.",
        tag=register.name,
    )
    @describes(
        f"list{called}",
        f"{register.name} that the caller may see, newest first",
        answer=page_of(row),
        example={"next": None, "results": [answer_example]},
        tag=register.name,
    )
    class Many(Writing, ReadView):
        scopes = (Scope.RECORDS,)
        parameters: ClassVar[tuple[Parameter, ...]] = (*filters_of(register), *parameters.PAGING)
        renderer_classes = [OrjsonRenderer, CsvRenderer]

        def answer(self, given: dict[str, Any], **path: Any) -> Page:
            found = narrowed(readable(register, self.viewer), register, given, self.viewer)
            start = given["offset"]
            records, following = self.one_page(given, list(found[start : start + given["limit"] + 1]))
            audit.read(records, by=self.viewer, how="api")
            rows = [tuple(one.values()) for one in answered(register, self.viewer, records)]
            return Page(columns(row), rows, following)

        def post(self, request: Request) -> HttpResponseBase:
            return self.write(new_body(register), self.add)

        def add(self, given: dict[str, Any]) -> Written:
            with changing(self.viewer, named=named):
                owner = agency(given["agency_id"])
                content = {"kind": register.kinds[0], **register.defaults, **said(register, given)}
                content |= {"wards": (), **linked(given, self.viewer)}
                record = actions.add_intervention(by=self.viewer, owner=owner, content=actions.Content(**content))
            return Written(whole_answer(self, record), 201)

    @describes_write(
        "patch",
        f"change{called}",
        f"Change {register.a_one}",
        body=change_body(register),
        answer=row,
        sends={"details": "The review was held."},
        example=answer_example,
        description=f"Changes {register.a_one}: what is sent. Of parts, each list that is sent replaces the one there.",
        path=[ID],
        tag=register.name,
    )
    @describes(
        f"get{called}",
        f"One {register.one}, as far as it is shown to the caller",
        answer=row,
        example=answer_example,
        path=[ID],
        tag=register.name,
    )
    class One(Writing, ReadView):
        scopes = (Scope.RECORDS,)

        def answer(self, given: dict[str, Any], **path: Any) -> dict[str, Any]:
            record = readable(register, self.viewer).filter(pk=path["id"]).first()
            if record is None:
                raise Http404(NOT_HERE)
            audit.read([record], by=self.viewer, how="api")
            return answered(register, self.viewer, [record])[0]

        def patch(self, request: Request, id: int) -> HttpResponseBase:  # noqa: A002 - as the address names it
            return self.write(change_body(register), lambda given: self.change(id, given), partial=True)

        def change(self, pk: int, given: dict[str, Any]) -> Written:
            if not readable(register, self.viewer).filter(pk=pk).exists():
                raise Http404(NOT_HERE)
            seen = given.pop("changed_at", None)
            with changing(self.viewer, pk, named):
                record = actions.change_intervention(
                    by=self.viewer, pk=pk, seen=seen, **said(register, given), **linked(given, self.viewer)
                )
            return Written(whole_answer(self, record))

    return Views(Many, One, bulk_of(register))
