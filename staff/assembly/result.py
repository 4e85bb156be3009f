"""One score of a person out of the parts of a period: each post's scorecard, weighted by the days served in it (docs/adr/0008)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from organisation.models import Unit, User
from scorecards.assembly.publish import band_name
from scorecards.choices import NO_BAND
from scorecards.models import Month, Score, Scorecard
from scorecards.selectors.score import CardScore, decode
from scorecards.selectors.status import Status, status_of
from scorecards.selectors.text import percent_text, score_text
from scoring.bands import band
from scoring.service import Served, days_served, together
from staff.models import Absence, Posting
from staff.selectors.posting import due_months


@dataclass(frozen=True)
class Part:
    """The person in one unit within the period. away: days of absence; share, counted: of all days served, and of those in parts with a
    score, in percent; row: what is published of the scorecard in the part's last month (`period`), None where nothing is."""

    unit: Unit
    post: str
    first: date
    last: date
    away: int
    days: int
    share: float
    counted: float
    row: CardScore | None
    card: Scorecard | None
    period: Month | None

    @property
    def score(self) -> str:
        return score_text(self.row.score if self.row else None)

    @property
    def brings(self) -> str:
        return score_text(self.row.score * self.counted / 100 if self.row and self.row.score is not None else None)


@dataclass(frozen=True)
class Result:
    """span: the days of the period; served: of them; minimum: the share that must have been served; too_short: it was not, so there is no
    score."""

    parts: list[Part]
    score: float | None
    status: Status
    span: int
    served: int
    minimum: float
    too_short: bool

    @property
    def score_text(self) -> str:
        return score_text(self.score)

    @property
    def minimum_text(self) -> str:
        return percent_text(self.minimum)

    @property
    def current(self) -> Part | None:
        """The last part."""
        return self.parts[-1] if self.parts else None


def results(people: Iterable[User], period: Month, first: Month, window: str) -> dict[int, Result]:
    """By person's id, over the months from the first to the period. A fixed number of queries."""
    known = {person.pk: person for person in people}
    begin, end = first.first_day, (period + 1).first_day - timedelta(days=1)
    postings: dict[int, list[Posting]] = defaultdict(list)
    for posting in Posting.objects.filter(person__in=known).select_related("unit", "post").order_by("from_date"):
        postings[posting.person_id].append(posting)
    away: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one in Absence.objects.filter(person__in=known, until_date__gte=begin, from_date__lte=end):
        away[one.person_id].append((one.from_date.toordinal(), one.until_date.toordinal()))
    held = {pk: _stays(postings[pk], begin, end) for pk in known}
    periods = {int(stay.period) for stays in held.values() for stay in stays if stay.period is not None} | {int(period)}
    names = [person.username for person in known.values()]
    wanted = Score.objects.filter(scorecard__officer__in=names, period__in=periods, window=window, revision=0)
    rows = {(row.officer, row.unit_id, int(row.period)): row for row in wanted.select_related("layout", "unit", "scorecard__unit")}
    made = {}
    for pk, person in known.items():
        stays = held[pk] if postings[pk] else _without_postings(person, rows, period, begin, end)
        minimum = postings[pk][-1].post.minimum_service if postings[pk] else 0.0
        made[pk] = _result(person, stays, away[pk], rows, (end - begin).days + 1, minimum)
    return made


@dataclass(frozen=True)
class _Stay:
    """The person in one unit within the period, in one post after the other. period: the last month of it that belongs to the stay, in
    which its scorecard is read; None where no month does."""

    unit: Unit
    post: str
    first: date
    last: date
    period: Month | None


def _stays(postings: list[Posting], begin: date, end: date) -> list[_Stay]:
    found: list[_Stay] = []
    for one in postings:
        first, last = max(one.from_date, begin), min(one.until_date or end, end)
        if first > last:
            continue
        if found and found[-1].unit.pk == one.unit_id and found[-1].last == first - timedelta(days=1):
            first = found.pop().first
        months = due_months(one.from_date, one.until_date, end.year)
        period = min(months[1], Month.of_day(end)) if months and months[0] <= Month.of_day(end) else None
        found.append(_Stay(one.unit, one.post.label, first, last, period if period is not None and period >= Month.of_day(begin) else None))
    return found


def _without_postings(person: User, rows: dict[tuple[str, int, int], Score], period: Month, begin: date, end: date) -> list[_Stay]:
    """Of somebody who has a scorecard and has never held a post: the whole period."""
    mine = [row for (officer, _unit, at), row in rows.items() if officer == person.username and at == period]
    return [_Stay(row.unit, "", begin, end, period) for row in mine]


def _result(
    person: User, stays: list[_Stay], away: list[tuple[int, int]], rows: dict[tuple[str, int, int], Score], span: int, minimum: float
) -> Result:
    days = [days_served(stay.first.toordinal(), stay.last.toordinal(), away) for stay in stays]
    found = [rows.get((person.username, stay.unit.pk, int(stay.period))) if stay.period is not None else None for stay in stays]
    whole = together([Served(number, row.score if row else None) for number, row in zip(days, found, strict=True)], span, minimum)
    parts = [
        Part(
            unit=stay.unit,
            post=stay.post,
            first=stay.first,
            last=stay.last,
            away=(stay.last - stay.first).days + 1 - number,
            days=number,
            share=share,
            counted=counted,
            row=decode(row) if row else None,
            card=row.scorecard if row else None,
            period=stay.period,
        )
        for stay, number, row, share, counted in zip(stays, days, found, whole.shares, whole.counted, strict=True)
    ]
    return Result(parts, whole.score, _status(whole.score, parts), span, sum(days), minimum, bool(stays) and whole.too_short)


def _status(score: float | None, parts: list[Part]) -> Status:
    """By the bands of the last scorecard; where there is one part alone, as it is published."""
    published = [(part.row, part.card) for part in parts if part.row and part.card]
    if not published or score is None:
        return status_of(NO_BAND, [])
    row, card = published[-1]
    if len(parts) == 1:
        return row.status
    names = [name for name, _floor in card.bands]
    whole = [(part.share, part.row.completeness) for part in parts if part.row and part.row.completeness is not None]
    complete = sum(share * one for share, one in whole) / (sum(share for share, _one in whole) or 1)
    floors = np.array([[float(floor) for _name, floor in card.bands]])
    found = band(np.array([score]), np.array([complete]), floors, np.array([card.minimum_completeness]))
    return status_of(band_name(int(found[0]), names), names)
