"""Reads who gets which post, and who is away."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.models import Unit, User
from staff.choices import AbsenceKind
from staff.forms.day import DayField
from staff.models import Post


class AppointForm(forms.Form):
    """units: within reach, by code; posts: that can be held there; suggestions: the address that tells whom letters may mean."""

    person = forms.CharField(max_length=40, label=gettext_lazy("Staff number or name"))
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    post = forms.ChoiceField(label=gettext_lazy("Post"))
    from_date = DayField(label=gettext_lazy("First day in the post"))

    def __init__(self, *args: Any, units: list[Unit], posts: list[Post], people: Any, suggestions: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units, self.posts, self.people = {one.code: one for one in units}, {str(one.pk): one for one in posts}, people
        offers = {"list": "people", "hx-get": suggestions, "hx-trigger": "input changed delay:200ms", "hx-target": "#people"}
        self.fields["person"].widget.attrs.update({"autocomplete": "off", **offers})
        self.fields["unit"].choices = [(one.code, f"{one.code} {one.label}") for one in units]  # type: ignore[attr-defined]
        self.fields["post"].choices = [(pk, f"{one.label} ({one.unit.code})") for pk, one in self.posts.items()]  # type: ignore[attr-defined]

    def clean_person(self) -> User:
        typed = self.cleaned_data["person"].strip()
        found = list(self.people.filter(Q(username__iexact=typed) | Q(name__iexact=typed) | Q(name_zh=typed))[:2])
        if len(found) != 1:
            several = _("Several people have this name; write the staff number.")
            raise forms.ValidationError(several if found else _("There is nobody of this staff number or name within your reach."))
        person: User = found[0]
        return person

    def clean_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]

    def clean_post(self) -> Post:
        return self.posts[self.cleaned_data["post"]]


class LettersForm(forms.Form):
    """What has been typed of a staff number or a name so far."""

    person = forms.CharField(max_length=40, required=False)


class EndForm(forms.Form):
    last_day = DayField(label=gettext_lazy("Last day in the post"))


class AbsenceForm(forms.Form):
    kind = forms.ChoiceField(choices=AbsenceKind.choices, label=gettext_lazy("Kind"))
    from_date = DayField(label=gettext_lazy("First day"))
    until_date = DayField(label=gettext_lazy("Last day"))
    note = forms.CharField(max_length=200, required=False, label=gettext_lazy("Note"))
