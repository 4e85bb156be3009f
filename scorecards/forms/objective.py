"""Reads what is typed about an objective of a draft."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.forms.definition import refuse_controls, remember
from scorecards.forms.number import fitting
from scorecards.models.measure import measure_code_shape
from scorecards.selectors.document import Document

CHECKPOINT = re.compile(r"((?:19|2\d)\d\d-(?:0[1-9]|1[0-2]))\s*[:=：]?\s*(\S+)")
MOST_CHECKPOINTS, HIGHEST = 24, 120
node_code_shape = RegexValidator(
    r"^(?=.*[A-Za-z0-9])[A-Za-z0-9_.\-]{1,40}\Z", gettext_lazy("Use letters, digits, _ - and . only, at most 40 of them.")
)
TEXTS = ("name", "name_zh", "description", "description_zh", "owner")


class ObjectiveForm(forms.Form):
    """seen: the edits of the draft that the person's page knew. checkpoints: a month and a wanted score a line."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.CharField(max_length=40, validators=[node_code_shape], label=gettext_lazy("Code"))
    perspective = forms.ChoiceField(label=gettext_lazy("Perspective"))
    name = forms.CharField(max_length=500, label=gettext_lazy("English name"))
    name_zh = forms.CharField(max_length=500, label=gettext_lazy("Chinese name"))
    description = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_lazy("What it means, English")
    )
    description_zh = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_lazy("What it means, Chinese")
    )
    owner = forms.CharField(max_length=200, required=False, label=gettext_lazy("Owner"))
    theme = forms.ChoiceField(required=False, label=gettext_lazy("Strategic theme"))
    checkpoints = forms.CharField(
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=gettext_lazy("Checkpoints"),
        help_text=gettext_lazy("A month and the score wanted by then on each line, as “2026-12 80”; later years too."),
    )

    def __init__(self, *args: Any, lanes: list[tuple[str, str]], themes: list[tuple[str, str]], fresh: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["perspective"].choices = lanes  # type: ignore[attr-defined]
        self.fields["theme"].choices = [("", "–"), *themes]  # type: ignore[attr-defined]
        held = self.initial.get("theme")
        if held and held not in dict(themes):
            self.fields["theme"].choices.append((held, held))  # type: ignore[attr-defined]
        if not fresh:
            remember(self)
            del self.fields["code"], self.fields["perspective"]

    def clean(self) -> dict[str, Any]:
        refuse_controls(self)
        return self.cleaned_data

    def clean_checkpoints(self) -> list[Document]:
        found: dict[str, float] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["checkpoints"].splitlines())):
            match = CHECKPOINT.fullmatch(line)
            score = fitting(match[2]) if match else None
            if match is None or score is None or not 0 <= score <= HIGHEST:
                raise forms.ValidationError(_("“%(line)s” is not a month and a score from 0 to 120, as “2026-12 80”.") % {"line": line})
            found[match[1]] = int(score) if score == score.to_integral_value() else float(score)
        if len(found) > MOST_CHECKPOINTS:
            raise forms.ValidationError(_("At most %(most)d checkpoints.") % {"most": MOST_CHECKPOINTS})
        return [{"month": month, "score": score} for month, score in sorted(found.items())]

    def fields_of(self) -> Document:
        """What a new objective says; of one that is there what was changed."""
        typed = self.cleaned_data
        said = {name: typed[name] for name in TEXTS} | {"theme": typed["theme"] or None, "checkpoints": typed["checkpoints"]}
        if "code" in typed:
            return {"code": typed["code"], **said}
        return {name: value for name, value in said.items() if name in self.changed_data}


class NewMeasureForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.CharField(max_length=40, validators=[measure_code_shape], label=gettext_lazy("Code"))
    name = forms.CharField(max_length=500, label=gettext_lazy("English name"))
    name_zh = forms.CharField(max_length=500, label=gettext_lazy("Chinese name"))

    def clean(self) -> dict[str, Any]:
        refuse_controls(self)
        return self.cleaned_data

    def measure(self) -> Document:
        return {name: self.cleaned_data[name] for name in ("code", "name", "name_zh")}


def initial_of(objective: Document, seen: int) -> dict[str, Any]:
    """What the form shows of an objective of a draft."""
    lines = [f"{one['month']} {one['score']:g}" for one in objective["checkpoints"]]
    texts = {name: objective.get(name) or "" for name in TEXTS}
    return {**texts, "seen": seen, "theme": objective["theme"] or "", "checkpoints": "\n".join(lines)}
