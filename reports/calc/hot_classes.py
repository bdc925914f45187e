"""What twelve quarters say of a place: the classes of Esri's emerging hot spot analysis, by its definitions' words.

A quarter is hot where its Gi* is over 1.96, cold where it is under -1.96.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy import stats

CRITICAL = 1.96
TREND_ALPHA = 0.05
# "At least 90 percent of the time-step intervals".
MOSTLY = 0.9


def hot_class(scores: Sequence[float]) -> str:
    """The class of a place by its quarters' Gi* z-scores, oldest first: a value of `Candidate.HotClass`.

    The first that fits, in the order of the definitions; "none" where none does.
    """
    hot = [z > CRITICAL for z in scores]
    if not any(hot):
        return "none"
    mostly = sum(hot) >= MOSTLY * len(hot)
    if not hot[-1]:
        return "historical" if mostly else "none"
    run = next((length for length, is_hot in enumerate(reversed(hot)) if not is_hot), len(hot))
    first_time = sum(hot) == run
    if first_time and run == 1:
        return "new"
    if mostly:
        trend, p = mann_kendall(scores)
        return "persistent" if p > TREND_ALPHA else "intensifying" if trend > 0 else "diminishing"
    if first_time:
        return "consecutive"
    return "oscillating" if any(z < -CRITICAL for z in scores) else "sporadic"


def mann_kendall(values: Sequence[float]) -> tuple[int, float]:
    """(S, two-sided p) of the Mann-Kendall test for a trend, with the correction for ties; S > 0 rises."""
    rises = sum((later > earlier) - (later < earlier) for earlier, later in combinations(values, 2))
    number = len(values)
    ties = np.unique(np.asarray(values, dtype=np.float64), return_counts=True)[1]
    variance = (number * (number - 1) * (2 * number + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    if variance == 0 or rises == 0:
        return rises, 1.0
    z = (abs(rises) - 1) / math.sqrt(variance)
    return rises, float(2 * stats.norm.sf(z))
