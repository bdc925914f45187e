"""The areas that roles, keys and agreements can be narrowed to.

Areas lie to the right of this app: `hotspots` provides the function that reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One borough or ward that is in force. `within` is the name of a ward's borough, "" of a borough."""

    code: str
    name: str
    within: str


_providers: list[Callable[[], list[Choice]]] = []


def provide(reader: Callable[[], list[Choice]]) -> None:
    """Names the function that reads all choices: boroughs first, each followed by its wards. One query."""
    _providers[:] = [reader]


def choices() -> list[Choice]:
    """Every borough and ward in force, boroughs each followed by their wards; none before any is loaded."""
    return _providers[0]() if _providers else []


def with_wards(codes: Iterable[str]) -> frozenset[str]:
    """Some codes, and those of the wards of the boroughs among them."""
    given = frozenset(codes)
    every = choices()
    boroughs = {choice.name for choice in every if choice.code in given and not choice.within}
    return given | {choice.code for choice in every if choice.within in boroughs}


def names(codes: Iterable[str]) -> list[str]:
    """The names of some codes, in order; a code that is not known names itself. No query where there are none."""
    wanted = list(codes)
    known = {choice.code: choice.name for choice in choices()} if wanted else {}
    return [known.get(code, code) for code in wanted]
