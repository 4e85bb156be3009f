"""Reads units."""

from django.db.models import Count, Q, QuerySet

from organisation.models import Unit


def matching(units: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    """Those of the units whose code or name contains the text."""
    if text:
        units = units.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(name_zh__icontains=text))
    return units.order_by("code")


def for_setup(units: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    """The same with what the setup list shows: superior and number of units right below."""
    return matching(units, text).select_related("parent").annotate(below=Count("children", distinct=True))
