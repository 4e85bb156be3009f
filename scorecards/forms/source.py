"""What a document may say of where a measure's value comes from (rule book §4, §10)."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from scorecards.assembly.formula import operands
from scorecards.choices import DIVIDED_METHODS
from scorecards.errors import FormulaRefused
from scorecards.forms.node import Document, Place, each_measure
from scorecards.selectors.document import contributor_parts

CONTRIBUTOR = re.compile(r"[A-Za-z0-9_.\-]{1,40}(/[^/\x00-\x1f\x7f-\x9f]{1,40})?/[A-Za-z][A-Za-z0-9_.\-]{0,39}")
MIRROR_HAS_NONE = ("preset", "curve_scores", "better", "method", "factor", "frequency", "targets")


def faults_of_source(document: Document, path: str, measure: Document, broken: set[str]) -> Iterator[Place]:
    """Paths with a sentence each. broken: the paths of which the schema has complained already."""
    source = measure.get("source")
    if source not in {"entered", "formula", "rollup", "mirror"} or any(place.startswith(f"{path}.") for place in broken):
        return
    if source != "formula" and measure.get("formula") is not None:
        yield f"{path}.formula", _("Only a measure of the source “formula” has a formula.")
    if source not in {"rollup", "mirror"} and measure.get("contributors"):
        yield f"{path}.contributors", _("Only roll-ups and mirrors have contributors.")
    yield from _across(path, measure)
    if source == "formula":
        yield from _formula(document, path, measure)
    if source in {"rollup", "mirror"}:
        yield from _contributors(document, path, measure)
    if source == "mirror":
        for key in MIRROR_HAS_NONE:
            if measure.get(key):
                yield f"{path}.{key}", _("A mirror takes “%(key)s” from what it shows and has none of its own.") % {"key": key}
    if source != "entered" and measure.get("readings"):
        yield f"{path}.readings", _("A measure that is computed has no readings of its own.")


def _across(path: str, measure: Document) -> Iterator[Place]:
    across, divided = measure.get("across"), measure.get("method") in DIVIDED_METHODS
    if measure["source"] == "rollup" and not divided and across is None and measure.get("method"):
        yield f"{path}.across", _("A roll-up of this method needs “across”: sum, average, minimum or maximum.")
    if across is not None and (measure["source"] != "rollup" or divided):
        yield f"{path}.across", _("“across” goes with roll-ups only, and not with ratios and weighted averages.")


def _formula(document: Document, path: str, measure: Document) -> Iterator[Place]:
    if not measure.get("formula"):
        yield f"{path}.formula", _("“%(key)s” is needed.") % {"key": "formula"}
        return
    try:
        codes = operands(measure["formula"])
    except FormulaRefused as refusal:
        yield f"{path}.formula", str(refusal)
        return
    known = {node.get("code") for _path, node in each_measure(document)}
    for code in codes:
        if code not in known:
            yield f"{path}.formula", _("There is no measure %(measure)s on this scorecard.") % {"measure": code}


def _contributors(document: Document, path: str, measure: Document) -> Iterator[Place]:
    given = measure.get("contributors") or []
    if not given or (measure["source"] == "mirror" and len(given) > 1):
        wanted = (
            _("A mirror shows exactly one measure.") if measure["source"] == "mirror" else _("A roll-up needs at least one contributor.")
        )
        yield f"{path}.contributors", wanted
    for i, written in enumerate(given):
        place = f"{path}.contributors[{i}]"
        if not CONTRIBUTOR.fullmatch(written):
            yield place, _("A contributor is written UNIT/CODE or UNIT/OFFICER/CODE.")
            continue
        unit, officer, _code = contributor_parts(written)
        if unit == (document.get("unit") or {}).get("code") and officer == (document.get("officer") or ""):
            yield place, _("A contributor stands on another scorecard.")
        if written in given[:i]:
            yield place, _("The same contributor stands here twice.")
