"""Many records of a register as one file, CSV or JSON lines: bytes to rows, each with its number and what is wrong.

Both say what the API's bodies say, by the same names; CSV also takes what people write: 6/11/2026 19:00, yes, a label
in place of a word. Rows with parts stand in CSV as the API writes them: JSON in the cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import Any

import orjson
from rest_framework import serializers as s

from interventions.api.shapes import row_body
from interventions.bulk.actions import ANY_RULE
from interventions.calc.clock import moments
from interventions.registers.register import Register
from partners import csv_import
from partners.api import bodies, parameters
from partners.api.bodies import Moment

MOST_ROWS = 10_000
MOST_BYTES = 9_000_000


_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_CLOCK = re.compile(r"(.{8,10})[ T](\d{1,2}:\d\d(?::\d\d)?)")
_TRUTH = {"yes": True, "true": True, "1": True, "y": True, "no": False, "false": False, "0": False, "n": False}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a row: of a field by its name in the API, "" of the whole row; and the rule that says so."""

    field: str
    sentence: str
    rule: str = ""
    source: str = ""


@dataclass(slots=True)
class Line:
    """One row. `number` counts as a spreadsheet does, or is that of the line."""

    number: int
    # What it says, by the API's names; None where it cannot be read.
    given: dict[str, Any] | None
    wrong: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Read:
    """The rows of a file, and the headings of columns that mean nothing here."""

    lines: list[Line]
    ignored: list[str]


def of_csv(register: Register, text: str) -> Read:
    """Raises ValueError with a sentence where it is no such table."""
    fields = row_body(register)().fields
    columns = [csv_import.Column(name, name, one.required) for name, one in fields.items()]
    table = csv_import.read(text, columns, most=MOST_ROWS)
    cells = {name: _reader(one) for name, one in fields.items()}
    body = row_body(register)()
    lines = []
    for row in table.rows:
        line = Line(row.number, None)
        if row.error:
            line.wrong.append(Wrong("", row.error))
        else:
            _fill(line, body, _values(row.values, cells, line))
        lines.append(line)
    return Read(lines, table.ignored)


def of_lines(register: Register, sent: bytes) -> Read:
    """JSON lines: an object on each. Raises ValueError with a sentence where there are none, or too many."""
    body = row_body(register)()
    texts = [(number, text) for number, text in enumerate(sent.split(b"\n"), start=1) if text.strip()]
    if not texts:
        raise ValueError("There are no rows.")
    if len(texts) > MOST_ROWS:
        raise ValueError(f"There are more than {MOST_ROWS:,} rows. Split them into several requests.")
    return Read([_line(number, text, body) for number, text in texts], [])


def _line(number: int, text: bytes, body: s.Serializer[Any]) -> Line:
    line = Line(number, None)
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        line.wrong.append(Wrong("", f"The line is not JSON: {error}."))
        return line
    if not isinstance(data, dict):
        line.wrong.append(Wrong("", "The line is not an object."))
        return line
    _fill(line, body, data)
    return line


def _fill(line: Line, body: s.Serializer[Any], data: dict[str, Any]) -> None:
    """Reads what a row says as the API reads a body."""
    try:
        given = body.run_validation(data)
    except s.ValidationError as error:
        known = {one.field for one in line.wrong}
        found = bodies.flat(error.detail) if isinstance(error.detail, Mapping) else {"": [str(error.detail)]}
        line.wrong += [Wrong(name, sentence) for name, said in found.items() if name not in known for sentence in said]
    else:
        line.given = None if line.wrong else given


def _values(row: Mapping[str, str], cells: Mapping[str, Callable[[str], Any]], line: Line) -> dict[str, Any]:
    """The cells with anything in them as JSON would have them."""
    found = {}
    for name, text in row.items():
        if not text:
            continue
        try:
            found[name] = cells[name](text)
        except ValueError as error:
            line.wrong.append(Wrong(name, str(error)))
    return found


# --- Cells --------------------------------------------------------------------------------------------------------


def _reader(of: Any) -> Callable[[str], Any]:
    """What makes of a cell's text what JSON would hold."""
    if isinstance(of, s.ChoiceField):
        return _choice(of)
    if isinstance(of, s.ListField):
        if isinstance(of.child, s.Serializer):
            return _json
        return lambda text: [_whole(one) if isinstance(of.child, s.IntegerField) else one for one in _split(text)]
    if isinstance(of, s.DictField):
        return _json if type(of) is not s.DictField else _reasons
    readers: tuple[tuple[type, Callable[[str], Any]], ...] = (
        (s.BooleanField, _truth),
        (s.IntegerField, _whole),
        (s.FloatField, _number),
        (Moment, _moment),
        (s.DateField, lambda text: day_of(text).isoformat()),
    )
    return next((read for kind, read in readers if isinstance(of, kind)), str)


def _choice(of: s.ChoiceField) -> Callable[[str], Any]:
    """A word as the API writes it, or its label on the page."""
    words = {str(value).casefold(): value for value in of.choices}
    words |= {str(label).casefold(): value for value, label in of.choices.items()}

    def read(text: str) -> Any:
        if text.casefold() not in words:
            raise ValueError(f"{parameters.shown(text)} is none of these: {_listed(of)}.")
        return words[text.casefold()]

    return read


def _split(text: str) -> list[str]:
    return [one for one in re.split(r"[;,\s]+", text) if one]


def _whole(text: str) -> Any:
    if not re.fullmatch(r"-?\d{1,12}", text.replace(",", "")):
        raise ValueError("This must be a whole number.")
    return int(text.replace(",", ""))


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "").removeprefix("£"))
    except ValueError:
        raise ValueError("This must be a number.") from None


def _truth(text: str) -> bool:
    if text.casefold() not in _TRUTH:
        raise ValueError("Write yes or no.")
    return _TRUTH[text.casefold()]


def day_of(text: str) -> date:
    """2026-11-06 or 6/11/2026. Raises ValueError with a sentence."""
    try:
        if found := _DAY.fullmatch(text):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("Write the day as 2026-11-06 or 06/11/2026.") from None


def _moment(text: str) -> str:
    """A moment with its offset, or a day and a time by London's clocks."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given and given.tzinfo:
        return text
    found = _CLOCK.fullmatch(text)
    if not found:
        raise ValueError("Write the day and the time, as 2026-11-06 19:00 or 06/11/2026 19:00.")
    try:
        at = time.fromisoformat(found[2].rjust(5, "0") if len(found[2]) < 6 else found[2])
    except ValueError:
        raise ValueError("The time is from 00:00 to 23:59.") from None
    meant = moments(day_of(found[1]), at)
    if not meant:
        raise ValueError("Clocks go forward then: there is no such time on that day.")
    if len(meant) > 1:
        raise ValueError(
            "Clocks go back then, and this time comes twice: add +01:00 for the first, +00:00 for the second."
        )
    return meant[0].isoformat()


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise ValueError("This must be JSON, as the API writes it.") from None


def _reasons(text: str) -> Any:
    """JSON by rule, or one sentence for whatever is warned of."""
    return _json(text) if text.startswith("{") else {ANY_RULE: text}


# --- Templates ----------------------------------------------------------------------------------------------------


@cache
def columns(register: Register) -> list[tuple[str, bool, str]]:
    """(name, whether it must be there, what it is and which words it takes) of each column."""
    return [
        (name, one.required, f"{_in_a_file(str(one.help_text or ''))}{_words(one)}")
        for name, one in row_body(register)().fields.items()
    ]


def _in_a_file(said: str) -> str:
    """What the API says of a field, of a cell: its times are London's, and nothing is null."""
    return said.replace(" With its offset.", "").replace("Null = ", "Empty = ")


def _words(of: Any) -> str:
    return f" One of: {_listed(of)}." if isinstance(of, s.ChoiceField) else ""


def _listed(of: s.ChoiceField) -> str:
    return "; ".join(map(str, of.choices.values()))


def example(register: Register, sent: Mapping[str, Any]) -> Iterator[str]:
    """One row in the order of the columns, of what would be sent as JSON."""
    for name, _, _ in columns(register):
        said = sent.get(name, "")
        if isinstance(said, bool):
            said = "yes" if said else "no"
        if isinstance(said, list):
            plain = all(isinstance(one, str | int) for one in said)
            said = " ".join(map(str, said)) if plain else orjson.dumps(said).decode()
        yield orjson.dumps(said).decode() if isinstance(said, dict) else str(said)
