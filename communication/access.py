"""Loads what is talked about, by asking the app that owns it."""

from django.conf import settings
from django.http import Http404
from django.utils.module_loading import import_string

from communication.models import Thread
from communication.selectors.thread import Subject
from organisation.access import Person


def subject_for(user: Person, kind: str, key: str, permission: str) -> Subject:
    """The object, if the person holds the permission in its unit."""
    loaders = import_string(settings.THREAD_SUBJECTS)
    if kind not in loaders:
        raise Http404
    found: Subject = loaders[kind](user, key, permission)
    return found


def thread_for(user: Person, pk: int, permission: str) -> tuple[Thread, Subject]:
    """The thread of that id with its object, under the same condition."""
    thread = Thread.objects.filter(pk=pk).first()
    if thread is None:
        raise Http404
    return thread, subject_for(user, thread.kind, thread.key, permission)
