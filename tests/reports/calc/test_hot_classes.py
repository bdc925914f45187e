"""Classes against sfdep where it agrees with Esri's words, else against those words; trends against pymannkendall."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calc.hot_classes import hot_class, mann_kendall
from reports.models import Candidate
from tests.reference import places_of_crime as reference

# Classified by R's sfdep (JosiahParry/sfdep @008a59b), which agrees with Esri's definitions on these.
SFDEP = {
    "new": [0.2, 0.4, -0.1, 0.3, 0.8, 0.5, 0.6, 0.9, 1.1, 0.7, 0.9, 2.8],
    "consecutive": [0.2, 0.4, -0.1, 0.3, 0.8, 0.5, 0.6, 0.9, 1.1, 2.3, 2.6, 2.8],
    "intensifying": [2.1, 2.2, 2.4, 2.3, 2.6, 2.7, 2.9, 3, 3.3, 3.2, 3.6, 3.9],
    "persistent": [3.1, 2.6, 2.9, 3.3, 2.4, 3, 2.7, 3.2, 2.8, 2.5, 3.1, 2.9],
    "diminishing": [4.1, 3.9, 3.6, 3.7, 3.4, 3.1, 3.2, 2.9, 2.7, 2.6, 2.4, 2.2],
    "sporadic": [0.4, 2.3, 0.8, 2.1, 0.3, 0.9, 2.6, 0.2, 1.1, 2.4, 0.5, 2.2],
    "oscillating": [-2.3, -0.4, 0.5, 2.4, -2.2, 0.8, 2.1, 0.3, -0.6, 1.2, 0.7, 2.5],
    "historical": [2.9, 3.1, 2.7, 2.6, 3, 2.4, 2.8, 2.5, 2.3, 2.6, 2.2, -0.3],
    "none": [0.2, -0.5, 0.7, 1.1, -0.3, 0.4, 0.9, -0.8, 0.1, 0.6, -0.2, 0.5],
}


@pytest.mark.parametrize("name", SFDEP)
def test_classes_of_sfdep(name: str) -> None:
    assert hot_class(SFDEP[name]) == name


@pytest.mark.parametrize(
    ("name", "scores"),
    [
        # Esri: never hot before the final run, even where it was cold.
        ("consecutive", [-2.5] * 9 + [2.1] * 3),
        ("new", [-2.5] * 11 + [2.1]),
        # Eleven of twelve are 90 percent, ten are not.
        ("persistent", [0.0] + [2.1, 2.3] * 5 + [2.1]),
        ("sporadic", [2.1, 0.0, 0.0] + [2.1] * 9),
        ("consecutive", [0.0] * 2 + [2.1] * 10),
        # Not hot now, and not mostly hot before.
        ("none", [2.1] * 10 + [0.0] * 2),
        # Exactly on the limit is not hot, nor cold.
        ("none", [0.0] * 11 + [1.96]),
        ("sporadic", [-1.96, 2.1, 0.0, 2.1] * 3),
        # Rising, with p = 0.064: at five percent, no trend.
        ("persistent", [2.0, 2.5, 2.1, 2.6, 2.4, 2.2, 2.7, 2.3, 2.9, 2.8, 2.05, 2.95]),
    ],
)
def test_esris_words_at_their_edges(name: str, scores: list[float]) -> None:
    assert hot_class(scores) == name


@given(st.lists(st.floats(-4, 5).map(lambda z: round(z, 1)), min_size=12, max_size=12))
def test_every_series_has_the_class_of_the_definitions_read_one_by_one(scores: list[float]) -> None:
    found = hot_class(scores)
    assert found in Candidate.HotClass.values
    assert found == reference.hot_class(scores)


def test_trends_are_those_of_pymannkendall() -> None:
    # pymannkendall 1.4.3, original_test.
    rises, p = mann_kendall([5, 7, 6, 9, 8, 11, 10, 14, 12, 13, 17, 15])
    assert rises == 54
    assert p == pytest.approx(0.0002786876842340025, abs=1e-9, rel=0)
    rises, p = mann_kendall([5, 5, 6, 7, 6, 8, 8, 9, 12, 11, 11, 13])
    assert rises == 56
    assert p == pytest.approx(0.00014039745531069237, abs=1e-9, rel=0)
    assert mann_kendall([3, 3, 3, 3]) == (0, 1.0)
