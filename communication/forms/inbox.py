"""Reads what a person wants to be sent, and which part of the inbox is looked at."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SubscriptionForm(forms.Form):
    address = forms.EmailField(
        required=False,
        label=_("E-mail address for the daily digest"),
        help_text=_("Leave it empty to get none; the inbox says the same."),
    )
