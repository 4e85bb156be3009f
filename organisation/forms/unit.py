"""Reads what an administrator types about a unit."""

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from organisation.forms.versioned import VersionedForm
from organisation.models import Unit

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def offer_units(field: forms.Field, units: QuerySet[Unit]) -> None:
    """Let a field choose among the units; they are read here, not while a template prints."""
    field.queryset = units.order_by("code")  # type: ignore[attr-defined]
    key = field.to_field_name or "pk"  # type: ignore[attr-defined]
    field.choices = [("", "–"), *((getattr(unit, key), f"{unit.code} {unit.label}") for unit in units.order_by("code"))]  # type: ignore[attr-defined]


class UnitForm(VersionedForm, forms.ModelForm):  # type: ignore[type-arg]
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    class Meta:
        model = Unit
        fields = ["code", "name", "name_zh", "kind", "parent", "from_date", "until_date"]
        widgets = {"from_date": DAY, "until_date": DAY}

    def __init__(self, *args: object, parents: QuerySet[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offer_units(self.fields["parent"], Unit.objects.filter(Q(pk__in=parents.values("pk")) | Q(pk=self.instance.parent_id)))
        self.fields["parent"].required = True
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
