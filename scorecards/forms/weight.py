"""Reads all weights of a draft at once."""

import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from organisation.models.names import in_language
from scorecards.forms.definition import keep_others, remember
from scorecards.forms.number import NumberField
from scorecards.forms.scorecard import needed_weight
from scorecards.models import Month
from scorecards.selectors.document import Document
from scorecards.selectors.draft import dated, each_node, weight_in
from scorecards.selectors.text import input_text

HUNDREDTHS = 10_000


@dataclass(frozen=True)
class Siblings:
    """Nodes that share 100 % between them. key: of the group."""

    key: str
    name: str
    level: str
    nodes: list[Document]

    def field(self, node: Document) -> str:
        return f"{self.level} {node['code']}"


def siblings_of(document: Document) -> list[Siblings]:
    """From the top: perspectives, then for each its objectives, for each of these its measures."""
    found = [Siblings("top", _("Perspectives"), "perspective", document["perspectives"])]
    for perspective in document["perspectives"]:
        found.append(Siblings(f"p {perspective['code']}", _label(perspective), "objective", perspective["objectives"]))
        found += [Siblings(f"o {one['code']}", _label(one), "measure", one["measures"]) for one in perspective["objectives"]]
    return [group for group in found if group.nodes]


def _label(node: Document) -> str:
    return f"{node['code']} {in_language(node['name'], node['name_zh'])}"


class DraftWeightsForm(forms.Form):
    """A field for each node of the draft. seen: the edits of the draft that the person's page knew."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, document: Document, month: Month, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document, self.month, self.groups = document, month, siblings_of(document)
        for group in self.groups:
            for node in group.nodes:
                name = group.field(node)
                self.fields[name] = NumberField(max_length=20, initial=input_text(weight_in(node, month)), label=_label(node))
                self.fields[name].widget.attrs["class"] = "form-control"
        remember(self)

    def clean(self) -> dict[str, Any]:
        keep_others(self)
        for group in self.groups:
            names = [group.field(node) for node in group.nodes]
            for name in names:
                if name in self.cleaned_data:
                    try:
                        needed_weight(self.cleaned_data[name])
                    except forms.ValidationError as error:
                        self.add_error(name, error)
            if all(self.cleaned_data.get(name) == 0 for name in names):
                self.add_error(names[0], _("At least one of these must weigh more than 0."))
        return self.cleaned_data

    @property
    def changed(self) -> Document:
        """The document with these weights in force from the draft's month."""
        document = copy.deepcopy(self.document)
        for level, node in each_node(document):
            weight = self.cleaned_data[f"{level} {node['code']}"]
            later = [row for row in dated(node["weight"]) if row["from"] > str(self.month)]
            node["weight"] = [{"from": f"{document['year']}-01", "weight": weight}, *later] if later else weight
        return document


def weights_of(other: Document, document: Document, month: Month) -> dict[str, str]:
    """What another document weighs nodes of the same codes with in that month, by the fields of the form."""
    known = {(level, node["code"]): input_text(weight_in(node, month)) for level, node in each_node(other)}
    keys = [(level, node["code"]) for level, node in each_node(document)]
    return {f"{level} {code}": known[level, code] for level, code in keys if (level, code) in known}


def equal(number: int) -> list[float]:
    """So many weights, as equal as two decimals allow, that total exactly 100."""
    share, left = divmod(HUNDREDTHS, number)
    return [(share + (i < left)) / 100 for i in range(number)]
