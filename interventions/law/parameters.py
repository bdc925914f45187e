"""Looking the numbers of the law up: always as at a day, so that an old order keeps the old limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from interventions.models import LegalParameter


class Law:
    """All parameters that are switched on, read at once."""

    def __init__(self, parameters: Iterable[LegalParameter]) -> None:
        self._held: dict[tuple[str, str], list[LegalParameter]] = defaultdict(list)
        for one in parameters:
            if one.is_on:
                self._held[one.instrument, one.key].append(one)

    @classmethod
    def now(cls) -> Law:
        """The law as it is kept now. One query."""
        return cls(LegalParameter.objects.filter(is_on=True))

    def parameter(self, instrument: str, key: str, on: date) -> LegalParameter | None:
        """What holds on a day; None where nothing that was verified does. Of several, the one that began last."""
        holding = [
            one
            for one in self._held[instrument, key]
            if (one.valid_from is None or one.valid_from <= on) and (one.valid_to is None or on < one.valid_to)
        ]
        return max(holding, key=lambda one: (one.valid_from or date.min, one.pk or 0), default=None)

    def number(self, instrument: str, key: str, on: date) -> Decimal | None:
        """The value that holds on a day, in its own unit; None as above: then no rule can say that it is exceeded."""
        found = self.parameter(instrument, key, on)
        return None if found is None else found.value

    def whole(self, instrument: str, key: str, on: date) -> int | None:
        """As `number`, of what is counted in whole units."""
        found = self.number(instrument, key, on)
        return None if found is None else int(found)
