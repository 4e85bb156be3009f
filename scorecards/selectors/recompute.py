"""Reads the jobs that compute scores anew, as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime

from ledger.models import JobRun, JobState
from ledger.selectors.job import jobs, trouble
from organisation.models import Unit, UnitPath
from organisation.selectors.person import names
from scorecards.models import Month, Scorecard
from scorecards.selectors.text import month_text

CHOSEN = 25


@dataclass(frozen=True)
class JobRow:
    """One job. trouble: why a part is being tried again."""

    run: JobRun
    month: str
    who: str
    state: str
    trouble: str
    finished_at: datetime | None


def job_list(kind: str, units: list[Unit]) -> "list[JobRow]":
    """The latest jobs about those units."""
    runs = list(jobs(kind, [unit.code for unit in units])[:CHOSEN])
    people = names({run.actor for run in runs})
    return [_row(run, people[run.actor].label if run.actor in people else "") for run in runs]


def job_row(run: JobRun) -> JobRow:
    people = names({run.actor})
    return _row(run, people[run.actor].label if run.actor in people else "")


def months_of_scorecards(today: date) -> list[tuple[str, str]]:
    """The months that have begun of all years with scorecards, the last one first, as choices."""
    years = Scorecard.objects.order_by("-year").values_list("year", flat=True).distinct()
    months = [Month.of(year, number) for year in years for number in range(12, 0, -1)]
    return [(str(month), month_text(month)) for month in months if month <= Month.of_day(today)]


def has_scorecards(unit: Unit, year: int) -> bool:
    """Whether the unit or one below it has a scorecard of that year."""
    return Scorecard.objects.filter(year=year, unit__in=UnitPath.objects.filter(above=unit).values("below")).exists()


def _row(run: JobRun, who: str) -> JobRow:
    month = month_text(Month.parse(run.arguments["month"]))
    return JobRow(run, month, who, str(JobState(run.state).label), trouble(run) if run.is_open else "", run.finished_at)
