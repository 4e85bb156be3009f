"""The words of communication."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Topic:
    """icon and sentence of a notice; the sentence's placeholders are what the notice is about."""

    icon: str
    sentence: Any
    button: Any = ""


NOTICES = {
    "mentioned": Topic("message", _("%(who)s mentioned you about %(what)s: “%(text)s”")),
    "answered": Topic("message", _("%(who)s wrote about %(what)s: “%(text)s”")),
    "thread_resolved": Topic("circle-check", _("%(who)s has settled the thread about %(what)s.")),
}
