"""Which passwords are good enough (profile mlps3): three of four kinds of characters."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")
KINDS_NEEDED = 3


class ThreeClassesValidator:
    """Django's shape of a password validator."""

    def validate(self, password: str, user: object = None) -> None:
        if sum(bool(re.search(kind, password)) for kind in KINDS) < KINDS_NEEDED:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("Use at least three of these: small letters, capital letters, digits, other characters.")
