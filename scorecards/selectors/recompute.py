"""Reads the jobs that compute scores anew, as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime

from ledger.models import JobRun, JobState
from ledger.selectors.job import jobs, trouble
from organisation.models import Unit
from organisation.selectors.person import names
from scorecards.models import Month
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


def months_before(today: date, number: int = 24) -> list[tuple[str, str]]:
    """The running month and those before it, as choices."""
    return [(str(month), month_text(month)) for month in (Month.of_day(today) - back for back in range(number))]


def _row(run: JobRun, who: str) -> JobRow:
    month = month_text(Month.parse(run.arguments["month"]))
    return JobRow(run, month, who, str(JobState(run.state).label), trouble(run) if run.is_open else "", run.finished_at)
