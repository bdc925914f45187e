"""The form on which a shape is given, in any of its ways.

    form = ShapeForm(request.POST or None, request.FILES or None, viewer=who)
    drawn = form.drawn() if form.is_valid() else None

A valid form may still lack an answer: LSOAs are chosen once their wards are, one polygon of several once the file is
read. Then `drawn()` is None, and the form shown again asks for it (`asks`).
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

import shapely
from django import forms
from django.conf import settings
from django.db.models import Max, Min
from django.http import QueryDict
from django.utils import timezone

from hotspots.calc import polygons
from hotspots.calc.metres import area_m2
from hotspots.models import Area, Boundary
from hotspots.queries import wards_in_force
from hotspots.register import drawing
from hotspots.register.actions import Drawn
from partners.refusals import Refused
from partners.roles import Permission
from partners.visibility import Viewer

DRAW, LSOAS, WARDS, STREETS, POINT, PASTE, FILE = "draw", "lsoas", "wards", "streets", "point", "paste", "file"
WAYS = (
    (DRAW, "Draw it on the map"),
    (LSOAS, "Choose LSOAs from a list"),
    (WARDS, "Choose whole wards from a list"),
    (STREETS, "Choose streets from a list"),
    (POINT, "A circle around a point"),
    (PASTE, "Paste an outline"),
    (FILE, "Upload a file"),
)
ALL_TOGETHER = "all"
_POINT = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


class _StillOffered(forms.MultipleChoiceField):
    """Takes what is offered of what was ticked: the rest went with the wards that were chosen before."""

    def clean(self, value: Any) -> list[str]:
        return [one for one in value or [] if self.valid_value(one)]


class ShapeForm(forms.Form):
    """One shape. `asks` names the field that lacks an answer."""

    way = forms.ChoiceField(
        label="How do you want to give the shape?",
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you want to give the shape."},
    )
    # A GeoJSON geometry, from the map.
    shape = forms.CharField(widget=forms.HiddenInput, required=False)
    lsoa_wards = forms.MultipleChoiceField(label="Wards", widget=forms.CheckboxSelectMultiple, required=False)
    lsoas = _StillOffered(label="LSOAs", widget=forms.CheckboxSelectMultiple, required=False)
    wards = forms.MultipleChoiceField(label="Wards", widget=forms.CheckboxSelectMultiple, required=False)
    street_ward = forms.ChoiceField(label="Ward", required=False)
    streets = _StillOffered(
        label="Streets",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=f"The shape goes around their map points, {drawing.STREET_M} m off.",
    )
    point = forms.CharField(
        label="Point",
        required=False,
        help_text="Latitude and longitude, as maps show them: 51.60312, 0.21874. With the map, choose it there.",
    )
    radius = forms.IntegerField(
        label="Radius in metres",
        required=False,
        initial=200,
        help_text=f"{drawing.LEAST_RADIUS} to {drawing.MOST_RADIUS:,}.",
        error_messages={"invalid": "Give the radius as a whole number of metres."},
    )
    pasted = forms.CharField(
        label="Outline",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="GeoJSON or well-known text (POLYGON ...), in longitude and latitude.",
    )
    file = forms.FileField(
        label="File",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,.geojson,.zip,.gpkg"}),
        help_text=f"GeoJSON, GeoPackage or a zipped shapefile, at most {drawing.MOST_BYTES // 1_000_000} MB.",
        error_messages={"empty": "The file is empty. Choose one that holds a polygon."},
    )
    # What was read from the file, while one of its polygons is chosen.
    several = forms.CharField(widget=forms.HiddenInput, required=False)
    feature = forms.ChoiceField(label="Which polygon of the file is it?", widget=forms.RadioSelect, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, viewer: Viewer, shown: shapely.Geometry | None = None
    ) -> None:
        """`shown` is on the map before anything is drawn. Areas are those of today, whenever the shape holds from."""
        super().__init__(data, files, initial={"shape": drawing.as_geojson(shown)} if shown else None)
        self.on = timezone.localdate()
        self.offered = {one.code: one for one in wards_in_force(self.on) if _may_draw_in(viewer, one)}
        self.asks = ""
        self._drawn: Drawn | None = None
        self._found: list[drawing.Found] = []
        self._lsoas: dict[str, Area] = {}
        self._streets: dict[str, list[tuple[float, float]]] = {}
        choices = [(code, ward.name) for code, ward in self.offered.items()]
        self._offer("wards", choices)
        self._offer("lsoa_wards", choices)
        named = [(code, f"{w.name}, {w.parent.name}" if w.parent else w.name) for code, w in self.offered.items()]
        self._offer("street_ward", [("", "Choose a ward"), *named])
        if data is not None:
            self._offer_what_was_asked(data)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        way = given.get("way")
        if not way or self.errors:
            return given
        try:
            self._drawn = getattr(self, f"_by_{way}")(given)
        except Refused as problem:
            self.add_error(_FIELDS.get(way, problem.field) if problem.field == "shape" else problem.field, str(problem))
        return given

    def drawn(self) -> Drawn | None:
        """The shape, judged, of a valid form; None while an answer is lacking."""
        return self._drawn

    @property
    def lsoa_wards_by_borough(self) -> list[dict[str, Any]]:
        return self._by_borough("lsoa_wards")

    @property
    def wards_by_borough(self) -> list[dict[str, Any]]:
        return self._by_borough("wards")

    @property
    def map_box(self) -> str:
        """West, south, east, north of what can be drawn in, for the map to begin with; "" of nothing. One query."""
        found = Boundary.objects.filter(area__in=[one.pk for one in self.offered.values()]).aggregate(
            west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north")
        )
        return ",".join(f"{value:.5f}" for value in found.values()) if found["west"] is not None else ""

    @property
    def tiles(self) -> str:
        return settings.MAP_TILE_URL

    @property
    def tiles_by(self) -> str:
        return settings.MAP_TILE_ATTRIBUTION

    # --- The ways -------------------------------------------------------------------------------------------------

    def _by_draw(self, given: dict[str, Any]) -> Drawn:
        if not given["shape"]:
            raise Refused("shape", "Nothing is drawn yet. Press “Draw a shape”, or choose another way.")
        return drawing.read(given["shape"], on=self.on, source="drawn on the map")

    def _by_lsoas(self, given: dict[str, Any]) -> Drawn | None:
        if not given["lsoa_wards"]:
            raise Refused("lsoa_wards", "Tick the wards in which the LSOAs lie.")
        if not self._lsoas:
            raise Refused("lsoa_wards", "No boundaries of LSOAs are loaded there. Choose another way.")
        if not given["lsoas"]:
            self.asks = "lsoas"
            return None
        return drawing.of_areas([self._lsoas[code] for code in given["lsoas"]], on=self.on, field="lsoas")

    def _by_wards(self, given: dict[str, Any]) -> Drawn:
        return drawing.of_areas([self.offered[code] for code in given["wards"]], on=self.on, field="wards")

    def _by_streets(self, given: dict[str, Any]) -> Drawn | None:
        if not given["street_ward"]:
            raise Refused("street_ward", "Choose the ward in which the streets lie.")
        if not self._streets:
            raise Refused("street_ward", "No map points are loaded there. Choose another way.")
        if not given["streets"]:
            self.asks = "streets"
            return None
        at = [point for name in given["streets"] for point in self._streets[name]]
        return drawing.around_streets(given["streets"], at, on=self.on)

    def _by_point(self, given: dict[str, Any]) -> Drawn:
        found = _POINT.fullmatch(given["point"])
        if not found:
            raise Refused("point", "Write the point as latitude and longitude: 51.60312, 0.21874.")
        latitude, longitude = map(float, found.groups())
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise Refused("point", "The latitude is from -90 to 90, the longitude from -180 to 180.")
        return drawing.around_point(longitude, latitude, given["radius"] or 0, on=self.on)

    def _by_paste(self, given: dict[str, Any]) -> Drawn:
        whole = drawing.together(drawing.of_text(given["pasted"], "pasted"))
        return drawing.judged(whole, "given as coordinates", on=self.on, field="pasted")

    def _by_file(self, given: dict[str, Any]) -> Drawn | None:
        if given["file"]:
            self._keep_found(drawing.of_file(given["file"].read(drawing.MOST_BYTES + 1)))
        elif not self._found:
            raise Refused("file", "Choose a file.")
        if len(self._found) > 1 and (given["file"] or not given["feature"]):
            self.asks = "feature"
            return None
        chosen = self._found
        if len(chosen) > 1 and given["feature"] != ALL_TOGETHER:
            chosen = [self._found[int(given["feature"])]]
        # What people call their files, and the polygons in them, is not kept: partners see where a shape is from.
        return drawing.judged(drawing.together(chosen), "from a file", on=self.on, field="file")

    # --- What is offered ------------------------------------------------------------------------------------------

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _offer_what_was_asked(self, data: Any) -> None:
        """The LSOAs, streets and polygons among which the answer was given."""
        way = data.get("way")
        if way == LSOAS:
            wards = [self.offered[code] for code in data.getlist("lsoa_wards") if code in self.offered]
            self._lsoas = {one.code: one for one in drawing.lsoas_of(wards, self.on)}
            self._offer("lsoas", [(code, f"{one.name} ({code})") for code, one in self._lsoas.items()])
        elif way == STREETS and data.get("street_ward") in self.offered:
            self._streets = drawing.streets_of(self.offered[data["street_ward"]], self.on)
            self._offer("streets", [(name, name) for name in self._streets])
        elif way == FILE and data.get("several"):
            try:
                self._found = drawing.unseal_found(data["several"])
            except Refused:
                self._send_without("several", "feature")
            else:
                self._offer_found()

    def _keep_found(self, found: list[drawing.Found]) -> None:
        self._found = found
        if len(found) > 1:
            self._send_without("feature")["several"] = drawing.seal_found(found)
            self._offer_found()

    def _send_without(self, *names: str) -> QueryDict:
        """What was sent, from here on without these fields."""
        sent: QueryDict = self.data.copy()  # type: ignore[attr-defined]
        for name in names:
            sent.pop(name, None)
        self.data = sent
        return sent

    def _offer_found(self) -> None:
        choices = [(str(index), f"{one.name}, {_size(one)}") for index, one in enumerate(self._found)]
        if len(choices) <= polygons.MOST_PARTS:
            choices.append((ALL_TOGETHER, "All of them, as one place"))
        self._offer("feature", choices)

    def _by_borough(self, name: str) -> list[dict[str, Any]]:
        """The boxes under each borough's name; `open` where one is ticked, or there is one borough."""
        wards = [ward.parent.name if ward.parent else "Other" for ward in self.offered.values()]
        pairs = zip(wards, self[name], strict=True)
        found = [{"name": of, "boxes": [box for _, box in rows]} for of, rows in groupby(pairs, key=lambda one: one[0])]
        for group in found:
            group["ticked"] = sum(box.data["selected"] for box in group["boxes"])
            group["open"] = bool(group["ticked"]) or len(found) == 1
        return found


# Where each way says what is wrong with its shape.
_FIELDS = {FILE: "file", PASTE: "pasted", POINT: "point", LSOAS: "lsoas", WARDS: "wards", STREETS: "streets"}


def _may_draw_in(viewer: Viewer, ward: Area) -> bool:
    codes = (ward.code, ward.parent.code) if ward.parent else (ward.code,)
    return viewer.may(Permission.CHANGE, area=codes)


def _size(found: drawing.Found) -> str:
    try:
        return drawing.hectares(area_m2(found.shape))
    except ValueError:
        return "of no size"
