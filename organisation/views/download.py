"""Lists as workbooks."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from spreadsheets.write import MEDIA, workbook

MOST_ROWS = 10_000


def wants_workbook(request: HttpRequest) -> bool:
    """Whether the list is asked for as a workbook (`?format=xlsx`)."""
    return request.GET.get("format") == "xlsx"


def workbook_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], inputs: Sequence[int] = ()) -> HttpResponse:
    """A file to be saved. inputs: the columns that may be typed into."""
    answer = HttpResponse(workbook(name, header, rows, inputs), content_type=MEDIA)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx") or ""
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
