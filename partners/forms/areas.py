"""Choosing the boroughs and wards to which a role, key, agency or agreement is narrowed.

    area_codes = AreasField(label="Areas", help_text="Which records this key reads.")

Cleans to a list of codes, empty for everywhere. Few areas are ticked, many are typed: either way the browser sends
names or codes, and works without a script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from partners import areas

# More than so many boxes nobody reads through: then names are typed.
MOST_BOXES = 100
LONGEST_LIST = 1000
EVERYWHERE = "everywhere"


class AreasInput(forms.Widget):
    """Boxes under each borough, or a text with one area a line."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices: list[areas.Choice] = []

    @property
    def is_group(self) -> bool:
        """Whether it is several controls, with a legend in place of a label."""
        return 0 < len(self.choices) <= MOST_BOXES

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if self.is_group and id_ else id_

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        sent = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        texts = [sent] if isinstance(sent, str) else sent
        return [line.strip() for text in texts for line in str(text).splitlines() if line.strip()]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False  # as of boxes: none ticked is an answer

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        attributes = {**self.attrs, **(attrs or {})}
        chosen = list(value or [])
        context: dict[str, Any] = {
            "name": name,
            "id": attributes.get("id", ""),
            "described_by": attributes.get("aria-describedby", ""),
            "wrong": "--error" in attributes.get("class", ""),
        }
        if self.is_group:
            context["boroughs"] = _boroughs(self.choices, set(chosen))
            known = {choice.code for choice in self.choices}
            context["others"] = [line for line in chosen if line not in known]
            return render_to_string("components/areas_boxes.html", context)
        said = {choice.code: name for name, choice in _by_name(self.choices).items()}
        context["text"] = "\n".join(said.get(line, line) for line in chosen)
        return render_to_string("components/areas_text.html", context)


class AreasField(forms.Field):
    """Boroughs and wards in force, by code or name; cleans to codes. Reads them when the form is made: one query."""

    widget = AreasInput

    def __init__(self, *, label: str = "Areas", help_text: str = "", **options: Any) -> None:
        super().__init__(label=label, help_text=help_text, required=False, **options)
        self.kept: frozenset[str] = frozenset()

    def __deepcopy__(self, memo: dict[int, Any]) -> AreasField:
        copy: AreasField = super().__deepcopy__(memo)
        widget = cast(AreasInput, copy.widget)
        widget.choices = areas.choices()
        how = "Tick none" if widget.is_group else "One borough or ward a line, by name or code. Leave it empty"
        copy.help_text = f"{self.help_text} {how} for everywhere.".strip()
        return copy

    def keeping(self, codes: Iterable[str]) -> None:
        """Codes that may stay though they are no longer in force."""
        self.kept = frozenset(codes)

    def clean(self, value: Any) -> list[str]:
        """Codes, each once, in order. Raises ValidationError that names what is not known."""
        try:
            return resolve(value or [], cast(AreasInput, self.widget).choices, keep=self.kept)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(initial or []) != set(data or [])


def resolve(lines: Iterable[str], choices: list[areas.Choice], *, keep: Iterable[str] = ()) -> list[str]:
    """The codes that names or codes stand for, each once; "everywhere" alone stands for none.

    A name that two boroughs have is told apart by its borough: "Park, Havering". Raises ValueError with a sentence
    that names every line that is not known.
    """
    wanted = list(lines)
    if [line.casefold() for line in wanted] == [EVERYWHERE]:
        return []
    if len(wanted) > LONGEST_LIST:
        raise ValueError(f"Choose at most {LONGEST_LIST:,} areas; these are {len(wanted):,}.")
    codes = {choice.code.casefold(): choice.code for choice in choices} | {code.casefold(): code for code in keep}
    by_name = {name.casefold(): choice for name, choice in _by_name(choices).items()}
    by_name |= {_full(choice).casefold(): choice for choice in choices if choice.within}
    found: list[str] = []
    unknown: list[str] = []
    for line in wanted:
        plain = line.casefold()
        if plain in codes:
            found.append(codes[plain])
        elif plain in by_name:
            found.append(by_name[plain].code)
        else:
            unknown.append(line)
    if unknown:
        raise ValueError(_not_known(unknown, choices))
    return list(dict.fromkeys(found))


def _not_known(unknown: list[str], choices: list[areas.Choice]) -> str:
    plain = unknown[0].casefold()
    same = [choice for choice in choices if choice.within and choice.name.casefold() == plain]
    if same:
        told_apart = " or ".join(f"“{_full(choice)}”" for choice in same[:4])
        return f"There is more than one “{unknown[0]}”. Write {told_apart}."
    shown = ", ".join(f"“{line[:60]}”" for line in unknown[:5])
    more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
    return f"No borough or ward in force is called {shown}{more}. Write names as the wards page does, or codes."


def _full(choice: areas.Choice) -> str:
    return f"{choice.name}, {choice.within}" if choice.within else choice.name


def _by_name(choices: list[areas.Choice]) -> dict[str, areas.Choice]:
    """How each area is called by itself: its name, with its borough where another area has the same name."""
    times = Counter(choice.name.casefold() for choice in choices)
    return {_full(choice) if times[choice.name.casefold()] > 1 else choice.name: choice for choice in choices}


@dataclass
class _Box:
    """One area to tick. `number` tells the boxes' ids apart."""

    number: int
    choice: areas.Choice
    ticked: bool


@dataclass
class _Borough:
    """A borough's own box, None where only its wards are known, and those of its wards."""

    name: str
    box: _Box | None = None
    wards: list[_Box] = field(default_factory=list)

    @property
    def ticked(self) -> int:
        """How many of its wards are."""
        return sum(ward.ticked for ward in self.wards)


def _boroughs(choices: list[areas.Choice], chosen: set[str]) -> list[_Borough]:
    found: dict[str, _Borough] = {}
    for number, choice in enumerate(choices):
        box = _Box(number, choice, choice.code in chosen)
        borough = found.setdefault(choice.within or choice.name, _Borough(choice.within or choice.name))
        if choice.within:
            borough.wards.append(box)
        else:
            borough.box = box
    return list(found.values())
