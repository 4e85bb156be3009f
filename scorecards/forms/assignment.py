"""Reads who is to report which measures."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisation.models import User


class AssignForm(forms.Form):
    """codes: the measures chosen; person: empty for nobody in particular."""

    codes = forms.MultipleChoiceField(label=gettext_lazy("Measures"))
    person = forms.ChoiceField(label=gettext_lazy("Reported by"), required=False)

    def __init__(self, *args: Any, people: list[User], codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["codes"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        self.fields["codes"].error_messages["required"] = _("Choose at least one measure.")
        named = [(pk, f"{person.label} ({person.username})") for pk, person in self.people.items()]
        self.fields["person"].choices = [("", _("nobody in particular")), *named]  # type: ignore[attr-defined]

    def clean_person(self) -> User | None:
        return self.people.get(self.cleaned_data["person"])


class HandOverForm(forms.Form):
    giver = forms.ChoiceField(label=gettext_lazy("From"))
    taker = forms.ChoiceField(label=gettext_lazy("To"))

    def __init__(self, *args: Any, givers: list[User], takers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in [*givers, *takers]}
        for name, offered in (("giver", givers), ("taker", takers)):
            self.fields[name].choices = [("", "–"), *((str(one.pk), f"{one.label} ({one.username})") for one in offered)]  # type: ignore[attr-defined]

    def clean_giver(self) -> User:
        return self.people[self.cleaned_data["giver"]]

    def clean_taker(self) -> User:
        return self.people[self.cleaned_data["taker"]]

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("giver") and self.cleaned_data.get("giver") == self.cleaned_data.get("taker"):
            self.add_error("taker", _("Choose another person."))
        return self.cleaned_data


class FeedForm(forms.Form):
    """measures: those that are entered and not counted yet, as pairs of code and name; sources: pairs of name and label."""

    measure = forms.ChoiceField(label=gettext_lazy("Measure"))
    source = forms.ChoiceField(label=gettext_lazy("What the system counts"))

    def __init__(self, *args: Any, measures: list[tuple[str, str]], sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = [("", "–"), *measures]  # type: ignore[attr-defined]
        self.fields["source"].choices = [("", "–"), *sources]  # type: ignore[attr-defined]
