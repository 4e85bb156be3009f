"""Exchange documents: what comes in goes out again, and what is wrong is named by its place."""

import copy
import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from organisation.models import Unit
from scorecards.errors import DocumentFaults
from scorecards.forms.document import read_documents
from scorecards.models import Measure, Reading, Scorecard
from scorecards.selectors.document import document_of
from scorecards.services.document import import_documents
from tests import cast

pytestmark = pytest.mark.django_db
RATIO = {"method": "ratio", "factor": 100}


def read(*documents) -> list:
    return read_documents(
        (f"{i}.json", document if isinstance(document, bytes) else json.dumps(document).encode()) for i, document in enumerate(documents)
    )


def faults(*documents) -> list[str]:
    try:
        import_documents(actor=None, documents=read(*documents))
    except DocumentFaults as refusal:
        return [f"{fault.path}: {fault.sentence}" for fault in refusal.faults]
    return []


def rich() -> dict:
    """A document that uses every field of entered measures."""
    weighted = cast.measure("W", method="weighted", readings=[{"month": "2026-01", "value": 2.5, "volume": 10, "state": "verified"}])
    ratio = cast.measure(
        "R",
        **RATIO,
        preset="red_flag",
        curve_scores=[0, 60, 100, 120],
        targets=[{"from": "2026-01", "points": [70, 85, 95, 99]}, {"from": "2026-07", "points": [71, 86, 96, 99.5]}],
        readings=[
            {"month": "2026-01", "numerator": 310, "denominator": 340, "state": "submitted"},
            {"month": "2026-02", "not_applicable": "terminal closed", "state": "verified"},
        ],
        weight=[{"from": "2025-07", "weight": 1}, {"from": "2026-07", "weight": 2.5}],
        due_from="2026-01",
        due_until="2026-11",
    )
    unscored = cast.measure("U", preset="unscored", curve_scores=None, better=None, targets=[], readings=cast.readings(3, state="draft"))
    strategy = {
        "adjustment_limit": 5,
        "tension_thresholds": {"low": 50, "moved": 5, "wide": 12.5},
        "tensions": [{"code": "T1", "name": "Both", "name_zh": "两面", "a": ["W"], "b": ["R", "F"]}],
        "adjustments": [{"month": "2026-02", "points": -2.5, "reason": "late"}, {"month": "2026-03", "points": 1, "reason": "award"}],
    }
    computed = cast.measure("F", source="formula", formula="max(W, R) ÷ 2", veto_cap=80)
    settings = {
        "name_zh": "计分卡",
        **strategy,
        "missing_policy": "zero",
        "counts": "verified",
        "deadline_day": 31,
        "minimum_completeness": 0.25,
    }
    return cast.document(weighted, ratio, unscored, computed, bands=[["low", 0], ["high", 70.5]], **settings)


def test_what_is_imported_is_exported_without_loss(load):
    card = load(rich())
    first = document_of(card)
    again = load(json.loads(json.dumps(first)))
    assert document_of(Scorecard.objects.get(pk=again.pk)) == first
    given, out = rich()["perspectives"][0]["objectives"][0]["measures"], first["perspectives"][0]["objectives"][0]["measures"]
    assert {key: first[key] for key in ("adjustment_limit", "tension_thresholds", "tensions", "adjustments")} == {
        key: rich()[key] for key in ("adjustment_limit", "tension_thresholds", "tensions", "adjustments")
    }
    assert [{key: m[key] for key in ("weight", "targets", "readings", "due_from", "factor", "curve_scores")} for m in out] == [
        {
            "factor": None,
            "due_from": None,
            **{key: m[key] for key in ("weight", "targets", "readings", "due_from", "factor", "curve_scores") if key in m},
        }
        for m in given
    ]


def test_an_import_keeps_nodes_of_the_same_code_and_removes_the_others(load):
    card = load(cast.document(cast.measure("A", readings=cast.readings(1, 2)), cast.measure("B")))
    kept = card.measures.get(code="A").pk
    load(cast.document(cast.measure("C"), cast.measure("A", readings=cast.readings(1, 5))))
    assert {m.code: m.pk == kept for m in Measure.objects.all()} == {"A": True, "C": False}
    assert list(Reading.objects.values_list("value", flat=True)) == [1, 5]


def test_all_documents_or_none(people):
    bad = cast.document(cast.measure("A", targets=[{"from": "2026-01", "points": [5, 1]}]), unit="DIVISION")
    assert len(faults(cast.document(cast.measure("A")), bad)) == 1
    assert not Scorecard.objects.exists()


def test_parents_may_come_in_any_order_and_without_a_document(people):
    child, parent = cast.document(unit="N2"), cast.document(unit="N1")
    child["unit"]["parent"], parent["unit"]["parent"] = "N1", "HOUSE"
    assert faults(child, parent) == []
    assert Unit.objects.get(code="N2").parent.code == "N1"


def test_a_byte_order_mark_is_accepted(people):
    assert faults(b"\xef\xbb\xbf" + json.dumps(cast.document()).encode()) == []


def test_every_fault_is_named_at_once(people):
    document = cast.document(cast.measure("A", method="mean"), cast.measure("2B", better="up"))
    document["perspectives"][0]["colour"] = "red"
    found = faults(document)
    assert [fault.split(":")[0] for fault in found] == [
        "perspectives[0]",
        "perspectives[0].objectives[0].measures[0].method",
        "perspectives[0].objectives[0].measures[1].better",
        "perspectives[0].objectives[0].measures[1].code",
    ]


def at(path: str, value):
    """A document in which the place holds the value."""

    def change(document):
        *way, last = [int(p) if p.isdigit() else p for p in path.split(".")]
        target = document
        for part in way:
            target = target[part]
        if value is DELETE:
            del target[last]
        else:
            target[last] = value

    return change


DELETE = object()
M = "perspectives.0.objectives.0.measures.0"
BROKEN = [
    ("format", "grc-bsc/scorecard@2", "format"),
    ("unit.code", "A B", "unit.code"),
    ("unit.code", "x" * 41, "unit.code"),
    ("unit.name", DELETE, "unit"),
    ("unit.parent", "HOUSE", "unit.parent"),
    ("unit.parent", "DIVISION", "unit.parent"),
    ("year", 1899, "year"),
    ("year", "2026", "year"),
    ("year", True, "year"),
    ("name", "", "name"),
    ("name", "x" * 501, "name"),
    ("name", "a\u0007b", "name"),
    ("missing_policy", "ignore", "missing_policy"),
    ("counts", "draft", "counts"),
    ("deadline_day", 32, "deadline_day"),
    ("minimum_completeness", 1.5, "minimum_completeness"),
    ("bands", [["red", 1]], "bands"),
    ("bands", [["red", 0], ["amber", 0]], "bands"),
    ("bands", [["red", 0], ["red", 5]], "bands"),
    ("bands", [["none", 0]], "bands"),
    ("bands", [], "bands"),
    ("perspectives", DELETE, ""),
    ("perspectives", None, "perspectives"),
    ("officer", "", "officer"),
    ("officer", "47/11", "officer"),
    ("links", [{"from": "O1", "to": "O2"}], "links[0].to"),
    ("links", [{"from": "O1", "to": "O1"}], "links[0]"),
    ("links", [{"from": "O1"}], "links[0]"),
    ("tensions", [{"code": "T", "a": ["M1"], "b": ["M2"]}], "tensions[0].b[0]"),
    ("tensions", [{"code": "T", "a": ["M1"], "b": ["M1"]}], "tensions[0].b[0]"),
    ("tensions", [{"code": "T", "a": ["M1"], "b": []}], "tensions[0].b"),
    ("tensions", [{"code": "T", "a": ["M1"]}], "tensions[0]"),
    ("adjustments", [{"month": "2025-12", "points": 1, "reason": "x"}], "adjustments[0].month"),
    ("adjustments", [{"month": "2026-01", "points": 1}], "adjustments[0]"),
    ("adjustments", [{"month": "2026-01", "points": "1", "reason": "x"}], "adjustments[0].points"),
    ("adjustment_limit", -1, "adjustment_limit"),
    ("tension_thresholds", {"high": 50}, "tension_thresholds"),
    ("tension_thresholds", {"low": "50"}, "tension_thresholds.low"),
    ("perspectives.0.weight", -1, "perspectives[0].weight"),
    ("perspectives.0.weight", [], "perspectives[0].weight"),
    ("perspectives.0.weight", [{"from": "2026-02", "weight": 1}], "perspectives[0].weight"),
    ("perspectives.0.weight", [{"from": "2026-01", "weight": 1}, {"from": "2026-01", "weight": 2}], "perspectives[0].weight"),
    ("perspectives.0.code", DELETE, "perspectives[0]"),
    (f"{M}.code", "1M", f"{M}.code"),
    (f"{M}.source", "formula", f"{M}.formula"),
    (f"{M}.source", "rollup", f"{M}.contributors"),
    (f"{M}.source", "mirror", f"{M}.contributors"),
    (f"{M}.source", "mirror", f"{M}.method"),
    (f"{M}.source", "guess", f"{M}.source"),
    (f"{M}.contributors", ["DIVISION/M1"], f"{M}.contributors"),
    (f"{M}.across", "sum", f"{M}.across"),
    (f"{M}.source", DELETE, M),
    (f"{M}.veto_cap", 121, f"{M}.veto_cap"),
    (f"{M}.veto_cap", "no", f"{M}.veto_cap"),
    (f"{M}.formula", "A + B", f"{M}.formula"),
    (f"{M}.preset", DELETE, f"{M}.preset"),
    (f"{M}.method", None, f"{M}.method"),
    (f"{M}.frequency", "weekly", f"{M}.frequency"),
    (f"{M}.better", None, f"{M}.better"),
    (f"{M}.better", "in_range", f"{M}.better"),
    (f"{M}.curve_scores", [0, 90], f"{M}.curve_scores"),
    (f"{M}.curve_scores", [0, 121], f"{M}.curve_scores[1]"),
    (f"{M}.curve_scores", None, f"{M}.curve_scores"),
    (f"{M}.factor", 100, f"{M}.factor"),
    (f"{M}.due_from", "2026-13", f"{M}.due_from"),
    (f"{M}.targets.0.points", [0], f"{M}.targets[0].points"),
    (f"{M}.targets.0.points", [100, 0], f"{M}.targets[0].points"),
    (f"{M}.targets.0.from", "2026", f"{M}.targets[0].from"),
    (f"{M}.targets", [{"from": "2026-01", "points": [0, 1]}] * 2, f"{M}.targets"),
    (f"{M}.readings.0.month", "2026-00", f"{M}.readings[0].month"),
    (f"{M}.readings.0.state", DELETE, f"{M}.readings[0]"),
    (f"{M}.readings.0.value", DELETE, f"{M}.readings[0]"),
    (f"{M}.readings.0.value", "5", f"{M}.readings[0].value"),
    (f"{M}.readings.0.value", 1e16, f"{M}.readings[0].value"),
    (f"{M}.readings.0.volume", 3, f"{M}.readings[0]"),
    (f"{M}.readings.0.not_applicable", "closed", f"{M}.readings[0]"),
    (f"{M}.readings.1.month", "2026-01", f"{M}.readings[1].month"),
    (f"{M}.extra", 1, M),
    (f"{M}.readings.0.month", "2025-01", f"{M}.readings[0].month"),
    (f"{M}.targets.0.points", [], f"{M}.targets[0].points"),
    ("unit.code", "..", "unit.code"),
    (f"{M}.code", "M1\n", f"{M}.code"),
    (f"{M}.targets.0.from", "2026-01\n", f"{M}.targets[0].from"),
    ("bands", [["a\u0000", 0]], "bands[0][0]"),
]


@pytest.mark.parametrize(("path", "value", "place"), BROKEN, ids=[f"{path}={str(value)[:25]}" for path, value, _ in BROKEN])
def test_a_broken_document_is_refused_at_its_place(people, path, value, place):
    document = cast.document(cast.measure("M1", readings=cast.readings(1, 2)))
    document["unit"]["parent"] = "DISTRICT"
    document = copy.deepcopy(document)
    at(path, value)(document)
    found = faults(document)
    written = (
        ".".join(f"[{part}]" if part.isdigit() else part for part in place.split(".")).replace(".[", "[") if "[" not in place else place
    )
    written = (
        written.replace("perspectives.0", "perspectives[0]").replace("objectives.0", "objectives[0]").replace("measures.0", "measures[0]")
    )
    assert written in [fault.split(": ")[0] for fault in found]
    assert not Scorecard.objects.exists()


FORMULAS = [
    ("", "is needed"),
    ("1 + 2", "needs the code of at least one measure"),
    ("M1 +", "ends at character 5"),
    ("M1 M1", "At character 4, “M1” is not expected"),
    ("(M1", "A bracket is not closed at character 4"),
    ("M1)", "At character 3, “\\)” is not expected"),
    ("M1 ** 2", "At character 5, “\\*” is not expected"),
    ("M1 % 2", "At character 4, “%” has no meaning"),
    ("M1; M1", "At character 3, “;” has no meaning"),
    ("M1.__class__", "At character 3, “.” has no meaning|no measure"),
    ("__import__('os')", "At character 1, “_” has no meaning"),
    ("eval(M1)", "At character 1, “eval” is no function"),
    ("abs(M1, 2)", "At character 1, “abs” takes one number"),
    ("round(M1, 7)", "At character 11, round takes a whole number of decimals from 0 to 6"),
    ("round(M1, M1)", "round takes a whole number"),
    ("min()", "At character 5, “\\)” is not expected"),
    ("M1 + 1.2345678901234", "At character 6, the number 1.2345678901234 has more than 12"),
    ("M9 + 1", "no measure M9 on this scorecard"),
    ("M1 * 1" + "0" * 20, "is too large or too small"),
    ("-" * 31 + "M1", "At character 32 the formula is nested more than 30 deep"),
    ("(" * 31 + "M1" + ")" * 31, "At character 32 the formula is nested"),
    ("M1" + " + M1" * 100, "longer than 500 characters"),
    ("X + 1", "computed from itself: HOUSE/X → HOUSE/X"),
]


@pytest.mark.parametrize(("formula", "sentence"), FORMULAS, ids=[formula[:20] for formula, _ in FORMULAS])
def test_a_broken_formula_is_refused_with_its_place(people, formula, sentence):
    computed = cast.measure("X", source="formula", formula=formula)
    found = faults(cast.document(cast.measure("M1"), computed))
    assert [fault for fault in found if re.search(f"^perspectives\\[0\\].*formula: .*({sentence})", fault)], found
    assert not Scorecard.objects.exists()


def rollup(*contributors: str, **fields) -> dict:
    return cast.measure("R", source="rollup", contributors=list(contributors), **{"across": "sum", **fields})


def mirror(of: str, code: str = "R") -> dict:
    return {"code": code, "name": "Mirror", "weight": 1, "source": "mirror", "contributors": [of]}


@pytest.mark.parametrize(
    ("computed", "sentence"),
    [
        (rollup("DIVISION/A", "DIVISION/NO"), "There is no measure DIVISION/NO"),
        (rollup("DIVISION/A", "DIVISION/A"), "stands here twice"),
        (rollup("DIVISION/A", "DIVISION/F"), "rest on the same reading, of DIVISION/A"),
        (rollup("DIVISION/A", "DIVISION/S"), "combines its months by “sum”"),
        (rollup("DIVISION/A", across=None), "needs “across”"),
        (rollup("HOUSE/A"), "stands on another scorecard"),
        (rollup("A"), "written UNIT/CODE"),
        (rollup("DIVISION/Q", method="ratio", factor=1, across=None), "is a formula, which has no numerator"),
        (rollup("DIVISION/A", method="ratio", factor=1), "goes with roll-ups only"),
        (rollup("DIVISION/B"), "computed from itself: HOUSE/R → DIVISION/B → HOUSE/R"),
        (mirror("DIVISION/B"), "computed from itself"),
        (mirror("DIVISION/NO"), "no measure DIVISION/NO"),
        ({**mirror("DIVISION/A"), "targets": [{"from": "2026-01", "points": [1, 2]}]}, "targets” from what it shows"),
        ({**mirror("DIVISION/A"), "contributors": ["DIVISION/A", "DIVISION/S"]}, "exactly one"),
        ({**rollup("DIVISION/A"), "readings": cast.readings(1)}, "no readings of its own"),
    ],
)
def test_what_cannot_be_computed_is_refused(people, computed, sentence):
    below = cast.document(
        cast.measure("A"),
        cast.measure("S", method="sum"),
        cast.measure("F", source="formula", formula="A × 2"),
        cast.measure("Q", source="formula", formula="A / S", method="ratio", factor=1),
        mirror("HOUSE/R", "B"),
        unit="DIVISION",
    )
    found = faults(cast.document(computed), below)
    assert [fault for fault in found if re.search(sentence, fault)], found
    assert not Scorecard.objects.exists()


def test_a_circle_below_a_roll_up_is_named(people):
    circle = [cast.measure(a, source="formula", formula=f"{b} + 1") for a, b in (("C1", "C2"), ("C2", "C1"))]
    found = faults(
        cast.document(rollup("DIVISION/F")), cast.document(*circle, cast.measure("F", source="formula", formula="C1"), unit="DIVISION")
    )
    assert [fault.split("itself: ")[1] for fault in found] == ["DIVISION/C1 → DIVISION/C2 → DIVISION/C1."]


def test_a_document_that_takes_away_what_others_rest_on_is_refused(load):
    load(cast.document(cast.measure("A"), unit="DIVISION"), cast.document(rollup("DIVISION/A")))
    assert faults(cast.document(cast.measure("B"), unit="DIVISION")) == [
        ": HOUSE/R rests on what these documents change: There is no measure DIVISION/A."
    ]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"{", "not JSON: line 1, column 2"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"year": NaN}', "year: NaN is not a number"),
        (b'{"unit": {"code": "A", "code": "B"}}', "unit: The key “code” stands twice"),
        (b'{"perspectives": [{"code": "A", "code": "B"}]}', r"perspectives\[0\]: The key “code” stands twice"),
        (b'{"year": 1e1000000}', "year: The number 1e1000000 has more"),
        (b'{"name": "\\ud800"}', "name: This text holds half a character"),
        (b'{"year": 1.2345678901234}', "year: The number 1.2345678901234 has more than 12 significant digits"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 41 + b"]" * 41, "40 levels"),
        (b"[]", "wrong type"),
        (b"null", "wrong type"),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(people, raw, sentence):
    with pytest.raises(DocumentFaults, match=sentence):
        read(raw)


def test_range_pass_fail_and_ratio_have_their_own_rules(people):
    measures = [
        cast.measure(
            "A", preset="range", better="in_range", curve_scores=[0, 100, 100, 0], targets=[{"from": "2026-01", "points": [4, 3, 2, 1]}]
        ),
        cast.measure("B", preset="pass_fail", targets=[{"from": "2026-01", "points": [1, 2]}]),
        cast.measure("C", method="ratio"),
        cast.measure("D", preset="unscored", targets=[]),
        cast.measure("E", frequency="quarterly", readings=cast.readings(1)),
        cast.measure("F", due_from="2026-03", due_until="2026-02"),
    ]
    places = [fault.split(": ")[0].removeprefix("perspectives[0].objectives[0].") for fault in faults(cast.document(*measures))]
    assert places == [
        "measures[0].targets[0].points",
        "measures[1].targets[0].points",
        "measures[2].factor",
        "measures[3].curve_scores",
        "measures[4].readings[0].month",
        "measures[5].due_until",
    ]


def test_two_documents_for_one_scorecard_are_refused(people):
    assert [fault.split(": ")[0] for fault in faults(cast.document(), cast.document())] == ["unit.code", "unit.code"]


def test_the_commands_speak_the_same_documents(people, tmp_path, capsys):
    file = tmp_path / "house.json"
    file.write_text(json.dumps(rich()))
    call_command("import_scorecard", str(file), actor="scorecards")
    out = io.StringIO()
    call_command("export_scorecard", unit="HOUSE", year=2026, stdout=out)
    file.write_text(out.getvalue())
    call_command("import_scorecard", str(file))
    again = io.StringIO()
    call_command("export_scorecard", unit="HOUSE", year=2026, stdout=again)
    assert json.loads(again.getvalue()) == json.loads(out.getvalue())


def test_the_import_command_names_the_file(people, tmp_path):
    file = tmp_path / "bad.json"
    file.write_text("{")
    with pytest.raises(CommandError, match=r"bad\.json: This is not JSON"):
        call_command("import_scorecard", str(file))


def scores(**options: str) -> dict:
    out = io.StringIO()
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
    call_command("scores", "--json", *words, stdout=out)
    return json.loads(out.getvalue())


def test_scores_prints_exactly_these_keys(load):
    load(rich())
    found = scores(unit="HOUSE", period="2026-01", window="year")
    assert list(found) == ["unit", "officer", "period", "window", "score", "base", "adjustment", "completeness", "band", "perspectives"]
    perspective = found["perspectives"][0]
    assert list(perspective) == ["code", "weight", "score", "completeness", "band", "objectives"]
    measures = perspective["objectives"][0]["measures"]
    assert list(measures[0]) == ["code", "weight", "value", "score", "completeness", "band", "reason"]
    assert [(m["code"], m["value"], m["reason"]) for m in measures] == [
        ("W", 2.5, None),
        ("R", None, "zero"),
        ("U", None, "missing"),
        ("F", None, "no_operand"),
    ]


def test_as_of_moves_deadlines_and_nothing_else(load):
    load(cast.document(cast.measure("A"), missing_policy="zero"))
    before, after = (scores(unit="HOUSE", period="2026-01", window="month", as_of=day) for day in ("2026-02-10", "2026-02-11"))
    assert (before["score"], after["score"]) == (None, 0)


def test_scores_of_nothing_end_with_a_sentence(people):
    with pytest.raises(CommandError, match="There is no scorecard of HOUSE for 2026"):
        scores(unit="HOUSE", period="2026-01", window="month")


def test_an_undated_weight_and_one_from_january_come_out_as_one(load, people):
    from scorecards.models import Month, ObjectiveWeight
    from scorecards.services.scorecard import set_weights

    card = load(cast.document(cast.measure("A"), cast.measure("B")))
    a, b = card.measures.order_by("code")
    set_weights(actor=people["scorecards"], scorecard=card, version=1, groups=[{a: 3.0, b: 1.0}], since=Month.of(2026, 1))
    measures = document_of(card)["perspectives"][0]["objectives"][0]["measures"]
    assert [m["weight"] for m in measures] == [[{"from": "2026-01", "weight": 3}], 1]
    assert faults(document_of(card)) == []
    assert ObjectiveWeight.objects.count() == 1


def test_an_import_tells_what_it_changed_of_a_measure(load):
    from ledger.models import AuditEntry

    load(cast.document(cast.measure("A", readings=cast.readings(1)), cast.measure("B", readings=cast.readings(2))))
    load(cast.document(cast.measure("A", targets=[{"from": "2026-01", "points": [0, 50]}], readings=cast.readings(1))))
    edited = AuditEntry.objects.get(target_kind="measure", verb="edit")
    assert (edited.before["targets"][0]["points"], edited.after["targets"][0]["points"]) == ([0, 100], [0, 50])
    assert AuditEntry.objects.get(verb="clear").before["value"] == 2
    assert AuditEntry.objects.get(target_kind="measure", verb="remove").before["code"] == "B"
    assert AuditEntry.objects.filter(verb="import").first().after["readings_changed"] == 0


def test_a_document_that_moves_its_unit_says_so(people, tmp_path, capsys):
    file, document = tmp_path / "house.json", cast.document(cast.measure("A"))
    document["unit"]["parent"] = "OTHER"
    file.write_text(json.dumps(document))
    for told in ("HOUSE has been moved from DISTRICT to OTHER.", ""):
        call_command("import_scorecard", str(file))
        assert capsys.readouterr().out.partition("\n")[2].strip() == told
