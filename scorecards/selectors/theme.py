"""What a unit is for, and its strategic themes."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from organisation.models import Unit
from scorecards.choices import Window
from scorecards.models import Month, Objective, Strategy, Theme
from scorecards.selectors.score import CardScore, trend
from scorecards.selectors.text import month_text, score_text


def strategy_of(unit: Unit) -> Strategy | None:
    return Strategy.objects.filter(unit=unit).first()


def themes_of(unit: Unit) -> list[tuple[str, str]]:
    """Code and name of each."""
    return [(theme.code, f"{theme.label} ({theme.first_year}–{theme.last_year})") for theme in Theme.objects.filter(strategy__unit=unit)]


@dataclass(frozen=True)
class Way:
    """An objective with checkpoints: the score now and the one needed by now to arrive in time. verdict: early, late or unknown;
    trap: good for the month and late for the plan."""

    code: str
    name: str
    theme: str
    score: str
    needed: str
    verdict: str
    trap: bool
    checkpoints: list[tuple[str, str]]


@dataclass(frozen=True)
class StrategyPage:
    """themes: each with the names of the year's objectives that serve it."""

    strategy: Strategy | None
    themes: list[tuple[Theme, list[str]]]
    ways: list[Way]


def strategy_page(unit: Unit, month: Month) -> StrategyPage:
    strategy = strategy_of(unit)
    objectives = list(Objective.objects.filter(scorecard__unit=unit, scorecard__officer="", scorecard__year=month.year))
    themes = list(strategy.themes.all()) if strategy else []
    scores = trend(unit, month, Window.YEAR, 1).get(month)
    by_month = trend(unit, month, Window.MONTH, 1).get(month)
    names = {theme.code: theme.label for theme in themes}
    return StrategyPage(
        strategy,
        [(theme, [one.label for one in objectives if one.theme == theme.code]) for theme in themes],
        [_way(one, names, month, scores, by_month) for one in objectives if one.checkpoints],
    )


def _way(one: Objective, themes: dict[str, str], month: Month, year: CardScore | None, now: CardScore | None) -> Way:
    node = year.objectives.get(one.code) if year else None
    this_month = now.objectives.get(one.code) if now else None
    needed = needed_by(one.checkpoints, month)
    score = node.score if node else None
    late = score is not None and needed is not None and score < needed
    verdict = "unknown" if score is None or needed is None else "late" if late else "early"
    return Way(
        one.code,
        one.label,
        themes.get(one.theme, ""),
        score_text(score),
        score_text(needed),
        verdict,
        late and this_month is not None and this_month.status.tone == "good",
        [(month_text(Month.parse(point["month"])), score_text(float(point["score"]))) for point in one.checkpoints],
    )


def needed_by(checkpoints: list[Any], month: Month) -> float | None:
    """The score needed in that month: on straight lines between the checkpoints, the first one's before it and the last one's after."""
    points = sorted((int(Month.parse(point["month"])), float(point["score"])) for point in checkpoints)
    if not points:
        return None
    at = int(month)
    if at <= points[0][0] or at >= points[-1][0]:
        return points[0][1] if at <= points[0][0] else points[-1][1]
    (a, x), (b, y) = next((one, other) for one, other in pairwise(points) if one[0] <= at <= other[0])
    return x + (y - x) * (at - a) / (b - a)
