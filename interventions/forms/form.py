"""The form on which a record of any register is added and changed, made from what the register declares.

    form = RegisterForm(request.POST or None, viewer=who, register=PATROL, wards=wards)
    actions.add_intervention(by=who, owner=form.cleaned_data["owner"], content=form.content())

What is said is checked where it is done, in `actions`; here it is only read. `sections` is how it looks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q

from hotspots.models import Area, Hotspot
from hotspots.register.drawing import as_geojson
from interventions.checks import is_covert, may_add_in
from interventions.contents import Content, Unlawful
from interventions.drafts import zone_of
from interventions.forms.fields import field_of
from interventions.forms.moments import same_minute
from interventions.forms.offers import Offers
from interventions.forms.periods import SIDES, PeriodForm, period_initial
from interventions.forms.rows import Rows, differs, initial_of
from interventions.forms.shared import MISSING, PLAIN, SHARED, fresh, may_see_sensitive, point_text, shared_initial
from interventions.forms.warned import Warned, carried
from interventions.forms.zones import KEEP, NONE, WAYS, zone_by
from interventions.law.rules import Severity
from interventions.models import DayOfAction, Intervention
from interventions.registers.register import Register
from partners.models import Agency
from partners.refusals import Refused
from partners.roles import Marking, Permission
from partners.visibility import Viewer

_DAY: Any = Intervention._meta.get_field("day")
_WARDS_FROM = {"hotspots": "those of the hotspots chosen", "point": "that of the point"}
_ELSEWHERE = {"longitude": "point", "latitude": "point", "zone": "way"}


class RegisterForm(PeriodForm):
    """All that a person says about one record. `content()` is it, in the words of `actions`."""

    owner = forms.ModelChoiceField(
        label="Agency",
        queryset=Agency.objects.none(),
        help_text="Whose record it is.",
        empty_label=None,
        error_messages={"required": "Choose the agency.", "invalid_choice": "Choose one of your agencies."},
    )
    # The record as it was when the form was opened: `changed_at`, to the microsecond.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        viewer: Viewer,
        register: Register,
        wards: Sequence[Area],
        record: Any = None,
        asked: Mapping[str, Any] | None = None,
    ) -> None:
        """`wards` are those in force, in order; offered are those of them that may be chosen, and the record's own.

        `record` is whole and of the register's model; None = it is new. `asked` is what the form begins with beside it.
        """
        self.register, self.viewer, self.record = register, viewer, record
        self.old: Content | None = Content.of(record) if record is not None else None
        self.offers = Offers(viewer, record)
        self.fresh = fresh(register, viewer)
        self.asked = dict(asked or {})
        super().__init__(data, initial=(self._of_record(self.old) if self.old else self.fresh) | self.asked)
        self._offer_owners()
        self.offered = self._offered(wards)
        self.places = self._offered_places()
        if len(register.kinds) > 1:
            names = dict(Intervention.Kind.choices)
            self.fields["kind"] = forms.ChoiceField(
                label="Kind",
                choices=[(kind, names[Intervention.Kind(kind)]) for kind in register.kinds],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose the kind."},
            )
        self.set_sides()
        for group in register.groups:
            for name in group.fields:
                self._ask(name)
        self.rows = [
            Rows(part, data, offers=self.offers, there=list(getattr(record, part.name).all()) if record else [])
            for part in register.parts
        ]
        self.carried: dict[str, Warned] = carried(register, data)
        self.warned: list[Warned] = []
        # Of whole parts, and of rows that rules speak about: name of the part -> sentences.
        self.part_errors: dict[str, list[str]] = {}

    def asks(self, name: str) -> bool:
        """Whether the register's form has this."""
        return any(name in group.fields for group in self.register.groups)

    # --- What is asked ----------------------------------------------------------------------------------------------

    def _ask(self, name: str) -> None:
        """Adds the field or fields of one name of a group."""
        register, label = self.register, self.register.label(name)
        if name in SIDES:
            self.ask_side(name)
        elif name == "wards":
            self._ask_wards(label)
        elif name == "hotspots":
            choices = [(str(pk), place.name) for pk, place in self.places.items()]
            self.fields[name] = forms.MultipleChoiceField(
                label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False
            )
        elif name == "zone":
            self._ask_zone(label)
        elif name == "day":
            current = self.record.day_id if self.record is not None else None
            self.fields[name] = field_of(_DAY, label, offers=self.offers, current=current)
        elif name in SHARED:
            self._ask_shared(name, label)
        elif isinstance(of := register.own_fields[name], models.DateTimeField):
            self.ask_moment(name, label, required=not of.blank)
        else:
            current = getattr(self.record, of.attname) if self.record is not None and of.is_relation else None
            self.fields[name] = field_of(of, label, offers=self.offers, current=current)

    def _ask_shared(self, name: str, label: str) -> None:
        asked: Any = SHARED[name]()
        asked.label = label
        if name == "title":
            asked.required = self.register.complete is None
            asked.error_messages["required"] = MISSING["title"]
            if self.register.complete is not None:
                asked.help_text = f"Left empty, it is made from the rest where that says enough. {asked.help_text}"
        if name == "marking" and not may_see_sensitive(self.viewer, self._owners):
            asked.choices = [one for one in Marking.choices if one[0] != Marking.SENSITIVE]
        if name == "audience" and Intervention.Kind.WARRANT in self.register.kinds:
            asked.help_text = (
                "A planned warrant is always for the owning team only, whatever is chosen here. Once it is marked as "
                "done, it can be opened to others."
            )
        self.fields[name] = asked

    def _ask_wards(self, label: str) -> None:
        sources = [text for name, text in _WARDS_FROM.items() if self.asks(name)]
        if by := self.register.placed_by:
            sources.append(f"that of the {self.register.label(by).lower()} where it has only one")
        self.fields["wards"] = forms.MultipleChoiceField(
            label=label,
            choices=[(code, ward.name) for code, ward in self.offered.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text=f"Left empty, {', else '.join(sources)}." if sources else "",
            error_messages={"invalid_choice": "Choose wards of the list."},
        )

    def _ask_zone(self, label: str) -> None:
        has_zone = self.old is not None and self.old.zone is not None
        ways = [(way, words) for way, words in WAYS.items() if way != KEEP or has_zone]
        self.fields["way"] = forms.ChoiceField(
            label=label,
            choices=ways,
            widget=forms.RadioSelect,
            required=False,
            initial=KEEP if has_zone else NONE,
            help_text="The ground on which it holds. Whoever sees the record sees it.",
        )
        self.fields["shape"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields["pasted"] = forms.CharField(
            label="Outline",
            required=False,
            widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
            help_text="GeoJSON or well-known text (POLYGON ...), in longitude and latitude.",
        )

    @property
    def _owners(self) -> Collection[int]:
        """The agencies whose record it may be."""
        return {self.record.owner_id} if self.record is not None else self.viewer.agencies_with_parts(Permission.ADD)

    def _offer_owners(self) -> None:
        owner: Any = self.fields["owner"]
        if self.record is not None:
            owner.queryset = Agency.objects.filter(pk=self.record.owner_id)
            owner.disabled = True
            return
        owner.queryset = Agency.objects.filter(pk__in=self._owners, left_at=None)
        if len(self._owners) == 1:
            owner.widget = forms.HiddenInput()

    def _offered(self, wards: Sequence[Area]) -> dict[str, Area]:
        may_add = [ward for ward in wards if any(may_add_in(self.viewer, owner, ward) for owner in self._owners)]
        found = {ward.code: ward for ward in may_add}
        return found | {ward.code: ward for ward in (self.old.wards if self.old else ())}

    def _offered_places(self) -> dict[int, Hotspot]:
        if not self.asks("hotspots"):
            return {}
        old = [one.pk for one in self.old.hotspots] if self.old else []
        shown = ~Q(status=Hotspot.Status.ARCHIVED) | Q(pk__in=old)
        rows = Hotspot.objects.visible_to(self.viewer).filter(shown).order_by("name", "pk")
        return {place.pk: place for place in rows}

    def _of_record(self, old: Content) -> dict[str, Any]:
        """What the form shows of the record."""
        shape = zone_of(self.record)
        shown = shared_initial(old, self.record) | period_initial(self.register, old)
        return {
            **shown,
            **initial_of(self.register.own_fields, self.record),
            "shape": as_geojson(shape) if shape is not None else "",
        }

    # --- What is said -----------------------------------------------------------------------------------------------

    def is_valid(self) -> bool:
        # Each is asked, so that all that is wrong is said at once.
        wrong = [rows for rows in self.rows if not rows.is_valid()]
        return super().is_valid() and not wrong

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "wards" in given and not given["wards"]:
            given["wards"] = self._wards_of_places(given)
            if not given["wards"] and not given.get("point") and not given.get(self.register.placed_by):
                self.add_error("wards", MISSING["wards"])
        self.clean_period(given)
        for name in self.moments:
            if name not in SIDES:
                given[name] = self.moment(name)
        if "way" in self.fields and not {"wards", "hotspots", "way"} & self.errors.keys():
            try:
                given["zone"] = self._zone(given)
            except Refused as refused:
                self.add_error(refused.field if refused.field in self.fields else "way", str(refused))
        return given

    def _wards_of_places(self, given: dict[str, Any]) -> list[str]:
        """The wards in which the chosen hotspots lie, as far as they are offered."""
        codes = {code for pk in given.get("hotspots", ()) for code in self.places[int(pk)].area_codes}
        return [code for code in self.offered if code in codes]

    def _zone(self, given: dict[str, Any]) -> Mapping[str, Any] | None:
        chosen = [self.places[int(pk)].area_id for pk in given.get("hotspots", ())]
        return zone_by(
            given.get("way") or (KEEP if self.old else NONE),
            old=self.old.zone if self.old else None,
            drawn=given.get("shape", ""),
            pasted=given.get("pasted", ""),
            hotspot_areas=chosen,
            wards=[self.offered[code] for code in given.get("wards", ())],
        )

    def content(self) -> Content:
        """What was said, of a valid form; of a record that is there, what was shown rounded and left as it was stays
        exact, and what the form does not ask stays as it is."""
        given = self.cleaned_data
        said: dict[str, Any] = {name: given[name] for name in PLAIN if name in self.fields}
        said |= {side: self._side(side) for side in self.sides}
        if self.register.is_moment:
            said["ends"] = None
        said["kind"] = given.get("kind") or (self.old.kind if self.old else self.register.kinds[0])
        said["wards"] = tuple(self.offered[code] for code in sorted(given["wards"]))
        if "hotspots" in self.fields:
            said["hotspots"] = self._chosen_places()
        if "point" in self.fields:
            said["latitude"], said["longitude"] = self._point()
        if "zone" in given:
            said["zone"] = given["zone"]
        if "day" in self.fields:
            said["day"] = self._day()
        said["particulars"] = self._particulars()
        said["parts"] = {rows.part.name: rows.said() for rows in self.rows if rows.is_said}
        said["reasons"] = {rule: one.reason for rule, one in self.carried.items() if one.reason}
        if self.old is not None:
            return replace(self.old, **said)
        begins = {name: self.fresh[name] for name in ("strand", "status", "marking", "audience")}
        return Content(**(begins | said))

    def said(self) -> dict[str, Any]:
        """What was said, by the names of Content."""
        content = self.content()
        return {one.name: getattr(content, one.name) for one in fields(content)}

    def _side(self, side: str) -> datetime | None:
        given: datetime | None = self.cleaned_data[side]
        before: datetime | None = getattr(self.old, side, None)
        if self.register.whole_days:
            shown = self.initial.get(f"{side}_day")
            return before if before and self.cleaned_data.get(f"{side}_day") == shown else given
        return before if same_minute(before, given) else given

    def _chosen_places(self) -> tuple[Hotspot, ...]:
        """Those that were ticked, and those of the record that this person does not see."""
        ticked = [self.places[int(pk)] for pk in self.cleaned_data["hotspots"]]
        unseen = [one for one in (self.old.hotspots if self.old else ()) if one.pk not in self.places]
        return (*ticked, *unseen)

    def _point(self) -> tuple[float | None, float | None]:
        latitude, longitude = self.cleaned_data["point"] or (None, None)
        if self.old and latitude is not None and f"{latitude:.5f}, {longitude:.5f}" == point_text(self.old):
            return self.old.latitude, self.old.longitude
        return latitude, longitude

    def _day(self) -> DayOfAction | None:
        pk = self.cleaned_data["day"]
        if pk is None:
            return None
        if self.old and self.old.day and self.old.day.pk == pk:
            return self.old.day
        found: DayOfAction | None = DayOfAction.objects.visible_to(self.viewer).filter(pk=pk).first()
        return found

    def _particulars(self) -> dict[str, Any]:
        """The register's own fields: all that are said of a new record, those that differ of one that is there."""
        found: dict[str, Any] = {}
        for name, of in self.register.own_fields.items():
            if name not in self.fields and name not in self.moments:
                continue
            value = self.cleaned_data.get(name)
            if self.record is None:
                if value not in (None, "", []):
                    found[name] = value
            elif differs(of, getattr(self.record, of.attname), value):
                found[name] = value
        return found

    def opened_at(self) -> datetime | None:
        """`seen` as a moment; None where it is none."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError:
            return None

    # --- What is wrong ----------------------------------------------------------------------------------------------

    def refuse(self, refused: Refused) -> None:
        """Puts what an action said beside the fields that it is about."""
        if not isinstance(refused, Unlawful):
            self._say(refused.field, str(refused))
            return
        for one in refused.found:
            if one.severity == Severity.WARN:
                self.warned.append(Warned(one.rule, self.target(one.field), one.sentence, one.source))
            else:
                self._say(one.field, f"{one.sentence} ({one.source})")

    def _say(self, name: str, sentence: str) -> None:
        target = self.target(name)
        if target in self.register.part:
            self.part_errors.setdefault(target, []).append(sentence)
        else:
            self.add_error(target or None, sentence)

    def target(self, name: str) -> str:
        """The field of the form, or the part, at which something about a field is said; "" = on top."""
        name = _ELSEWHERE.get(name, name)
        if name in self.fields or name in self.register.part:
            return name
        return f"{name}_day" if f"{name}_day" in self.fields else ""

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors or self.warned or self.part_errors or any(rows.errors for rows in self.rows))

    @property
    def is_covert(self) -> bool:
        """Whether what is said now is a planned warrant."""
        if "status" not in self.fields:
            return False
        return is_covert(self.register.kinds[0], str(self["status"].value() or ""))

    @property
    def draws(self) -> bool:
        """Whether an area can be drawn on it."""
        return "way" in self.fields
