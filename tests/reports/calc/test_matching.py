"""Finding names by what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calc.matching import Matcher, Name, Tier, words

NAMES = [
    Name("Gooshays", "E05013970", "ward Havering"),
    Name("Heaton", "E05013975", "ward Havering"),
    Name("Romford Town", "E05000316", "ward Havering"),
    Name("Rush Green & Crowlands", "E05013976", "ward Havering"),
    Name("St Alban's", "E05013978", "ward Havering"),
    Name("Havering", "E09000016", "borough"),
    Name("Shoplifting", "", "category"),
    Name("Anti-social behaviour", "ASB", "category"),
    Name("Straight Road", "", "Gooshays Heaton"),
    Name("Station Road", "", "Harold Wood"),
    Name("Havering 001A", "E01002253", "lsoa"),
    Name("Café Élan", "", ""),
    Name("東京通り", "", ""),
]
MATCHER = Matcher(NAMES)


def found(text: str) -> list[tuple[str, Tier]]:
    """Best first."""
    matches = sorted(MATCHER.find(text), key=lambda match: (match.tier, -match.likeness, match.position))
    return [(NAMES[match.position].name, match.tier) for match in matches]


@pytest.mark.parametrize(
    ("typed", "name", "tier"),
    [
        ("gooshays", "Gooshays", Tier.WHOLE),
        ("  GOOSHAYS ", "Gooshays", Tier.WHOLE),
        ("e05013970", "Gooshays", Tier.WHOLE),
        ("shop lifting", "Shoplifting", Tier.WHOLE),
        ("asb", "Anti-social behaviour", Tier.WHOLE),
        ("antisocial behaviour", "Anti-social behaviour", Tier.WHOLE),
        ("st albans", "St Alban's", Tier.WHOLE),
        ("rush green and crowlands", "Rush Green & Crowlands", Tier.WHOLE),
        ("straight rd", "Straight Road", Tier.WHOLE),
        ("cafe elan", "Café Élan", Tier.WHOLE),
        ("東京通り", "東京通り", Tier.WHOLE),
        ("havering 001a", "Havering 001A", Tier.WHOLE),
        ("rom", "Romford Town", Tier.BEGINNING),
        ("green", "Rush Green & Crowlands", Tier.WORDS),
        ("crowlands rush", "Rush Green & Crowlands", Tier.WORDS),
        ("gooshays ward", "Gooshays", Tier.WORDS),
        ("gooshays havering", "Gooshays", Tier.WORDS),
        ("Goosehays", "Gooshays", Tier.ALIKE),
        ("Rumford", "Romford Town", Tier.ALIKE),
        ("shop lifing", "Shoplifting", Tier.ALIKE),
        ("anti social behavior", "Anti-social behaviour", Tier.ALIKE),
        ("hevering", "Havering", Tier.ALIKE),
        ("straigt road", "Straight Road", Tier.ALIKE),
    ],
)
def test_what_is_meant_comes_first(typed: str, name: str, tier: Tier) -> None:
    assert found(typed)[0] == (name, tier)


@pytest.mark.parametrize(
    "typed", ["", " ", "%", "'; --", "🙂", "...", "ward", "category", "xyzzy", "gooshays xyzzy", "E05013971"]
)
def test_what_nothing_is_called(typed: str) -> None:
    assert found(typed) == []


def test_context_narrows_but_finds_nothing_alone() -> None:
    assert found("road gooshays") == [("Straight Road", Tier.WORDS)]
    assert found("harold wood") == []


def test_words_of_a_name() -> None:
    assert words("King’s Café & Bar, O'Neill_1") == ["kings", "cafe", "and", "bar", "oneill", "1"]


@given(st.text(max_size=200))
def test_any_text_is_answered_once_a_name(text: str) -> None:
    positions = [match.position for match in MATCHER.find(text)]
    assert len(positions) == len(set(positions))
    assert set(positions) <= set(range(len(NAMES)))


@given(st.sampled_from([name.name for name in NAMES]), st.data())
def test_every_beginning_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(name)))
    if words(name[:cut]):
        assert name in [one for one, tier in found(name[:cut]) if tier < Tier.ALIKE]


@given(st.sampled_from(["Gooshays", "Romford", "Shoplifting", "Crowlands", "Straight"]), st.data())
def test_one_slip_in_a_long_word_is_forgiven(word: str, data: st.DataObject) -> None:
    """A letter left out, doubled, put in place of another, or swapped with its neighbour."""
    at = data.draw(st.integers(1, len(word) - 2))
    slips = [word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word[:at] + "x" + word[at + 1 :]]
    slips.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    for slip in slips:
        assert any(word in name for name, _ in found(slip)), slip
