"""Threads about one object."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communication.access import subject_for, thread_for
from communication.errors import CommunicationError
from communication.forms.thread import CommentForm
from communication.permissions import READ_THREAD, WRITE_THREAD
from communication.selectors import thread as selectors
from communication.services import thread as service
from organisation.access import holds
from organisation.forms.search import SearchForm
from organisation.permissions import SignedInRequest, needs


@needs(READ_THREAD)
@require_http_methods(["GET", "POST"])
def index(request: SignedInRequest, kind: str, key: str) -> HttpResponse:
    """All threads about the object; POST begins one."""
    subject = subject_for(request.user, kind, key, READ_THREAD)
    may_write = holds(request.user, WRITE_THREAD, subject.unit)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    people = selectors.people_about(subject)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        mentioned = selectors.mentioned_in(text, people)
        service.open_thread(actor=request.user, subject=subject, text=text, mentioned=mentioned, now=timezone.now())
        names = ", ".join(person.label for person in mentioned)
        messages.success(request, _("Said. Told: %(names)s.") % {"names": names} if names else _("Said."))
        return redirect(request.path)
    return _page(request, subject, form, may_write)


@needs(WRITE_THREAD)
@require_POST
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    thread, subject = thread_for(request.user, pk, WRITE_THREAD)
    form = CommentForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        people = selectors.people_about(subject)
        told = {"text": text, "mentioned": selectors.mentioned_in(text, people), "now": timezone.now()}
        try:
            service.answer(actor=request.user, thread=thread, subject=subject, **told)
        except CommunicationError as refusal:
            messages.error(request, str(refusal))
            return _page(request, subject, CommentForm(initial={"text": text}), may_write=True)
        return redirect("communication:talk", kind=thread.kind, key=thread.key)
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("communication:talk", kind=thread.kind, key=thread.key)


@needs(WRITE_THREAD)
@require_POST
def settle(request: SignedInRequest, pk: int) -> HttpResponse:
    thread, subject = thread_for(request.user, pk, WRITE_THREAD)
    try:
        service.settle(actor=request.user, thread=thread, subject=subject, now=timezone.now())
    except CommunicationError as refusal:
        messages.error(request, str(refusal))
    return redirect("communication:talk", kind=thread.kind, key=thread.key)


def _page(request: SignedInRequest, subject: selectors.Subject, form: CommentForm, may_write: bool) -> HttpResponse:
    search = SearchForm(request.GET)
    page = search.page_of(selectors.threads(subject, search.words()))
    people = [person for person in selectors.people_about(subject) if person.pk != request.user.pk]
    context = {"subject": subject, "page": page, "form": form, "may_write": may_write, "people": people, "q": search.words()}
    return render(request, "communication/thread/index.html", context)
