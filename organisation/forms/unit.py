"""Reads what an administrator types about a unit."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organisation.models import Unit

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    class Meta:
        model = Unit
        fields = ["code", "name", "name_zh", "kind", "parent", "from_date", "until_date"]
        widgets = {"from_date": DAY, "until_date": DAY}

    def __init__(self, *args: object, parents: QuerySet[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["parent"].queryset = parents.order_by("code")  # type: ignore[attr-defined]
        self.fields["parent"].required = True
        self.fields["parent"].label_from_instance = lambda unit: f"{unit.code} {unit.label}"  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("A code stays for good: documents refer to it.")
            self.fields["parent"].required = self.instance.parent_id is not None
            self.initial["version"] = self.instance.version

    def _post_clean(self) -> None:
        """Uniqueness and dates are refused by the service, in its words."""

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        return code.strip()
