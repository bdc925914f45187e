"""Which year's residents stand for a year."""

from __future__ import annotations

from collections.abc import Mapping


def figure(by_year: Mapping[int, int], year: int) -> int | None:
    """The residents of the latest year not after `year`, else of the earliest later one; None without any figure."""
    if not by_year:
        return None
    return by_year[max((known for known in by_year if known <= year), default=min(by_year))]


def weighted(shares: Mapping[int, float], residents: Mapping[int, int | None]) -> int | None:
    """Residents of an area made of parts: each part's residents times its share, rounded to whole people.

    None where a part's residents are not known, or where there is no part.
    """
    known = [(share, residents.get(part)) for part, share in shares.items()]
    if not known or any(people is None for _, people in known):
        return None
    return round(sum(share * people for share, people in known if people is not None))
