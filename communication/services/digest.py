"""One mail a day with what is to be done and what is new."""

import logging
from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from communication.models import Digest, Subscription
from communication.selectors import notice as notices
from communication.selectors.todo import todos
from ledger.services import audit
from organisation.models import User

log = logging.getLogger(__name__)

MOST_NEWS = 20
Send = Callable[[str, str, str], None]


@transaction.atomic
def subscribe(*, actor: User, address: str) -> None:
    """Have the daily mail sent there; an empty address stops it."""
    Subscription.objects.update_or_create(person=actor, defaults={"address": address})
    audit.record(actor=actor, verb="subscribe", target=actor, after={"mail": bool(address)})


def send_due(*, now: datetime) -> int:
    """After the hour of the digest: one mail to each subscriber who has something to read and has had none today. Returns how many were
    sent. Without a mail server nothing is sent and nothing is lost: the inbox says the same."""
    here = timezone.localtime(now)
    if not settings.EMAIL_HOST or here.time() < settings.DIGEST_AT:
        return 0
    had = Digest.objects.filter(day=here.date()).values("person")
    waiting = Subscription.objects.exclude(address="").exclude(person__in=had).filter(person__is_active=True).select_related("person")
    return sum(_send(one, here.date(), now) for one in waiting)


def _send(subscription: Subscription, day: date, now: datetime) -> bool:
    person = subscription.person
    with translation.override(person.language or settings.LANGUAGE_CODE):
        text = digest_text(person, day)
        subject = _("Customs Scorecard: what is to be done")
    try:
        with transaction.atomic():
            Digest.objects.create(person=person, day=day, sent_at=now if text else None)
            if text:
                send_mail(subject, text, None, [subscription.address])
    except IntegrityError:
        return False
    except OSError:
        log.exception("The digest of %s could not be sent; it is tried again.", person.pk)
        return False
    return bool(text)


def digest_text(person: User, day: date) -> str:
    """The mail in the language that is active, empty where there is nothing to say."""
    found, news = todos(person, day), [notices.line(one) for one in notices.unread(person)[:MOST_NEWS]]
    if not found and not news:
        return ""
    context = {"person": person, "todos": found, "news": news, "site": settings.SITE_ADDRESS}
    return render_to_string("communication/digest.txt", context)
