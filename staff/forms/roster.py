"""Reads files of people, and the first password of the new ones."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scorecards.forms.upload import TableField


class RosterForm(forms.Form):
    file = TableField()


class ConfirmForm(forms.Form):
    """needs_password: there are new people."""

    password = forms.CharField(
        required=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        label=gettext_lazy("First password of all new people"),
        help_text=gettext_lazy("Each of them chooses another one at the first sign-in."),
    )

    def __init__(self, *args: Any, needs_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_password = needs_password

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if self.needs_password and not password:
            raise forms.ValidationError(_("New people need a first password."))
        if password:
            validate_password(password)
        return password
