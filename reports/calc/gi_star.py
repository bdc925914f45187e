"""Getis-Ord Gi*: does a place, with its neighbours, hold more than so many places drawn at random would? Pure numpy.

Weights are binary, the place itself included. Reproduces R's spdep (`localG` with `include.self`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Neighbours = NDArray[np.bool_]
# Neighbours of a place that touches no other.
NEAREST = 6
# Metres between shapes that still touch: boundaries are often published generalised one by one.
SLIVER = 5.0


def neighbours(shapes: Sequence[shapely.Geometry]) -> Neighbours:
    """Which places are neighbours (n x n, each its own): those that share an edge or a corner ("queen").

    A place that touches no other has the six with the nearest centroids for neighbours. Shapes are in metres.
    """
    number = len(shapes)
    found = np.eye(number, dtype=np.bool_)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=SLIVER)
    found[one, other] = True
    alone = np.flatnonzero(found.sum(axis=1) == 1)
    if len(alone) and number > 1:
        middles = shapely.get_coordinates(shapely.centroid(shapes))
        apart = np.hypot(*(middles[alone, np.newaxis] - middles).transpose(2, 0, 1))
        found[np.repeat(alone, min(NEAREST + 1, number)), np.argsort(apart, axis=1)[:, : NEAREST + 1].ravel()] = True
    return found


def z_scores(values: Floats, near: Neighbours) -> Floats:
    """Gi* of each place as a z-score; NaN where it cannot be computed.

    `values` has a figure for each place, NaN where it is unknown: such a place has no score and counts in none. There
    is no score either where all figures are alike, or all places are neighbours of one.
    """
    result = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    x, weights = values[known], near[np.ix_(known, known)].astype(float)
    if len(x) < 2 or x.max() == x.min():
        return result
    number, mean, spread = len(x), x.mean(), x.std()
    of_each = weights.sum(axis=1)
    scale = spread * np.sqrt((number * of_each - of_each**2) / (number - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        result[known] = np.where(of_each < number, (weights @ x - mean * of_each) / scale, np.nan)
    return result


def upper_tail(z: Floats) -> Floats:
    """One-sided p of each score: how often chance alone would give this much or more. NaN stays NaN."""
    return np.asarray(stats.norm.sf(z), dtype=np.float64)


def discoveries(p: Floats, alpha: float) -> NDArray[np.bool_]:
    """Which p-values stand after Benjamini and Hochberg (1995): of those, a share `alpha` is false in the long run.

    NaN is none, and is no test either.
    """
    found = np.zeros(len(p), dtype=np.bool_)
    known = ~np.isnan(p)
    if known.any():
        found[known] = stats.false_discovery_control(p[known], method="bh") <= alpha
    return found
