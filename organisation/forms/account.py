"""Reads what people type about themselves: sign-in, password, language and look."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from organisation.choices import LANGUAGES, Theme


class SignInForm(AuthenticationForm):
    username = forms.CharField(
        label=_("Staff number"), max_length=40, widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"})
    )
    error_messages = {
        "invalid_login": _("Staff number or password is wrong. Both tell small letters from capital ones."),
        "inactive": _("Staff number or password is wrong. Both tell small letters from capital ones."),
    }


class OwnPasswordForm(PasswordChangeForm):
    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise forms.ValidationError(_("This is your present password. Choose another."))
        return password


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(required=False, choices=LANGUAGES)
    theme = forms.ChoiceField(required=False, choices=Theme.choices)
