"""A person who signs in."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.choices import LANGUAGES, Theme
from organisation.models.names import Named


class UserManager(BaseUserManager["User"]):
    pass


class User(Named, AbstractBaseUser):
    """username is the staff number. Rights come from memberships alone: there is no superuser."""

    username = models.CharField(
        _("Staff number"), max_length=40, unique=True, error_messages={"unique": _("Another person has this staff number.")}
    )
    language = models.CharField(_("Language"), max_length=10, blank=True, choices=LANGUAGES)
    theme = models.CharField(_("Look"), max_length=5, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(_("May sign in"), default=True)
    must_change_password = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["username"]
        verbose_name = _("person")

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper() or self.label[:1]
