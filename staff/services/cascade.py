"""Gives a post's template to its holders, and makes the measures above the sum of their parts."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communication.services import notice
from ledger.models import JobRun
from ledger.services import audit, job, outbox
from organisation.models import User
from scorecards.choices import Method, Source
from scorecards.errors import ScorecardError
from scorecards.models import Measure, Month, Scorecard
from scorecards.selectors.document import Document, definition_of, document_of, each_measure
from scorecards.selectors.scorecard import scorecard_of
from scorecards.services.alike import create_alike
from scorecards.services.definition import redefine
from scorecards.services.document import import_documents
from scorecards.services.reading import excuse
from staff.choices import AGREE_WITHIN_DAYS, GIVE_POST, WHOLE, AgreementState, LineKind
from staff.errors import Frozen, HasReadings, NobodyHolds, NothingAssigned, NoUnitCard
from staff.models import Agreement, Line, Post, Posting, PostLine
from staff.selectors.cascade import Drafted, Tie, continued, drafted, empty_card, equal_share, scaled, tied, ties
from staff.selectors.conservation import assigned, lines_of
from staff.selectors.posting import due_months
from staff.services.posting import in_both

AT_ONCE = 250
ELSEWHERE = _("in another post")
TIE = "tie_up"
ENTERED_ON = Q(source=Source.ENTERED, due_until__isnull=True)

Left = list[tuple[str, str]]  # for whom nothing was done (staff number, or code of a unit), and why


def give(*, actor: User, post: Post, year: int, postings: list[Posting], tie: bool, today: date) -> JobRun:
    """Start giving the post's template to these holders: a scorecard of the year for each who has none, with a first agreement to sign; one
    that nobody has agreed to is drafted anew. tie: the unit's own measures become the sums of their parts too. Raises NoUnitCard,
    NobodyHolds, HasReadings."""
    above = scorecard_of(post.unit.code, year)
    if above is None:
        raise NoUnitCard
    if not postings:
        raise NobodyHolds
    lines = list(post.lines.filter(kind=LineKind.CONTRIBUTORY))
    if tie:
        _refuse_values(above, [line.code for line in lines])
    shares = _shares(above, lines, postings, Month.of_day(today).within(year))
    starts = range(0, len(postings), AT_ONCE)
    parts = [{"shares": {str(one.pk): shares[one.pk] for one in postings[i : i + AT_ONCE]}} for i in starts]
    told = {"post": post.pk, "code": post.code, "year": year, "tie": tie, "parts": len(parts), "left": []}
    return job.start(actor=actor, kind=GIVE_POST, place=post.unit.code, arguments=told, parts=[*parts, {}])


def _shares(above: Scorecard, lines: list[PostLine], postings: list[Posting], month: Month) -> dict[int, dict[str, float]]:
    """For each posting (id) the share of each contributory measure: as the template says; else as the person carries it already, here or,
    having moved, elsewhere; else an equal part of what nobody carries in that month."""
    held: dict[tuple[str, str], float] = {}
    kept = Line.objects.filter(above=above, share__isnull=False).order_by("measure__due_from", "pk")
    for officer, code, share in kept.values_list("measure__scorecard__officer", "parent", "share"):
        held[officer, code] = share or 0.0
    found: dict[int, dict[str, float]] = {one.pk: {} for one in postings}
    for line in lines:
        fresh = list(dict.fromkeys(one.person.username for one in postings if (one.person.username, line.code) not in held))
        left = max(0.0, WHOLE - assigned(above, [line.code], month)[line.code])
        places = {name: place for place, name in enumerate(fresh)}
        for one in postings:
            name = one.person.username
            carried = held.get((name, line.code))
            share = carried if carried is not None else equal_share(places[name], len(fresh), left)
            found[one.pk][line.code] = line.share if line.share is not None else share
    return found


def _refuse_values(above: Scorecard, codes: list[str]) -> None:
    for measure in above.measures.filter(code__in=codes, source=Source.ENTERED).order_by("code"):
        if measure.readings.exists():
            raise HasReadings(measure.code)


def handle(_key: str, payloads: list[dict[str, Any]], now: datetime) -> None:
    """The outbox's handler: one part of the holders. Whoever finishes the last of them asks for the measures to be tied up, which is a part
    of the job too."""
    for part in payloads:
        if not job.is_wanted(part["job"]):
            continue
        run = JobRun.objects.get(pk=part["job"])
        if "shares" in part:
            _leave(run.pk, _give_part(run, part["shares"], timezone.localtime(now).date(), now))
            job.count(run.pk, now)
        run.refresh_from_db()
        if run.done == run.arguments["parts"]:
            outbox.put(topic=TIE, payloads={str(run.pk): {}})


def handle_tie(key: str, _payloads: list[dict[str, Any]], now: datetime) -> None:
    """The outbox's handler: tie up the measures of a finished giving."""
    run = JobRun.objects.get(pk=int(key))
    if not job.is_wanted(run.pk):
        return
    post = Post.objects.select_related("unit").get(pk=run.arguments["post"])
    above = scorecard_of(post.unit.code, run.arguments["year"])
    codes = list(post.lines.filter(kind=LineKind.CONTRIBUTORY).values_list("code", flat=True))
    if above is not None and codes:
        month = Month.of_day(timezone.localtime(now).date())
        try:
            with transaction.atomic():
                tie_up(actor=_actor(run), above=above, codes=codes, whole=run.arguments["tie"], month=month)
        except ScorecardError as refusal:
            _leave(run.pk, [(post.unit.code, str(refusal))])
    job.count(run.pk, now)


def _actor(run: JobRun) -> User | None:
    return User.objects.filter(pk=int(run.actor)).first() if run.actor else None


def _give_part(run: JobRun, shares: dict[str, dict[str, float]], today: date, now: datetime) -> Left:
    """Returns for whom nothing was done, and why."""
    post = Post.objects.select_related("unit").get(pk=run.arguments["post"])
    above, actor = scorecard_of(post.unit.code, run.arguments["year"]), _actor(run)
    if above is None or actor is None:
        return []
    source, lines = definition_of(above), list(post.lines.all())
    postings = list(
        Posting.objects.filter(pk__in=map(int, shares)).select_related("person", "unit__parent", "post").order_by("from_date", "pk")
    )
    there = {(card.unit_id, card.officer): card for card in _cards(postings, above.year)}
    new: list[tuple[Posting, Drafted]] = []
    left: Left = []
    for posting in postings:
        found = drafted(lines, source, posting, shares[str(posting.pk)])
        card = there.get((posting.unit_id, posting.person.username))
        if found is None:
            left.append((posting.person.username, "no_month"))
        elif card is not None:
            why = _give_anew(actor, posting, card, found, above, today, now)
            left += [(posting.person.username, why)] if why else []
        elif any((one.unit_id, one.person_id) == (posting.unit_id, posting.person_id) for one, _found in new):
            left.append((posting.person.username, "twice"))
        else:
            new.append((posting, found))
    _create(actor, above, new, today, now)
    return left


def _cards(postings: list[Posting], year: int) -> Any:
    names = {posting.person.username for posting in postings}
    inside = {posting.unit_id for posting in postings}
    return Scorecard.objects.filter(officer__in=names, year=year, unit__in=inside).select_related("unit__parent")


def _create(actor: User, above: Scorecard, new: list[tuple[Posting, Drafted]], today: date, now: datetime) -> None:
    units = {posting.unit.code: posting.unit for posting, _found in new}
    cards = create_alike(actor=actor, units=units, documents=[found.document for _posting, found in new])
    measures = {(row.scorecard_id, row.code): row for row in Measure.objects.filter(scorecard__in=cards)}
    Line.objects.bulk_create(
        (
            Line(measure=measures[card.pk, code], above=above, **facts)
            for card, (_posting, found) in zip(cards, new, strict=True)
            for code, facts in found.lines.items()
        ),
        batch_size=1_000,
    )
    due = today + timedelta(days=AGREE_WITHIN_DAYS)
    Agreement.objects.bulk_create(
        Agreement(scorecard=card, number=1, from_month=Month.of(card.year, 1), due_on=due, asked_by=actor, asked_at=now) for card in cards
    )
    for unit in units.values():
        people = [posting.person for posting, _found in new if posting.unit_id == unit.pk]
        notice.tell(people, "card_given", slot=f"{above.pk}.{unit.pk}", about={"year": str(above.year)}, address="/me/", now=now)


def _give_anew(actor: User, posting: Posting, card: Scorecard, found: Drafted, above: Scorecard, today: date, now: datetime) -> str:
    """To somebody who has a scorecard in the unit: one that nobody has signed says what the template says now, and one whose time was over
    goes on. Returns why nothing was done."""
    agreement = Agreement.objects.filter(scorecard=card).order_by("-number").first()
    months = due_months(posting.from_date, posting.until_date, card.year)
    over = card.measures.filter(source=Source.ENTERED, due_until__isnull=False).order_by("-due_until").first()
    untouched = agreement is not None and agreement.is_untouched
    try:
        with transaction.atomic():
            if months is not None and over is not None and over.due_until < months[0] and not card.measures.filter(ENTERED_ON).exists():
                _go_on(actor, card, found, above, over.due_until, months[0], today, now)
            elif untouched:
                _draft_anew(actor, card, found, above)
            else:
                return "agreed" if agreement else "other"
    except ScorecardError as refusal:
        return str(refusal)
    return ""


def _draft_anew(actor: User, card: Scorecard, found: Drafted, above: Scorecard) -> None:
    if definition_of(card)["perspectives"] != found.document["perspectives"]:
        redefine(actor=actor, scorecard=card, version=card.version, document=found.document)
    _line_up(card, found, above)


def _line_up(card: Scorecard, found: Drafted, above: Scorecard) -> None:
    """Let the measures carry what the template says of them; what it does not know stays."""
    for measure in card.measures.filter(code__in=found.lines):
        Line.objects.update_or_create(measure=measure, defaults={"above": above, **found.lines[measure.code]})


def _go_on(actor: User, card: Scorecard, found: Drafted, above: Scorecard, last: Month, first: Month, today: date, now: datetime) -> None:
    """The scorecard of a post that has ended in the same unit goes on with what the new one carries, to be agreed anew; months between are
    not applicable."""
    redefine(actor=actor, scorecard=card, version=card.version, document=continued(definition_of(card), found.document, first))
    _line_up(card, found, above)
    card.agreements.filter(state=AgreementState.DRAFT).update(state=AgreementState.WITHDRAWN)
    number = (card.agreements.aggregate(last=Max("number"))["last"] or 0) + 1
    due = today + timedelta(days=AGREE_WITHIN_DAYS)
    told: dict[str, Any] = {"changes": {} if number > 1 else None, "due_on": due, "asked_by": actor, "asked_at": now}
    Agreement.objects.create(scorecard=card, number=number, from_month=first, **told)
    for month in (Month(number) for number in range(last + 1, first)):
        if month <= Month.of_day(today):
            excuse(actor=actor, scorecard=card, month=month, reason=in_both(ELSEWHERE), today=today)
    people = User.objects.filter(username=card.officer)
    notice.tell(people, "card_given", slot=f"{card.pk}.{number}", about={"year": str(card.year)}, address="/me/", now=now)


def _leave(run: int, left: Left) -> None:
    """Note on the job for whom nothing was done, and why."""
    if left:
        row = JobRun.objects.select_for_update().get(pk=run)
        row.arguments["left"] = [*row.arguments["left"], *left]
        row.save(update_fields=["arguments"])


@transaction.atomic
def tie_up(*, actor: User | None, above: Scorecard, codes: list[str], whole: bool, month: Month) -> None:
    """Let every unit below have these measures as sums of their parts, and, if wanted or so already, the unit itself.
    Raises NothingAssigned, HasReadings, DocumentFaults."""
    source, found = definition_of(above), ties(above, codes, month)
    if not found or actor is None:
        raise NothingAssigned
    for tie in found:
        kept = tie.contributors
        if tie.unit.pk == above.unit_id and not whole:
            rolled = set(above.measures.filter(code__in=codes, source=Source.ROLLUP).values_list("code", flat=True))
            kept = {code: parts for code, parts in kept.items() if code in rolled}
        if kept:
            _tie(actor, replace(tie, contributors=kept), source, above.year)


def _tie(actor: User, tie: Tie, source: Document, year: int) -> None:
    card = scorecard_of(tie.unit.code, year)
    if card is None:
        import_documents(actor=actor, documents=[tied(empty_card(tie.unit, source), tie, source)], verb="edit")
        return
    document = document_of(card)
    for _path, measure in each_measure(document):
        if measure["code"] in tie.contributors and measure["readings"]:
            raise HasReadings(f"{tie.unit.code}/{measure['code']}")
    redefine(actor=actor, scorecard=card, version=card.version, document=tied(document, tie, source))


@transaction.atomic
def set_shares(*, actor: User, above: Scorecard, code: str, shares: dict[int, float], month: Month) -> None:
    """Say which share (percent) of the unit's measure each line (id) carries; targets of sums follow from that month on.
    Raises Frozen where a target of an agreed scorecard would have to follow."""
    source = next(node for _path, node in each_measure(definition_of(above)) if node["code"] == code)
    moved = [line for line in lines_of(above, code) if line.pk in shares and line.share != shares[line.pk]]
    before = {line.measure.scorecard.officer: line.share for line in moved}
    if source["method"] == Method.SUM:
        agreed = Agreement.objects.filter(scorecard__in=[line.measure.scorecard_id for line in moved], state=AgreementState.AGREED)
        if agreed.exists():
            raise Frozen
    for line in moved:
        line.share = shares[line.pk]
        line.save(update_fields=["share"])
        if source["method"] == Method.SUM:
            _retarget(actor, line, source, month)
    if moved and source["method"] == Method.SUM:
        _retarget_units(actor, above, source, month)
    after = {line.measure.scorecard.officer: line.share for line in moved}
    if moved:
        told = ({"code": code, "share": facts} for facts in (before, after))
        audit.record(actor=actor, verb="share", target=above, place=above.unit.code, before=next(told), after=next(told))


def _retarget(actor: User, line: Line, source: Document, month: Month) -> None:
    """Let the officer's target of a sum be the share of the whole, from that month on; who has signed has to sign anew."""
    _rescale(actor, line.measure.scorecard_id, line.measure.code, scaled(source, line.share), month)
    signed = {"officer_signed_at": None, "chief_signed_at": None, "chief": None}
    Agreement.objects.filter(scorecard=line.measure.scorecard_id, state=AgreementState.DRAFT).update(**signed)


def _retarget_units(actor: User, above: Scorecard, source: Document, month: Month) -> None:
    """The same of the units between, whose targets are those of their officers together."""
    for tie in ties(above, [source["code"]], month):
        card = scorecard_of(tie.unit.code, above.year) if tie.unit.pk != above.unit_id else None
        if card is not None and card.measures.filter(code=source["code"]).exists():
            _rescale(actor, card.pk, source["code"], scaled(source, tie.shares.get(source["code"], 0.0)), month)


def _rescale(actor: User, pk: int, code: str, fresh: list[Document], month: Month) -> None:
    """Replace the targets of one measure from that month on."""
    card = Scorecard.objects.select_related("unit__parent").get(pk=pk)
    document = definition_of(card)
    node = next(one for _path, one in each_measure(document) if one["code"] == code)
    begun = [row for row in fresh if row["from"] <= str(month)]
    later = [row for row in fresh if row["from"] > str(month)]
    kept = [row for row in node["targets"] if row["from"] < str(month)]
    node["targets"] = [*kept, *({**row, "from": str(month)} for row in begun[-1:]), *later]
    redefine(actor=actor, scorecard=card, version=card.version, document=document)


@transaction.atomic
def spread(*, actor: User, above: Scorecard, code: str, month: Month) -> None:
    """Let all who carry a part of the measure in that month carry equal parts that add up to the whole. Raises NothingAssigned, Frozen."""
    lines = [line for line in lines_of(above, code) if line.measure.is_due_in(month)]
    if not lines:
        raise NothingAssigned
    set_shares(
        actor=actor,
        above=above,
        code=code,
        month=month,
        shares={line.pk: equal_share(i, len(lines), WHOLE) for i, line in enumerate(lines)},
    )


@transaction.atomic
def tie_whole(*, actor: User, measure: Measure, month: Month) -> None:
    """Let one measure of a unit be the sum of what its officers report. Raises HasReadings, NothingAssigned, DocumentFaults."""
    _refuse_values(measure.scorecard, [measure.code])
    tie_up(actor=actor, above=measure.scorecard, codes=[measure.code], whole=True, month=month)
