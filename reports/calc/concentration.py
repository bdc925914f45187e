"""How far crime is concentrated in few places, and how well places that were picked did on later data. Pure numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def lorenz(counts: Sequence[int]) -> Floats:
    """The concentration curve: of the busiest 0, 1, 2 ... places, the share that they hold. One more than places.

    All zero without any crime.
    """
    ordered = np.sort(np.asarray(counts, dtype=np.float64))[::-1]
    held = np.concatenate([[0.0], np.cumsum(ordered)])
    return held / held[-1] if held[-1] else held


def fewest_holding(counts: Sequence[int], share: float) -> int:
    """The fewest places that together hold a share (0 to 1) of all; 0 without any crime."""
    curve = lorenz(counts)
    # A hair less: sums such as 0.1 + 0.2 lie beside their figure.
    return int(np.argmax(curve >= share - 1e-12)) if curve[-1] else 0


def gini(counts: Sequence[int]) -> float | None:
    """The Gini coefficient: 0 = spread evenly over the places, near 1 = all in one. None without any crime."""
    found = _ginis(counts)
    return found[0] if found else None


def generalised_gini(counts: Sequence[int]) -> float | None:
    """That of Bernasco and Steenbeek (2017), which does not take few crimes over many places for concentration.

    The same as `gini` where there are as many crimes as places, or more. None without any crime.
    """
    found = _ginis(counts)
    return found[1] if found else None


def _ginis(counts: Sequence[int]) -> tuple[float, float] | None:
    ordered = np.sort(np.asarray(counts, dtype=np.float64))
    places, crimes = len(ordered), float(ordered.sum())
    if not crimes:
        return None
    inner = 2 * float((np.arange(1, places + 1) * ordered).sum()) / crimes - places - 1
    return inner / places, max(1 / crimes, 1 / places) * inner - max(places / crimes, 1) + 1


def excess(counts: Sequence[int], sizes: Sequence[float]) -> Floats:
    """How strongly each place's count speaks against an even spread over the ground: the log likelihood ratio of
    Kulldorff's scan statistic (1997), negative where the count is below what its size would have.

    It weighs how dense a place is with how much there is to go by: few crimes on little ground rank low, and so does a
    large place with many crimes that are thinly spread. Zero without any crime.
    """
    found, ground = np.asarray(counts, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    total = found.sum()
    even = total * ground / ground.sum()
    inside, outside = _times_log(found, even), _times_log(total - found, total - even)
    return np.where(found >= even, 1, -1) * np.maximum(inside + outside, 0)


def _times_log(count: Floats, even: Floats) -> Floats:
    """count x log(count / even), zero where nothing is counted."""
    share = np.divide(count, even, out=np.ones_like(count), where=(count > 0) & (even > 0))
    return count * np.log(share)


class Picked(NamedTuple):
    """How the first so many places of a ranking did. Shares are 0 to 1; None without any crime.

    `pai`: their share of the crimes over their share of the ground (the prediction accuracy index; 1 = no better than
    chance). `pei`: of the PAI that the same ground could have had at most, the part reached. `rri`: crimes expected
    there for each that came (the recapture rate index); None where none came.
    """

    places: int
    area_share: float
    hit_rate: float | None
    pai: float | None
    pei: float | None
    rri: float | None


def picked(
    expected: Sequence[float], observed: Sequence[float], areas: Sequence[float], score: Sequence[float] | None = None
) -> list[Picked]:
    """How the best place did, the best two, and so on: ranked by what was expected, judged by what was observed.

    `score` ranks instead where it is given, the highest first. Places that are ranked alike are taken worst first, so
    that no luck in the order flatters the result.
    """
    came, size = np.asarray(observed, dtype=np.float64), np.asarray(areas, dtype=np.float64)
    foreseen = np.asarray(expected, dtype=np.float64)
    order = np.lexsort((came, -(foreseen if score is None else np.asarray(score, dtype=np.float64))))
    ground = np.cumsum(size[order]) / size.sum()
    total = came.sum()
    hits = np.cumsum(came[order])
    sums = np.cumsum(foreseen[order])
    # The most that any ground of this size could hold: the densest places first, the last of them in part.
    dense = np.argsort(-came / size, kind="stable")
    best = np.interp(
        ground,
        np.concatenate([[0.0], np.cumsum(size[dense]) / size.sum()]),
        np.concatenate([[0.0], np.cumsum(came[dense])]),
    )
    return [
        Picked(
            places=index + 1,
            area_share=float(ground[index]),
            hit_rate=float(hits[index] / total) if total else None,
            pai=float(hits[index] / total / ground[index]) if total else None,
            pei=float(hits[index] / best[index]) if best[index] else None,
            rri=float(sums[index] / hits[index]) if hits[index] else None,
        )
        for index in range(len(order))
    ]
