"""Reads units."""

from django.db.models import Count, Q, QuerySet

from organisation.models import Unit, UnitPath


def matching(units: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    """Those of the units whose code or name contains the text."""
    if text:
        units = units.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text))
    return units.order_by("code")


def for_setup(units: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    """The same with what the setup list shows: superior and number of units right below."""
    return matching(units, text).select_related("parent").annotate(below=Count("children", distinct=True))


def codes_below(units: list[Unit], top: Unit) -> dict[str, list[str]]:
    """For the top and each of the units, by code: which of the units lie below it."""
    codes = {unit.pk: unit.code for unit in [*units, top]}
    found: dict[str, list[str]] = {code: [] for code in codes.values()}
    paths = UnitPath.objects.filter(above__in=codes, below__in=[unit.pk for unit in units], distance__gt=0)
    for above, below in paths.order_by("below__code").values_list("above", "below"):
        found[codes[above]].append(codes[below])
    return found


def superiors() -> dict[str, str | None]:
    """The codes of all units, with those of the units above them."""
    return dict(Unit.objects.values_list("code", "parent__code"))
