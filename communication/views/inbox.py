"""The inbox: what is to be done, what is new, what has been done."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communication.forms.inbox import SubscriptionForm
from communication.models import Subscription
from communication.selectors import notice as notices
from communication.selectors.todo import todos
from communication.services import digest
from communication.services import notice as service
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, signed_in
from organisation.selectors import history


@signed_in
@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    """What is left to do."""
    search = SearchForm(request.GET)
    words = search.words().casefold()
    found = [todo for todo in todos(request.user, timezone.localdate()) if words in f"{todo.title} {todo.detail}".casefold()]
    context = {"todos": found, "news_count": notices.unread(request.user).count(), "q": search.words()}
    return render(request, "communication/inbox/index.html", context)


@signed_in
@require_safe
def news(request: SignedInRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    page = search.page_of(notices.matching(request.user, search.words()))
    lines = [notices.line(notice) for notice in page.object_list]
    return render(request, "communication/inbox/news.html", {"page": page, "lines": lines, "q": search.words()})


@signed_in
@require_safe
def done(request: SignedInRequest) -> HttpResponse:
    search = SearchForm(request.GET)
    page = search.page_of(history.work_of(request.user, search.words()))
    return render(request, "communication/inbox/done.html", {"page": page, "lines": history.lines(page.object_list), "q": search.words()})


@signed_in
@require_safe
def count(request: SignedInRequest) -> HttpResponse:
    """How much is to be done, for the rail."""
    number = len(todos(request.user, timezone.localdate()))
    return render(request, "communication/inbox/count.html", {"number": number, "news": notices.unread(request.user).count()})


@signed_in
@require_POST
def read(request: SignedInRequest) -> HttpResponse:
    """All news have been read."""
    service.mark_read(person=request.user, now=timezone.now())
    return redirect("communication:news")


@signed_in
@require_http_methods(["GET", "POST"])
def preferences(request: SignedInRequest) -> HttpResponse:
    kept = Subscription.objects.filter(person=request.user).first()
    form = SubscriptionForm(request.POST or None, initial={"address": kept.address if kept else ""})
    if request.method == "POST" and form.is_valid():
        digest.subscribe(actor=request.user, address=form.cleaned_data["address"])
        messages.success(request, _("Saved."))
        return redirect("communication:inbox")
    context = {"form": form, "at": settings.DIGEST_AT, "sends": bool(settings.EMAIL_HOST)}
    return render(request, "communication/inbox/preferences.html", context)
