"""Reads what an administrator types about a person and a role."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organisation.choices import Role
from organisation.forms.unit import DAY, offer_units
from organisation.forms.versioned import VersionedForm
from organisation.models import Unit


class PersonForm(forms.Form):
    username = forms.RegexField(
        r"^[A-Za-z0-9_.\-]{1,40}\Z",
        label=_("Staff number"),
        error_messages={"invalid": _("Use letters, digits, _ - and . only, at most 40 of them.")},
    )
    name = forms.CharField(label=_("English name"), max_length=500)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=500, required=False)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("To be changed at the first sign-in."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class PersonEditForm(VersionedForm, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("English name"), max_length=500)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=500, required=False)
    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("To be changed at the next sign-in."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), to_field_name="code")
    from_date = forms.DateField(label=_("First day"), widget=DAY)
    until_date = forms.DateField(label=_("Last day"), widget=DAY, required=False)

    def __init__(self, *args: object, units: QuerySet[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offer_units(self.fields["unit"], units)
