"""Reads talks, improvement plans, the log and suggestions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from staff.choices import LogKind
from staff.forms.day import DayField, not_after
from staff.models import Improvement, LogEntry, Suggestion, Talk

LONGEST_VERSION = 9


class PlanForm(forms.Form):
    planned_on = DayField(label=gettext_lazy("Planned for"))


class ChiefForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the chief writes."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    planned_on = DayField(label=gettext_lazy("Planned for"))
    held_on = DayField(label=gettext_lazy("Held on"), required=False)

    class Meta:
        model = Talk
        fields = ("planned_on", "held_on", "chief_notes")
        widgets = {"chief_notes": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_held_on(self) -> Any:
        return not_after(self.cleaned_data["held_on"], self.today)


class OfficerForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the officer writes."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Talk
        fields = ("officer_notes",)
        widgets = {"officer_notes": forms.Textarea(attrs={"rows": 6})}


class ImprovementForm(forms.ModelForm):  # type: ignore[type-arg]
    """measures: those of the officer's scorecard, as pairs of code and name."""

    measure = forms.ChoiceField(required=False, label=gettext_lazy("Measure"))
    due_on = DayField(label=gettext_lazy("Until"))

    class Meta:
        model = Improvement
        fields = ("text", "measure", "training", "hours", "due_on")

    def __init__(self, *args: Any, measures: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = [("", "–"), *measures]  # type: ignore[attr-defined]


class LogForm(forms.ModelForm):  # type: ignore[type-arg]
    """own: the officer's own log, in which commendations and incidents are for others to note."""

    day = DayField(label=gettext_lazy("Day"))

    class Meta:
        model = LogEntry
        fields = ("day", "kind", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, today: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["kind"].choices = [choice for choice in LogKind.choices if not own or choice[0] == LogKind.WORK]  # type: ignore[attr-defined]

    def clean_day(self) -> Any:
        return not_after(self.cleaned_data["day"], self.today)


class ReplyForm(forms.Form):
    reply = forms.CharField(max_length=1000)


class SuggestionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Suggestion
        fields = ("title", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}


class AnswerForm(forms.Form):
    verdict = forms.ChoiceField(choices=[("adopt", ""), ("decline", "")])
    answer = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), label=gettext_lazy("Answer"))


def read_version(data: Any) -> int:
    """The version that a page knew; 0, which nothing has, where it is no number."""
    written = str(data.get("version", ""))
    return int(written) if written.isascii() and written.isdigit() and len(written) <= LONGEST_VERSION else 0
