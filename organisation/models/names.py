"""Names in both languages."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """Something of the organisation's own with an English and a Chinese name; one may be missing."""

    name = models.CharField(_("English name"), max_length=500)
    name_zh = models.CharField(_("Chinese name"), max_length=500, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the page, else the other one."""
        return in_language(self.name, self.name_zh)


def in_language(name: str, name_zh: str) -> str:
    chinese = (get_language() or "").startswith("zh")
    return (name_zh or name) if chinese else (name or name_zh)
