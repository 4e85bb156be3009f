"""Instructions from above: the list with what is not answered, and one of them."""

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organisation.access import holds, unit_for
from organisation.forms.search import SearchForm
from organisation.models import Unit
from organisation.permissions import SignedInRequest, needs
from scorecards.access import instruction_for
from scorecards.errors import CodeUsed, OutOfDate
from scorecards.forms.instruction import ClauseForm, InstructionForm
from scorecards.models import Instruction
from scorecards.permissions import EDIT_STRATEGY, VIEW_SCORECARD
from scorecards.selectors import instruction as selectors
from scorecards.services import instruction as service

ClauseForms = formset_factory(ClauseForm, extra=2, can_delete=True, max_num=60, absolute_max=65)


@needs(VIEW_SCORECARD)
@require_safe
def index(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, VIEW_SCORECARD)
    search = SearchForm(request.GET)
    page = search.page_of(selectors.instructions(unit, search.words()))
    context = {"unit": unit, "page": page, "q": search.words(), "trace": selectors.trace(unit)}
    return render(request, "scorecards/instruction/list.html", {**context, "may_edit": holds(request.user, EDIT_STRATEGY, unit)})


@needs(EDIT_STRATEGY)
@require_http_methods(["GET", "POST"])
def create(request: SignedInRequest, code: str) -> HttpResponse:
    unit = unit_for(request.user, code, EDIT_STRATEGY)
    form = InstructionForm(request.POST or None, initial={"version": 0})
    forms = ClauseForms(request.POST or None, prefix="clause", form_kwargs={"known": selectors.known_codes(unit)})
    if request.method == "POST" and form.is_valid() and forms.is_valid():
        try:
            service.create_instruction(actor=request.user, unit=unit, fields=form.fields_of(), clauses=_clauses(forms))
        except CodeUsed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("scorecards:instructions", code=code)
    return _page(request, unit, form, forms, None)


@needs(EDIT_STRATEGY)
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    instruction = instruction_for(request.user, pk, EDIT_STRATEGY)
    initial = {name: getattr(instruction, name) for name in ("version", *service.FIELDS)}
    form = InstructionForm(request.POST or None, initial=initial)
    rows = [
        {**row, "objectives": " ".join(row["objectives"]), "measures": " ".join(row["measures"])}
        for row in instruction.clauses.values(*service.CLAUSE)
    ]
    known = selectors.known_codes(instruction.unit)
    forms = ClauseForms(request.POST or None, initial=rows, prefix="clause", form_kwargs={"known": known})
    if request.method == "POST" and form.is_valid() and forms.is_valid():
        told = {"version": form.cleaned_data["version"], "fields": form.fields_of(), "clauses": _clauses(forms)}
        try:
            service.edit_instruction(actor=request.user, instruction=instruction, **told)
        except OutOfDate as refusal:
            form.add_error(None, str(refusal))
            form.take_version(Instruction.objects.get(pk=pk).version)
        except CodeUsed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("scorecards:instructions", code=instruction.unit.code)
    return _page(request, instruction.unit, form, forms, instruction)


def _clauses(forms: "BaseFormSet[ClauseForm]") -> list[dict[str, Any]]:
    found = [one.cleaned_data for one in forms if one.cleaned_data.get("code") and not one.cleaned_data.get("DELETE")]
    return [{name: fields[name] for name in service.CLAUSE} for fields in found]


def _page(
    request: SignedInRequest, unit: Unit, form: InstructionForm, forms: "BaseFormSet[ClauseForm]", instruction: Instruction | None
) -> HttpResponse:
    context = {"unit": unit, "form": form, "forms": forms, "instruction": instruction}
    return render(request, "scorecards/instruction/edit.html", context)
