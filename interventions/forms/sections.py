"""How a register's form looks: sections with their fields and rows, which are folded, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Max, Min
from django.forms import BoundField

from hotspots.models import Boundary
from interventions.forms.fields import YesNo, width_of
from interventions.forms.form import RegisterForm
from interventions.forms.moments import MomentsForm
from interventions.forms.periods import SIDES
from interventions.forms.rows import Rows
from interventions.forms.warned import Warned

# Behind which rows of parts stand: what follows is said last.
_LAST = ("More", "Who sees it")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is asked: "field", "moment", "wards", "hotspots" or "zone", with the fields that it takes."""

    kind: str
    label: str
    fields: list[BoundField]
    width: str = ""
    is_inline: bool = False
    is_required: bool = False
    warned: list[Warned] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it. `note` says of a folded one what is in it."""

    title: str
    items: list[Item]
    is_folded: bool
    is_open: bool
    note: str = ""
    # Of a part: its rows; what is wrong with it as a whole, and what rules warn of.
    rows: Rows | None = None
    errors: list[str] = field(default_factory=list)
    warned: list[Warned] = field(default_factory=list)


def sections(form: RegisterForm) -> list[Section]:
    """All of a form, in the order of its page."""
    groups = [
        (group.title, _group(form, group.title, group.fields, first=not at))
        for at, group in enumerate(form.register.groups)
    ]
    parts = [_part(form, rows) for rows in form.rows]
    before = [section for title, section in groups if title not in _LAST]
    return [*before, *parts, *(section for title, section in groups if title in _LAST)]


def summary(form: RegisterForm) -> list[tuple[str, str]]:
    """(id of the field, sentence) of all that is wrong or lacks a reason, in the order of the page."""
    found = [("", str(error)) for error in form.non_field_errors()]
    for name in form.fields:
        target = form[name].id_for_label or f"{form[name].auto_id}_0"
        found += [(target, str(error)) for error in form.errors.get(name, [])]
    for rows in form.rows:
        found += [(f"part-{rows.part.name}", sentence) for sentence in form.part_errors.get(rows.part.name, [])]
        found += rows.errors
    return found + [(f"reason-{one.rule}", one.sentence) for one in form.warned]


def warnings(form: RegisterForm, target: str) -> list[Warned]:
    """What rules warn of at one field, part, or on top: with the reasons that were typed."""
    now = {one.rule: one for one in form.warned}
    now |= {rule: one for rule, one in form.carried.items() if rule not in now}
    return [one for one in now.values() if one.target == target]


def wards_by_borough(form: RegisterForm) -> list[dict[str, Any]]:
    """The boxes of wards under the name of their borough; `open` where one is ticked, or there is no other
    way to say where."""
    names = [ward.parent.name if ward.parent else "Other" for ward in form.offered.values()]
    pairs = zip(names, form["wards"], strict=True)
    found = [{"name": of, "boxes": [box for _, box in rows]} for of, rows in groupby(pairs, key=lambda one: one[0])]
    for group in found:
        group["ticked"] = sum(box.data["selected"] for box in group["boxes"])
        # Who sees hotspots chooses one of these, mostly, and the wards follow.
        group["open"] = bool(group["ticked"]) or (len(found) == 1 and not form.places) or bool(form["wards"].errors)
    return found


def map_of(form: RegisterForm) -> dict[str, str]:
    """What the map on which an area is drawn needs. One query."""
    boxes = Boundary.objects.filter(area__in=[ward.pk for ward in form.offered.values()]).aggregate(
        west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north")
    )
    box = ",".join(f"{value:.5f}" for value in boxes.values()) if boxes["west"] is not None else ""
    return {"box": box, "tiles": settings.MAP_TILE_URL, "tiles_by": settings.MAP_TILE_ATTRIBUTION}


def others(form: RegisterForm, theirs: RegisterForm) -> list[tuple[str, str]]:
    """(label, text) of what is saved now and differs from what was typed: two people changed one record."""
    found = []
    for name, asked in theirs.fields.items():
        if name == "seen" or name not in form.fields:
            continue
        saved, typed = theirs[name], form[name]
        if asked.has_changed(saved.initial, typed.data):
            found.append((theirs.label_of(name), _words(saved)))
    for rows, saved_rows in zip(form.rows, theirs.rows, strict=True):
        mine = [str(one.said()) for one in rows.forms if one.row is None and not one.is_blank and one.is_valid()]
        if mine or len(rows.forms) != len(saved_rows.forms):
            said = [str(one.row) for one in saved_rows.forms if one.row is not None]
            found.append((rows.part.title, "\n".join(said)))
    return found


def _group(form: RegisterForm, title: str, names: tuple[str, ...], *, first: bool) -> Section:
    items = [_item(form, name) for name in _in_order(names)]
    bounds = [bound for item in items for bound in item.fields]
    needed = any(item.is_required and not _has(form.fresh, item) for item in items)
    is_folded = not first and not needed
    is_wrong = any(bound.errors for bound in bounds) or any(item.warned for item in items)
    asked = any(form.asked.get(bound.name) for bound in bounds)
    if not is_folded:
        for item in items:
            _mark_optional(form, item)
    return Section(title, items, is_folded, is_wrong or asked, _note(form, items) if is_folded else "")


def _in_order(names: tuple[str, ...]) -> list[str]:
    """The names of a group, hotspots before the wards that follow from them."""
    if not {"wards", "hotspots"} <= set(names):
        return list(names)
    at = names.index("wards")
    rest = [name for name in names if name != "hotspots"]
    return [*rest[:at], "hotspots", *rest[at:]]


def _part(form: RegisterForm, rows: Rows) -> Section:
    part = rows.part
    errors, warned = form.part_errors.get(part.name, []), warnings(form, part.name)
    touched = rows.is_said and (rows.filled > 0 or len(rows.forms) != 1)
    is_wrong = bool(errors or warned or rows.errors)
    note = f"{rows.filled}" if rows.filled else "none yet"
    return Section(part.title, [], True, part.is_open or is_wrong or touched, note, rows, errors, warned)


def _item(form: RegisterForm, name: str) -> Item:
    if name == "zone":
        return Item("zone", form.register.label(name), [form["way"], form["shape"], form["pasted"]],
                    warned=warnings(form, "way"))  # fmt: skip
    if name in form.moments:
        label = form.moments[name]
        bounds = _moment(form, name)
        required = form.fields[f"{name}_time"].required
        return Item("moment", label, bounds, is_required=required, warned=warnings(form, f"{name}_day"))
    if name in SIDES:
        name = f"{name}_day"
    bound = form[name]
    asked = form.fields[name]
    kind = name if name in ("wards", "hotspots") else "field"
    inline = isinstance(asked, YesNo) or name in ("strand", "status")
    needs = asked.required or name == "wards"
    return Item(kind, str(asked.label), [bound], width_of(asked), inline, needs, warnings(form, name))


def _moment(form: MomentsForm, name: str) -> list[BoundField]:
    found = [form[f"{name}_day"], form[f"{name}_time"]]
    return [*found, form[f"{name}_twice"]] if form.is_twice(name) else found


def _has(fresh: dict[str, Any], item: Item) -> bool:
    """Whether a new record begins with something there."""
    return any(fresh.get(bound.name) or bound.field.initial not in (None, "") for bound in item.fields)


def _mark_optional(form: RegisterForm, item: Item) -> None:
    """House style: what may stay empty says so, where not nearly everything may."""
    bound = item.fields[0]
    single = item.kind == "field" and not isinstance(bound.field, forms.BooleanField | YesNo)
    # An end that is not insisted on here may still be asked for by the rules.
    if single and not item.is_required and not (bound.name == "ends_day" and not form.register.may_lack_end):
        bound.label = f"{bound.label} (optional)"


def _note(form: RegisterForm, items: list[Item]) -> str:
    if any(bound.name == "audience" for item in items for bound in item.fields):
        return ", ".join(_words(form[name]).split(" (")[0] for name in ("marking", "audience") if name in form.fields)
    filled = sum(any(_is_filled(form, bound) for bound in item.fields) for item in items)
    return f"{filled} filled in" if filled else "can be filled in later"


def _is_filled(form: RegisterForm, bound: BoundField) -> bool:
    value = bound.value()
    usual = form.fresh.get(bound.name, bound.field.initial)
    return value not in (None, "", False, [], "none") and value != usual


def _words(bound: BoundField) -> str:
    """What a field shows, in words."""
    value = bound.value()
    asked: Any = bound.field
    if isinstance(asked, forms.ChoiceField):
        chosen = {str(one) for one in (value if isinstance(value, list) else [value])}
        return ", ".join(str(label) for key, label in _flat(asked.choices) if str(key) in chosen)
    if isinstance(asked, forms.BooleanField):
        return "Yes" if value else "No"
    return "" if value is None else str(bound.field.prepare_value(value))


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key, label in choices:
        found += label if isinstance(label, list) else [(key, label)]
    return found
