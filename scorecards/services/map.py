"""What is done to the map of a draft. Each is one step, which can be undone."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from organisation.models import User
from scorecards.assembly.map import frozen
from scorecards.errors import CodeUsed, LinkRefused, NoSuchNode
from scorecards.models import Version
from scorecards.selectors.document import Document, each_measure, each_objective, number
from scorecards.selectors.draft import tidied, weight_in
from scorecards.services import version as service

LOWEST_ROW = 20
MOST_ARROWS = 150


def move(
    *, actor: User, version: Version, seen: int, code: str, perspective: str, x: float | None, row: int | None, now: datetime
) -> Version:
    """Put an objective elsewhere on the map, in another perspective too; the others of the lane stay where they are drawn.
    x: 0 to 1000 across; row: from the top of the lane, −1 for a new one above; None: where there is room."""

    def edit(document: Document) -> Document:
        home, objective = _objective(document, code)
        target = _perspective(document, perspective)
        if row is not None:
            keep = frozen(document, perspective)
            for other in target["objectives"]:
                keep(other)
                other["row"] = min(other["row"] + (1 if row < 0 else 0), LOWEST_ROW)
        if home is not target:
            home["objectives"].remove(objective)
            target["objectives"].append(objective)
        objective["x"], objective["row"] = x, None if row is None else min(max(row, 0), LOWEST_ROW)
        return document

    return service.change(actor=actor, version=version, seen=seen, verb="move", about=code, edit=edit, now=now)


def link(*, actor: User, version: Version, seen: int, cause: str, effect: str, now: datetime, **said: Any) -> Version:
    """Draw an arrow. said: strength, lag, hypothesis, hypothesis_zh. Raises LinkRefused."""

    def edit(document: Document) -> Document:
        for code in (cause, effect):
            _objective(document, code)
        ends = {(one["from"], one["to"]) for one in document["links"]}
        if cause == effect:
            raise LinkRefused(_("A link joins two different objectives."))
        if (cause, effect) in ends:
            raise LinkRefused(_("This link is there already."))
        if (effect, cause) in ends:
            raise LinkRefused(_("These two are linked the other way round. Remove that link first."))
        if len(ends) >= MOST_ARROWS:
            raise LinkRefused(_("A map takes %(most)d arrows; more of them tell nothing.") % {"most": MOST_ARROWS})
        fields = {"strength": "medium", "lag": 0, "hypothesis": "", "hypothesis_zh": "", **said}
        document["links"].append({"from": cause, "to": effect, **fields})
        return document

    return service.change(actor=actor, version=version, seen=seen, verb="link", about=f"{cause} → {effect}", edit=edit, now=now)


def edit_link(*, actor: User, version: Version, seen: int, cause: str, effect: str, now: datetime, **said: Any) -> Version:
    """Say something else of an arrow. Raises NoSuchNode."""

    def edit(document: Document) -> Document:
        _link(document, cause, effect).update(said)
        return document

    return service.change(actor=actor, version=version, seen=seen, verb="edit", about=f"{cause} → {effect}", edit=edit, now=now)


def unlink(*, actor: User, version: Version, seen: int, cause: str, effect: str, now: datetime) -> Version:
    """Take an arrow away. Raises NoSuchNode."""

    def edit(document: Document) -> Document:
        document["links"].remove(_link(document, cause, effect))
        return document

    return service.change(actor=actor, version=version, seen=seen, verb="unlink", about=f"{cause} → {effect}", edit=edit, now=now)


def arrange(*, actor: User, version: Version, seen: int, now: datetime) -> Version:
    """Let the map find a place for every objective."""

    def edit(document: Document) -> Document:
        for _perspective_code, objective in each_objective(document):
            objective["x"] = objective["row"] = None
        return document

    return service.change(actor=actor, version=version, seen=seen, verb="arrange", about="", edit=edit, now=now)


def add_objective(*, actor: User, version: Version, seen: int, perspective: str, fields: Document, now: datetime) -> Version:
    """fields: of the objective but its measures; without a weight it weighs as much as the others. Raises CodeUsed, NoSuchNode."""

    def edit(document: Document) -> Document:
        if any(one["code"] == fields["code"] for _code, one in each_objective(document)):
            raise CodeUsed(fields["code"])
        siblings = _perspective(document, perspective)["objectives"]
        siblings.append({**BLANK_OBJECTIVE, "weight": _usual(siblings, version), **fields, "measures": []})
        return document

    return service.change(actor=actor, version=version, seen=seen, verb="add", about=fields["code"], edit=edit, now=now)


def edit_objective(*, actor: User, version: Version, seen: int, code: str, fields: Document, now: datetime) -> Version:
    """fields: what is said anew of the objective. Raises NoSuchNode."""

    def edit(document: Document) -> Document:
        _objective(document, code)[1].update(fields)
        return document

    return service.change(actor=actor, version=version, seen=seen, verb="edit", about=code, edit=edit, now=now)


def remove_objective(*, actor: User, version: Version, seen: int, code: str, now: datetime) -> Version:
    """With its measures and arrows. Raises NoSuchNode."""

    def edit(document: Document) -> Document:
        perspective, objective = _objective(document, code)
        perspective["objectives"].remove(objective)
        return tidied(document)

    return service.change(actor=actor, version=version, seen=seen, verb="remove", about=code, edit=edit, now=now)


def add_measure(*, actor: User, version: Version, seen: int, objective: str, measure: Document, now: datetime) -> Version:
    """measure: as documents write it; it weighs as much as the others of the objective. Raises CodeUsed, NoSuchNode."""

    def edit(document: Document) -> Document:
        if any(one["code"] == measure["code"] for _path, one in each_measure(document)):
            raise CodeUsed(measure["code"])
        siblings = _objective(document, objective)[1]["measures"]
        siblings.append({**measure, "weight": _usual(siblings, version)})
        return document

    return service.change(actor=actor, version=version, seen=seen, verb="add", about=measure["code"], edit=edit, now=now)


def remove_measure(*, actor: User, version: Version, seen: int, code: str, now: datetime) -> Version:
    """From its objective and from tension pairs. Raises NoSuchNode."""

    def edit(document: Document) -> Document:
        for _code, objective in each_objective(document):
            objective["measures"] = [one for one in objective["measures"] if one["code"] != code]
        return tidied(document)

    return service.change(actor=actor, version=version, seen=seen, verb="remove", about=code, edit=edit, now=now)


def set_pairs(*, actor: User, version: Version, seen: int, pairs: list[Document], now: datetime) -> Version:
    """All tension pairs anew: code, names and the codes of the measures on both sides. Raises CodeUsed."""

    def edit(document: Document) -> Document:
        codes = [pair["code"] for pair in pairs]
        for code in codes:
            if codes.count(code) > 1:
                raise CodeUsed(code)
        document["tensions"] = pairs
        return document

    return service.change(actor=actor, version=version, seen=seen, verb="edit", about=_("Tension pairs"), edit=edit, now=now)


def replace(*, actor: User, version: Version, seen: int, verb: str, about: str, document: Document, now: datetime) -> Version:
    """Have the draft say what a form has made of it and read."""
    said = {name: value for name, value in document.items() if name != "file"}

    def edit(_document: Document) -> Document:
        return said

    return service.change(actor=actor, version=version, seen=seen, verb=verb, about=about, edit=edit, now=now)


BLANK_OBJECTIVE: Document = {
    "name_zh": "",
    "description": "",
    "description_zh": "",
    "owner": "",
    "theme": None,
    "x": None,
    "row": None,
    "checkpoints": [],
}


def _usual(siblings: list[Document], version: Version) -> float:
    """The weight of a new one: as much as its siblings weigh on the average."""
    weights = [weight_in(one, version.from_month) for one in siblings]
    return number(round(sum(weights) / len(weights), 2)) if any(weights) else 1


def _perspective(document: Document, code: str) -> Document:
    for one in document["perspectives"]:
        if one["code"] == code:
            return one  # type: ignore[no-any-return]
    raise NoSuchNode(code)


def _objective(document: Document, code: str) -> tuple[Document, Document]:
    """The objective with its perspective."""
    for perspective in document["perspectives"]:
        for one in perspective["objectives"]:
            if one["code"] == code:
                return perspective, one
    raise NoSuchNode(code)


def _link(document: Document, cause: str, effect: str) -> Document:
    for one in document["links"]:
        if (one["from"], one["to"]) == (cause, effect):
            return one  # type: ignore[no-any-return]
    raise NoSuchNode(f"{cause} → {effect}")
