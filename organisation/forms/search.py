"""Reads the search words and the page number of a list."""

from typing import TypeVar

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

ROWS = 25
Row = TypeVar("Row", bound=Model)


class SearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=100, strip=True)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def words(self) -> str:
        return str(self.cleaned_data.get("q") or "") if self.is_valid() else ""

    def page_of(self, rows: "QuerySet[Row]") -> "Page[Row]":
        """The page asked for, the nearest one if there is none such; its rows are read here, not while a template prints."""
        number = self.cleaned_data.get("page") if self.is_valid() else None
        page = Paginator(rows, ROWS).get_page(number or 1)
        page.object_list = list(page.object_list)
        return page
