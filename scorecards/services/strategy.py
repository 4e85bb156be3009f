"""Writes the links, tension pairs and adjustments of a document."""

from typing import Any

from django.utils import timezone

from ledger.services import audit
from scorecards.choices import AdjustmentState
from scorecards.models import Adjustment, Link, Measure, Month, Objective, Scorecard, Tension, TensionMember

Document = dict[str, Any]
LINK_FIELDS = ("strength", "lag", "hypothesis", "hypothesis_zh")


def write_strategy(card: Scorecard, document: Document, objectives: dict[str, Objective], measures: dict[str, Measure]) -> list[audit.Line]:
    """Replace what the scorecard has of these by what the document says; returns a line for each adjustment that changed."""
    before = _said(card)
    gone = card.tensions.exclude(code__in=[pair["code"] for pair in document["tensions"]])
    lines = [audit.Line("remove", pair, _with_reviews(pair)) for pair in gone]
    Link.objects.filter(cause__scorecard=card).delete()
    Link.objects.bulk_create(_link(link, objectives) for link in document["links"])
    gone.delete()
    for position, pair in enumerate(document["tensions"]):
        named = {"name": pair.get("name", ""), "name_zh": pair.get("name_zh", ""), "position": position}
        tension, _created = Tension.objects.update_or_create(scorecard=card, code=pair["code"], defaults=named)
        tension.members.all().delete()
        TensionMember.objects.bulk_create(
            TensionMember(tension=tension, measure=measures[code], side=side, position=i)
            for side in ("a", "b")
            for i, code in enumerate(pair[side])
        )
    after = _said(card)
    if before != after:
        lines.append(audit.Line("edit", card, before, after))
    return lines + _write_adjustments(card, document["adjustments"])


def _link(link: Document, objectives: dict[str, Objective]) -> Link:
    said = {name: link[name] for name in LINK_FIELDS if name in link}
    return Link(cause=objectives[link["from"]], effect=objectives[link["to"]], **said)


def _said(card: Scorecard) -> dict[str, Any]:
    """The links and pairs of the scorecard, for the audit line."""
    links = Link.objects.filter(cause__scorecard=card).order_by("cause__code", "effect__code")
    told = links.values_list("cause__code", "effect__code", "strength", "lag", "hypothesis", "hypothesis_zh")
    members = TensionMember.objects.filter(tension__scorecard=card).order_by("tension__code", "side", "position")
    return {
        "links": [f"{cause} → {effect} {strength} +{lag} {text} {text_zh}".strip() for cause, effect, strength, lag, text, text_zh in told],
        "tensions": [f"{code} {side} {measure}" for code, side, measure in members.values_list("tension__code", "side", "measure__code")],
    }


def _with_reviews(pair: Tension) -> dict[str, Any]:
    """The pair with the answers that go with it."""
    reviews = [f"{Month(review.period)} {review.state} {review.answer} {review.text}".strip() for review in pair.reviews.all()]
    return {"code": pair.code, "name": pair.name, "reviews": reviews}


def _write_adjustments(card: Scorecard, given: list[Document]) -> list[audit.Line]:
    """Approved adjustments that the document says too stay as they are, with who proposed and approved them."""
    lines: list[audit.Line] = []
    kept: dict[tuple[int, float, str], list[Adjustment]] = {}
    for stored in card.adjustments.filter(state=AdjustmentState.APPROVED).order_by("-pk"):
        kept.setdefault((int(stored.month), stored.points, stored.reason), []).append(stored)
    for row in given:
        month = Month.parse(row["month"])
        same = kept.get((int(month), float(row["points"]), row["reason"]))
        if same:
            same.pop()
            continue
        now = timezone.now()
        states = {"state": AdjustmentState.APPROVED, "proposed_at": now, "decided_at": now}
        made = Adjustment.objects.create(scorecard=card, month=month, points=row["points"], reason=row["reason"], **states)
        lines.append(audit.Line("adjust", made, None, row))
    for gone in (row for rows in kept.values() for row in rows):
        lines.append(audit.Line("remove", gone, {"month": str(gone.month), "points": gone.points, "reason": gone.reason}))
        Adjustment.objects.filter(pk=gone.pk).delete()
    return lines
