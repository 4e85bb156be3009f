"""Staff scorecards on the national data: a template given to 5,000 officers, and pages of many against pages of few."""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks.measure import show, timed
from ledger.models import JobRun
from ledger.services import outbox
from organisation.models import Unit, User
from organisation.services.membership import grant_role
from organisation.services.person import create_person
from scorecards.models import Measure, Month, Scorecard
from scorecards.selectors.scorecard import scorecard_of
from staff.models import Posting
from staff.services import cascade
from staff.services.post import create_post, edit_post

HOLDERS = int(os.environ.get("BENCH_HOLDERS", "5000"))
YEAR = timezone.localdate().year
NAMES = {"name": "Inspector", "name_zh": "查验岗", "category": "front_line", "minimum_service": 0.5}


def run() -> None:
    top, begun = Unit.objects.get(parent=None), date(YEAR, 1, 1)
    chief = create_person(actor=None, username="bench-chief", name="Chief", password="Bench-Chief-1", must_change_password=False)
    grant_role(actor=None, person=chief, unit=top, role="director", from_date=date(2020, 1, 1))
    above = scorecard_of(top.code, YEAR)
    assert above is not None
    post = create_post(actor=chief, unit=top, code="INSPECTOR", **NAMES)
    entered = above.measures.filter(source="entered", method__in=["ratio", "sum", "average"]).select_related("objective")
    lines = [_line(measure, "contributory") for measure in entered[:3]]
    lines.append(_line(above.measures.select_related("objective").exclude(pk__in=[one.pk for one in entered[:3]])[0], "same"))
    edit_post(actor=chief, post=post, version=1, lines=lines, **NAMES)
    officers = User.objects.filter(memberships__role="officer").order_by("pk").values_list("pk", "memberships__unit__parent")
    Posting.objects.bulk_create(Posting(person_id=pk, unit_id=unit, post=post, from_date=begun) for pk, unit in officers[:HOLDERS])
    holders = list(Posting.objects.filter(post=post).select_related("person", "unit").order_by("unit__code", "person__username"))
    print(
        f"Staff scorecards: {Scorecard.objects.exclude(officer='').count()} there are; a template of 4 measures for {len(holders)} officers"
    )
    began = time.perf_counter()
    cascade.give(actor=chief, post=post, year=YEAR, postings=holders, tie=False, today=timezone.localdate())
    _drain(2)
    took, state = time.perf_counter() - began, JobRun.objects.get(kind="give_post").state
    print(f"{'given, summed up in the districts, all scores; 2 workers':<58}{took:9.1f} s    {state}")
    _pages(chief, top)
    print()


def _line(measure: Measure, kind: str) -> dict[str, object]:
    blank = {"share": None, "minimum_count": None, "points": None, "measure": None}
    return {"kind": kind, "objective": measure.objective.code, "code": measure.code, "weight": 25.0, **blank}


def _drain(workers: int) -> None:
    """Until nothing is left. The workers are forked before this process connects again."""
    connections.close_all()
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        while sum(pool.map(_work, range(workers))):
            pass


def _work(_number: int) -> int:
    return outbox.drain(now=timezone.now())


def _pages(chief: User, top: Unit) -> None:
    """Of one district, and of all."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(chief, backend="django.contrib.auth.backends.ModelBackend")
    few = Posting.objects.order_by("unit").select_related("unit")[0].unit
    last = Month.of_day(timezone.localdate()) - 1
    for name, query in (
        ("staff:team", f"?month={last}"),
        ("staff:agreements", f"?year={YEAR}"),
        ("staff:coverage", f"?year={YEAR}"),
    ):
        taken, asked = [], []
        for unit in (few, top):
            address = reverse(name, args=[unit.code]) + query
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.status_code)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            asked.append(len(queries))
            taken.append(timed(lambda: client.get(address), 5))  # noqa: B023  called at once
        note = f"{asked[1]} queries of {HOLDERS} people, {asked[0]} of one district; {taken[1].median / taken[0].median:.1f} × its time"
        show(f"{name.removeprefix('staff:')} page of {HOLDERS} people", taken[1], note)
