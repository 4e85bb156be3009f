"""Reads the answer to a strained pair."""

from django import forms
from django.utils.translation import gettext_lazy

from organisation.forms.versioned import VersionedForm
from scorecards.choices import TensionAnswer


class AnswerForm(VersionedForm, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=TensionAnswer.choices, widget=forms.RadioSelect, label=gettext_lazy("What is done about it?"))
    text = forms.CharField(
        max_length=500, widget=forms.Textarea(attrs={"rows": 3}), label=gettext_lazy("Reason, action or change, in a sentence")
    )
