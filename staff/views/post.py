"""Posts of a unit and their templates of measures."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organisation.access import unit_for
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs
from scorecards.forms.period import read_year
from scorecards.selectors.scorecard import latest_scorecard
from staff.access import post_for
from staff.errors import PostChanged, StaffError
from staff.forms.post import LineFormSet, PostEditForm, PostForm, initial_lines, known_of
from staff.models import Post
from staff.permissions import EDIT_POST
from staff.selectors import post as selectors
from staff.services import post as service


@needs(EDIT_POST)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest, code: str) -> HttpResponse:
    """POST makes a new one."""
    unit = unit_for(request.user, code, EDIT_POST)
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = service.create_post(actor=request.user, unit=unit, **form.cleaned_data)
        except StaffError as refusal:
            form.add_error("code", str(refusal))
        else:
            return redirect("staff:post", pk=made.pk)
    search = SearchForm(request.GET)
    page = search.page_of(selectors.posts(unit, search.words(), timezone.localdate()))
    return render(request, "staff/post/index.html", {"unit": unit, "form": form, "page": page, "q": search.words()})


@needs(EDIT_POST)
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    post = post_for(request.user, pk, EDIT_POST)
    year = read_year(request.GET.get("year", ""), timezone.localdate().year)
    card = latest_scorecard(post.unit, year)
    known = known_of(card, year)
    initial = {"version": post.version, "minimum_service": f"{100 * post.minimum_service:g}"}
    initial |= {name: getattr(post, name) for name in ("name", "name_zh", "category")}
    form = PostEditForm(request.POST or None, initial=initial)
    lines: Any = LineFormSet(request.POST or None, initial=initial_lines(post.lines.all()), form_kwargs={"known": known}, prefix="line")
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            service.edit_post(actor=request.user, post=post, lines=lines.lines(), **form.cleaned_data)
        except PostChanged as refusal:
            form.add_error(None, str(refusal))
            form.take_version(Post.objects.get(pk=pk).version)
        else:
            messages.success(request, _("Saved. Scorecards that were given stay as they are until the template is given again."))
            return redirect("staff:post", pk=pk)
    context: dict[str, Any] = {"post": post, "unit": post.unit, "form": form, "lines": lines, "card": card}
    context |= {"measures": list(known.measures.values()), "state": selectors.readiness(post, card)}
    return render(request, "staff/post/edit.html", context)
