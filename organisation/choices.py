"""The words of the organisation: kinds of unit, roles, looks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    ADMINISTRATION = "administration", _("General Administration")
    DISTRICT = "district", _("Customs district")
    HOUSE = "house", _("Customs house")
    DIVISION = "division", _("Division")
    SECTION = "section", _("Section")
    OTHER = "other", _("Other unit")


class Role(models.TextChoices):
    OFFICER = "officer", _("Officer")
    SECTION_CHIEF = "section_chief", _("Section chief")
    UNIT_MANAGER = "unit_manager", _("Unit manager")
    DIRECTOR = "director", _("Director")
    AUDITOR = "auditor", _("Auditor")
    SCORECARD_ADMINISTRATOR = "scorecard_administrator", _("Scorecard administrator")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")
    SECURITY_ADMINISTRATOR = "security_administrator", _("Security administrator")
    AUDIT_ADMINISTRATOR = "audit_administrator", _("Audit administrator")


TECHNICAL_ROLES = [Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR]


LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]


class Theme(models.TextChoices):
    SYSTEM = "auto", _("As the computer")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
