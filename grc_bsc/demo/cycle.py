"""The airport's months as they go on: who reports what, what is closed, what has just been typed, returned and said."""

from datetime import date, datetime

from communication.selectors.thread import Subject
from communication.services.thread import open_thread
from grc_bsc.demo.airport import CODE
from organisation.models import Unit, User
from scorecards.models import Measure, Month, Reading, Scorecard
from scorecards.services.assignment import assign
from scorecards.services.closing import close
from scorecards.services.evidence import add as add_evidence
from scorecards.services.reading import annotate, enter_reading
from scorecards.services.verification import send_back

DRAFTS: dict[str, dict[str, float]] = {
    "C2-01": {"numerator": 11_240, "denominator": 12_010},
    "C2-02": {"value": 8.2, "volume": 11_800},
    "C1-01": {"value": 19.6, "volume": 2_410},
}


def assign_reporters(cast: dict[str, User], today: date) -> None:
    """Two officers share the measures by perspective; learning and growth is nobody's in particular."""
    unit = Unit.objects.get(code=CODE)
    codes = Measure.objects.filter(scorecard__unit=unit, scorecard__year=today.year, source="entered").order_by("code")
    for person, letters in (("officer", "CF"), ("colleague", "P")):
        own = [code for code in codes.values_list("code", flat=True) if code[0] in letters]
        assign(actor=cast["manager"], unit=unit, codes=own, person=cast[person], today=today)


def close_months(administrator: User, today: date, now: datetime) -> None:
    """All months are closed but the last two."""
    last = Month.of_day(today) - 3
    unit = Unit.objects.get(code=CODE)
    for month in ([] if last.number == 12 else [Month.of(last.year - 1, 12)]) + [last]:
        if Scorecard.objects.filter(unit=unit, year=month.year).exists():
            close(actor=administrator, unit=unit, month=month, below=True, now=now)


def go_on_with_the_month(cast: dict[str, User], today: date, now: datetime) -> None:
    """Some drafts, a returned value, a note, a file that proves a value, and a thread."""
    running = Month.of_day(today)
    last = running - 1
    measures = {one.code: one for one in Measure.objects.filter(scorecard__unit__code=CODE, scorecard__year=running.year)}
    for code, numbers in DRAFTS.items():
        enter_reading(actor=cast["officer"], measure=measures[code], month=running, today=today, seen=None, numbers=numbers)
    measure = Measure.objects.get(scorecard__unit__code=CODE, scorecard__year=last.year, code="C2-01")
    annotate(actor=cast["officer"], measure=measure, month=last, note="含临时增开航班 Extra flights included")
    counts = "示例：各日验放人数 Illustrative daily counts\n".encode()
    named = {"name": "T3-daily-counts.txt", "media": "text/plain"}
    add_evidence(actor=cast["officer"], measure=measure, month=last, content=counts, now=now, **named)
    reading = Reading.objects.get(measure__scorecard=measure.scorecard, measure__code="P2-01", month=int(last))
    why, seen = "请写明哪条布控规则 Name the targeting rule", {reading.pk: reading.version}
    send_back(actor=cast["manager"], scorecard=measure.scorecard, month=last, seen=seen, reason=why, now=now)
    names = (measure.name, measure.name_zh)
    subject = Subject("measure", str(measure.pk), measure.scorecard.unit, names, measure.label, f"/measures/{measure.pk}/")
    text = "@officer 请补充上月抽样表。Please add last month's sample."
    open_thread(actor=cast["manager"], subject=subject, text=text, mentioned=[cast["officer"]], now=now)
