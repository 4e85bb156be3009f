"""Instructions from above and their clauses, traced to what the unit does about them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit
from organisation.models.names import Named, in_language


class Instruction(Named):
    """A document of a superior authority that binds the unit. name: its title; number: as the authority writes it."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="instructions")
    number = models.CharField(_("Document number"), max_length=100)
    issued_on = models.DateField(_("Issued on"))
    deadline = models.DateField(_("Deadline"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-issued_on", "number"]
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="instruction_number_once")]


class Clause(models.Model):
    """objectives, measures: codes on the unit's own scorecards that answer it."""

    instruction = models.ForeignKey(Instruction, models.CASCADE, related_name="clauses")
    code = models.CharField(_("Clause"), max_length=40)
    text = models.TextField(_("What it asks, English"), blank=True)
    text_zh = models.TextField(_("What it asks, Chinese"), blank=True)
    deadline = models.DateField(_("Deadline"), null=True, blank=True)
    objectives = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["instruction_id", "position"]
        constraints = [models.UniqueConstraint(fields=["instruction", "code"], name="clause_code_once")]

    def __str__(self) -> str:
        return f"{self.instruction_id} {self.code}"

    @property
    def text_label(self) -> str:
        return in_language(self.text, self.text_zh)
