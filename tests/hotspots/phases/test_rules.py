"""What the phases of a place can be: every rule and its sentence."""

from __future__ import annotations

from datetime import date

import pytest

from hotspots.phases.rules import Spell, check, unusual
from partners.refusals import Refused

DRAWN, TODAY = date(2024, 3, 1), date(2026, 6, 1)
BEFORE = Spell("clear", date(2026, 1, 1), date(2026, 2, 1))


@pytest.mark.parametrize(
    ("spell", "others", "field", "sentence"),
    [
        (Spell("clear", date(2022, 2, 28)), [], "starts", "at most 2 years before that, on 1 March 2022 or later"),
        (Spell("clear", date(2027, 6, 2)), [], "starts", "within a year from today, by 1 June 2027"),
        (Spell("clear", TODAY, planned_end=date(2026, 5, 31)), [], "planned_end", "cannot be planned to end before"),
        (Spell("clear", TODAY, date(2026, 5, 31)), [], "ends", "It began on 1 June 2026: it cannot have ended before"),
        (Spell("clear", TODAY, date(2026, 6, 2)), [], "ends", "The last day has not come yet"),
        (Spell("clear", date(2026, 1, 31)), [BEFORE], "starts", "from 1 January 2026 to 1 February 2026 already"),
        (Spell("clear", date(2026, 3, 1)), [Spell("clear", TODAY)], "starts", "goes on since 1 June 2026 already"),
    ],
)
def test_what_cannot_be_is_said(spell: Spell, others: list[Spell], field: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        check(spell, others, drawn=DRAWN, today=TODAY)
    assert refused.value.field == field
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("spell", "others"),
    [
        (Spell("clear", date(2022, 3, 1), TODAY, TODAY), []),
        (Spell("clear", date(2027, 6, 1), planned_end=date(2030, 1, 1)), []),
        # It may be over on the day on which it began.
        (Spell("clear", TODAY, TODAY, TODAY), []),
        # Another phase overlaps; the same one begins again on the day on which it ended.
        (Spell("hold", date(2026, 1, 15)), [BEFORE]),
        (Spell("clear", date(2026, 2, 1)), [BEFORE]),
        (Spell("clear", date(2025, 12, 1), date(2026, 1, 1)), [BEFORE]),
    ],
)
def test_what_can_be_passes(spell: Spell, others: list[Spell]) -> None:
    check(spell, others, drawn=DRAWN, today=TODAY)


def test_dates_must_hold_the_days_on_which_gates_were_decided() -> None:
    spell = Spell("clear", date(2026, 2, 1), date(2026, 4, 1))
    check(spell, [], drawn=DRAWN, today=TODAY, decided=[date(2026, 2, 1), date(2026, 4, 1)])
    for day, field in ((date(2026, 1, 31), "starts"), (date(2026, 4, 2), "ends")):
        with pytest.raises(Refused, match="A gate was decided in this phase on") as refused:
            check(spell, [], drawn=DRAWN, today=TODAY, decided=[day])
        assert refused.value.field == field
    with pytest.raises(Refused, match="A gate was decided in this phase on 2 June 2026"):
        check(Spell("clear", TODAY), [], drawn=DRAWN, today=TODAY, decided=[date(2026, 6, 2)])


def test_29_february() -> None:
    check(Spell("clear", date(2022, 2, 28)), [], drawn=date(2024, 2, 29), today=date(2024, 2, 29))


@pytest.mark.parametrize(
    ("phase", "others", "said"),
    [
        ("prepare", [], ""),
        ("clear", [], "Clear would begin without Prepare before it."),
        ("clear", [Spell("prepare", TODAY)], ""),
        ("build", [Spell("clear", date(2026, 1, 1))], "Build would begin without Hold before it."),
        ("build", [Spell("hold", date(2026, 7, 1))], "Build would begin without Hold before it."),
        ("build", [Spell("hold", date(2026, 1, 1), date(2026, 2, 1))], ""),
        (
            "clear",
            [Spell("prepare", DRAWN, TODAY), Spell("hold", DRAWN)],
            "Clear would begin while Hold goes on. A gate can decide to go back.",
        ),
        ("clear", [Spell("prepare", DRAWN, TODAY), Spell("hold", DRAWN, TODAY)], ""),
    ],
)
def test_an_unusual_order_is_named(phase: str, others: list[Spell], said: str) -> None:
    assert unusual(phase, TODAY, others) == said
