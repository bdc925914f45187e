"""The figures of a drawn place in sentences: the newest month, the baseline, twelve months, the objective."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from hotspots import categories
from hotspots.coverage import back
from reports import sentences
from reports.calc.baseline import Range
from reports.calc.runs import WITHIN, latest_run
from reports.charts.bars import Bar, bars
from reports.pages.place import PlaceProfile
from reports.place_figures import Series
from reports.words import between, change, day_name, depending, hedged, month_name, plural


@dataclass(frozen=True, slots=True)
class Objective:
    """What is to be reached, in words and as bars. `chart` is None where there is no number."""

    text: str
    words: list[str]
    chart: SafeString | None


def said(found: PlaceProfile, own: Series) -> list[str]:
    """The newest month, the baseline, twelve months: what an officer needs first."""
    if found.last is None:
        return ["No month's figures are known in full here yet."]
    at = own.months.index(found.last)
    count, low, high = own.counts[at] or 0, own.low[at] or 0, own.high[at] or 0
    one, many = sentences.noun(found.category)
    under = "" if found.category.slug in ("all-crime", "all-crime-and-asb") else f" under “{found.category.name}”"
    what = one if count == 1 else many
    said = [f"In {month_name(found.last)} police recorded {depending(count, low, high)} {what}{under} here."]
    said += [standing(own, found.baseline) if found.baseline else _without_baseline(found)]
    year, before = own.year_to(found.last), own.year_to(back(found.last, 12))
    if year and before:
        compared = change(year[0], before[0])
        text = "as many as" if compared == "same" else f"{compared} than"
        said.append(
            f"In the 12 months to then it was {hedged(*year)}, {text} the {hedged(*before)} of the 12 months before."
        )
    return said


def standing(own: Series, limits: Range) -> str:
    """Where the newest months lie against the range of the baseline; a month must be known in full."""
    where, run = latest_run(own.comparable(), limits.low, limits.high)
    span = between(limits.low, limits.high)
    hedge = f" The range is provisional: it is made of {plural(limits.months, 'month')}, not 24." * limits.provisional
    if run == 1 or where == WITHIN:
        return f"That is {where} the range of the baseline ({span}).{hedge}"
    return f"That is the {_ordinal(run)} month on end {where} the range of the baseline ({span}).{hedge}"


def _without_baseline(found: PlaceProfile) -> str:
    if not found.place.baseline_from:
        return "No baseline is set, so nothing says what was usual here."
    return "Too few months of the baseline are known to say what was usual here."


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def objective(found: PlaceProfile) -> Objective | None:
    record = found.place
    known = categories.by_slug(categories.POLICE_UK).get(record.objective_category)
    if not record.objective and known is None:
        return None
    if known is None:
        return Objective(record.objective, [], None)
    own = found.series.get(known.slug)
    year = own.year_to(found.last) if own and found.last else None
    baseline, target = record.objective_baseline, record.objective_target
    by = f" by {day_name(record.objective_by)}" if record.objective_by else ""
    said = [f"Measured by: {known.name.lower()}, recorded over 12 months."]
    if target is not None:
        said.append(f"The target is {target:,}{by}{f', from {baseline:,}' if baseline is not None else ''}.")
    else:
        said.append(f"No count is set as the target{f'; it is to be reached{by}' if by else ''}.")
    if year and found.last:
        said.append(f"In the 12 months to {month_name(found.last)} it was {hedged(*year)}.")
        said += _progress(year[0], baseline, target)
        if record.objective_by and record.objective_by < found.on and target is not None:
            reached = "It was reached" if year[0] <= target else "It is not reached"
            said.append(f"The date has passed. {reached}.")
    elif found.is_counted:
        said.append("The last 12 months are not known in full, so it cannot be told how far it is.")
    rows = [Bar("Baseline", baseline, f"{baseline:,}")] if baseline is not None else []
    rows += [Bar("12 months now", year[0] if year else None, hedged(*year) if year else "not known")]
    rows += [Bar("Target", target, f"{target:,}")] if target is not None else []
    title = f"{known.name}: the objective"
    chart = bars(rows, key="objective", title=title, description=" ".join(said)) if len(rows) > 1 else None
    return Objective(record.objective, said, chart)


def _progress(now: int, baseline: int | None, target: int | None) -> list[str]:
    """How much of the way from the baseline to the target lies behind."""
    if baseline is None or target is None or baseline == target:
        return []
    wanted = abs(target - baseline)
    direction = "fewer" if target < baseline else "more"
    gone = baseline - now if target < baseline else now - baseline
    if gone == 0:
        return [f"That is as many as at the baseline; the target is {wanted:,} {direction}."]
    if gone < 0:
        other = "more" if direction == "fewer" else "fewer"
        return [f"That is {-gone:,} {other} than at the baseline; the target is {wanted:,} {direction}."]
    return [f"That is {gone:,} {direction} than at the baseline; the target is {wanted:,} {direction}."]
