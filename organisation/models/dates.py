"""Rows that hold from a day until another, or without end."""

from datetime import date

from django.db.models import Q


def reaching(day: date, path: str = "") -> Q:
    """Those that have not ended before the day. path: to the rows, as `postings__`."""
    return Q(**{f"{path}until_date__isnull": True}) | Q(**{f"{path}until_date__gte": day})


def holding(day: date, path: str = "") -> Q:
    """Those that hold on the day."""
    return Q(**{f"{path}from_date__lte": day}) & reaching(day, path)
