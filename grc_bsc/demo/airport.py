"""Capital Airport Customs: its divisions, objectives and measures from the catalogue, with invented readings."""

import csv
import json
import math
import random
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from organisation.choices import UnitKind
from organisation.models import Unit, User
from organisation.services.unit import create_unit
from scorecards.choices import STEPS
from scorecards.models import AdjustmentItem, Measure, Month, Reading, Scorecard
from scorecards.selectors.document import definition_of
from scorecards.selectors.draft import for_year
from scorecards.services.adjustment import create_item
from scorecards.services.adjustment import propose as propose_adjustment
from scorecards.services.catalogue import offer
from scorecards.services.instruction import create_instruction
from scorecards.services.reading import record_reading
from scorecards.services.scorecard import DataNote
from scorecards.services.theme import edit_strategy
from scorecards.services.version import begin

CODE = "BCIA"
DISTRICT = "0100"
MIRRORED = [
    ("C1-03", "Declarations within the standard", "通关时限达标率", "%"),
    ("C2-01", "Passengers within 30 minutes", "旅客30分钟内通关率", "%"),
    ("P1-01", "Hit rate of inspections", "查验命中率", "%"),
]
ITEMS = [
    ("B1", "Commended by the General Administration", "受到总署表彰", 1.5),
    ("B2", "A proposal adopted by the district", "建议被关区采纳", 0.5),
    ("P1", "An incident of integrity", "发生廉政问题", -5.0),
    ("P2", "A finding of the inspectors not mended in time", "督察问题整改逾期", -1.0),
]
DIVISION = "PAX"
CASCADED = ("C2-01", "P2-01")
DIVISION_WEIGHTS = {"C": 45, "P": 35, "F": 20}
DATA = Path(__file__).parent / "data"
MONTHS = 24
NOTE = DataNote(
    illustrative=True,
    provenance="Illustrative: the units, measures and targets are examples, and all readings are invented by a program.",
    provenance_zh="示例数据：单位、指标和目标值均为举例，所有填报数据由程序生成。",
)
PERSPECTIVES = [
    ("C", "Customer", "服务对象", 30),
    ("P", "Internal process", "内部流程", 35),
    ("L", "Learning and growth", "学习与成长", 15),
    ("F", "Financial", "财务", 20),
]
METHODS = {"ratio": "ratio", "wavg": "weighted", "latest": "latest", "sum": "sum"}
FREQUENCIES = {"M": "monthly", "Q": "quarterly", "H": "half_yearly", "A": "yearly"}
BETTER = {"H": "higher", "L": "lower", "R": "in_range"}
FACTORS = {"%": 100, "per 10k": 10_000, "per M": 1_000_000}
INSTRUCTIONS: list[tuple[int, str, str, str, list[tuple[str, str, str, list[str], list[str]]]]] = [
    (
        2,
        "示例〔{year}〕12号",
        "Illustrative letter on clearing travellers",
        "关于优化旅客通关的示例文件",
        [
            ("3.1", "Cut the waiting time of travellers.", "压缩旅客候检时间。", ["C2"], ["C2-01", "C2-02"]),
            ("3.4", "Publish waiting times at every hall.", "各大厅公布候检时间。", ["P7"], []),
        ],
    ),
    (
        5,
        "示例〔{year}〕31号",
        "Illustrative letter on precise control",
        "关于精准监管的示例文件",
        [("2", "Raise the hit rate of inspections.", "提高查验命中率。", ["P1"], ["P1-01"])],
    ),
]
KINDS = {"lead": "leading", "lag": "lagging"}
STRATEGY = {
    "mission": "Guard the capital's air gate: let through what is lawful without delay, and stop what is not.",
    "mission_zh": "守好首都空中国门：合法的快速放行，违法的坚决拦住。",
    "vision": "By 2028 the smoothest and the most watchful airport border of the country.",
    "vision_zh": "到2028年，建成全国通关最顺畅、监管最严密的空港口岸。",
    "values": "Loyal to the country, fair to every traveller, exact in every step.",
    "values_zh": "忠诚为国，公正待人，精准履职。",
}
THEMES = [
    {"code": "T-CONTROL", "name": "Precise control", "name_zh": "精准监管", "first_year": 2024, "last_year": 2028},
    {"code": "T-SERVICE", "name": "Smooth passage", "name_zh": "便捷通关", "first_year": 2024, "last_year": 2027},
    {"code": "T-PEOPLE", "name": "Able people, sound means", "name_zh": "队伍与保障", "first_year": 2025, "last_year": 2028},
]
THEME_OF = {"C": "T-SERVICE", "P": "T-CONTROL", "L": "T-PEOPLE", "F": "T-PEOPLE"}
CHECKPOINTS = {
    "C2": [("{year}-03", 70), ("{year}-12", 85), ("{next}-12", 95)],
    "P1": [("{year}-06", 75), ("{year}-12", 90), ("{next}-06", 100)],
    "L3": [("{year}-12", 80), ("{next}-12", 100)],
}
HYPOTHESES = {
    ("P1", "C1"): ("strong", 2, "Fewer, better aimed inspections free the others sooner.", "查得更准、更少，其余货物放行更快。"),
    ("P2", "C2"): ("strong", 1, "Pre-screening lets most travellers walk on.", "提前甄别使多数旅客无感通过。"),
    ("L1", "P1"): ("medium", 4, "Trained analysts aim better.", "分析人才提升布控质量。"),
    ("L4", "P5"): ("weak", 6, "New systems replace paper.", "新系统取代纸面作业。"),
}
BEHIND = {"P1-02", "P5-02", "C3-03", "L3-03", "P8-02", "F3-01", "C2-02"}
NOT_YET_REPORTED = {"P4-01", "F3-02", "C1-02"}
FORGOTTEN = {("P2-03", 5), ("C3-04", 9), ("L5-02", 3)}
EXCUSED = {("C1-04", 14): "express terminal closed for refitting"}

Row = dict[str, str]


def create_units() -> None:
    above: Unit | None = None
    for code, name, name_zh, kind in [
        ("GACC", "General Administration of Customs", "海关总署", UnitKind.ADMINISTRATION),
        ("0100", "Beijing Customs", "北京海关", UnitKind.DISTRICT),
        (CODE, "Capital Airport Customs", "首都机场海关", UnitKind.HOUSE),
    ]:
        above = create_unit(actor=None, code=code, name=name, name_zh=name_zh, kind=kind, parent=above)
    for row in _rows("divisions"):
        create_unit(actor=None, code=row["code"], name=row["name_en"], name_zh=row["name_zh"], kind=UnitKind.DIVISION, parent=above)


def documents(today: date) -> Iterator[tuple[str, bytes]]:
    """One document for each year in which the last 24 whole months lie: for the house, its passenger division and its district."""
    last = Month.of_day(today) - 1
    months = [last - back for back in range(MONTHS - 1, -1, -1)]
    years = sorted({month.year for month in months} | {today.year})
    for year in years:
        for document in (_document(year, months), _division(_document(year, months), own=year < today.year), _district(year)):
            yield f"{document['unit']['code']}-{year}.json", json.dumps(document, ensure_ascii=False).encode()


def correct(officer: User, today: date) -> None:
    """A few values that the officer has put right since, so that histories have something to tell."""
    month = Month.of_day(today) - 1
    for code, numbers in {"C2-01": {"numerator": -60, "denominator": 0}, "P2-01": {"numerator": 4, "denominator": 0}}.items():
        measure = Measure.objects.get(scorecard__unit__code=CODE, scorecard__year=month.year, code=code)
        reading = Reading.objects.get(measure=measure, month=int(month))
        parts = {name: (getattr(reading, name) or 0) + number for name, number in numbers.items()}
        record_reading(actor=officer, measure=measure, month=month, today=today, numbers=parts)


def publish_items(administrator: User) -> None:
    """The catalogue from which adjustments are proposed."""
    unit = Unit.objects.get(code=CODE)
    for code, name, name_zh, points in ITEMS:
        create_item(actor=administrator, unit=unit, code=code, name=name, name_zh=name_zh, points=points)


def fill_catalogue(administrator: User, today: date) -> None:
    """The measures of the domain, offered to every customs unit."""
    topics = {row["code"]: f"{row['code']} {row['name_en']} {row['name_zh']}" for row in _rows("objectives")}
    unit = Unit.objects.get(code="GACC")
    for row in _rows("measures"):
        offer(actor=administrator, unit=unit, measure=_measure(row, today.year, []), topic=topics[row["objective"]])


def write_strategy(manager: User) -> None:
    """What the airport's customs is for, and its themes."""
    edit_strategy(actor=manager, unit=Unit.objects.get(code=CODE), version=0, texts=STRATEGY, themes=THEMES)


def trace_instructions(manager: User, today: date) -> None:
    """Two instructions from above; one clause waits for a measure."""
    unit = Unit.objects.get(code=CODE)
    for month, number, name, name_zh, clauses in INSTRUCTIONS:
        issued = date(today.year, month, 8)
        fields = {"number": number.format(year=today.year), "name": name, "name_zh": name_zh, "issued_on": issued, "deadline": None}
        told = [
            {"code": code, "text": text, "text_zh": text_zh, "deadline": None, "objectives": objectives, "measures": measures}
            for code, text, text_zh, objectives, measures in clauses
        ]
        create_instruction(actor=manager, unit=unit, fields=fields, clauses=told)


def begin_draft(manager: User, today: date, now: datetime) -> None:
    """Next year's scorecard, begun from this year's."""
    card = Scorecard.objects.select_related("unit__parent").get(unit__code=CODE, officer="", year=today.year)
    source = for_year(definition_of(card), today.year + 1)
    reason = "明年计分卡：沿用今年目标 Next year's scorecard, from this year's"
    begin(actor=manager, unit=card.unit, year=today.year + 1, from_month=Month.of(today.year + 1, 1), source=source, reason=reason, now=now)


def propose(manager: User, today: date, now: datetime) -> None:
    """One adjustment that waits for the director."""
    card = Scorecard.objects.get(unit__code=CODE, officer="", year=(Month.of_day(today) - 1).year)
    item = AdjustmentItem.objects.get(unit=card.unit, code="B2")
    told = {
        "reason": "按新名单预检，各航站楼已采纳 Pre-screening by the new list, adopted in all terminals",
        "evidence": "关区函〔2026〕118号 Letter 2026/118 of the district",
    }
    propose_adjustment(actor=manager, scorecard=card, item=item, month=Month.of_day(today) - 1, now=now, **told)


def _rows(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _document(year: int, months: list[Month]) -> dict[str, Any]:
    objectives = _rows("objectives")
    return {
        "format": "grc-bsc/scorecard@1",
        "unit": {"code": CODE, "name": "Capital Airport Customs", "name_zh": "首都机场海关", "parent": "0100"},
        "year": year,
        "name": f"Balanced scorecard {year}",
        "name_zh": f"{year}年平衡计分卡",
        "perspectives": [
            {
                "code": code,
                "name": name,
                "name_zh": name_zh,
                "weight": weight,
                "objectives": [_objective(row, year, months) for row in objectives if row["perspective"] == code],
            }
            for code, name, name_zh, weight in PERSPECTIVES
        ],
        "links": [_link(row) for row in _rows("links")],
        "tensions": [_tension(row) for row in _rows("tensions")],
        "adjustments": [{"month": f"{year}-05", "points": 1.5, "reason": "受到总署表彰 Commended by the General Administration"}],
    }


def _link(row: Row) -> dict[str, Any]:
    strength, lag, hypothesis, hypothesis_zh = HYPOTHESES.get((row["source"], row["target"]), ("medium", 0, "", ""))
    said = {"strength": strength, "lag": lag, "hypothesis": hypothesis, "hypothesis_zh": hypothesis_zh}
    return {"from": row["source"], "to": row["target"], **said}


def _tension(row: Row) -> dict[str, Any]:
    """Each side of the catalogue names measures by their code and a word."""
    sides = {side: [part.split()[0] for part in row[f"side_{side}"].split("; ")] for side in ("a", "b")}
    return {"code": row["code"], "name": row["name_en"], "name_zh": row["name_zh"], **sides}


def _district(year: int) -> dict[str, Any]:
    """What the district sees of the house: mirrors, and one measure computed from them."""
    measures = [
        {
            "code": code.replace("-", "_"),
            "name": name,
            "name_zh": name_zh,
            "unit": unit,
            "weight": 1,
            "source": "mirror",
            "contributors": [f"{CODE}/{code}"],
        }
        for code, name, name_zh, unit in MIRRORED
    ]
    computed = {
        "code": "SERVICE",
        "name": "Travellers and declarations within the standard, mean",
        "name_zh": "旅客与报关时限达标率均值",
        "unit": "%",
        "better": "higher",
        "preset": "red_flag",
        "curve_scores": [0, 60, 100, 120],
        "method": "average",
        "frequency": "monthly",
        "weight": 1,
        "source": "formula",
        "formula": "(C1_03 + C2_01) / 2",
        "targets": [{"from": f"{year}-01", "points": [80, 90, 96, 99]}],
    }
    objective = {"code": "O1", "name": "Control and service", "name_zh": "监管与服务", "weight": 1, "measures": [*measures, computed]}
    return {
        "format": "grc-bsc/scorecard@1",
        "unit": {"code": DISTRICT, "name": "Beijing Customs", "name_zh": "北京海关", "parent": "GACC"},
        "year": year,
        "name": f"District scorecard {year}",
        "name_zh": f"{year}年关区计分卡",
        "perspectives": [{"code": "D", "name": "District", "name_zh": "关区", "weight": 100, "objectives": [objective]}],
    }


def _division(whole: dict[str, Any], *, own: bool) -> dict[str, Any]:
    """The part of the scorecard that the passenger division answers for, as a scorecard of its own. own: it reports what its officers
    carry; otherwise that is the sum of what they report."""
    codes = {row["code"] for row in _rows("measures") if row["owner"] == DIVISION}
    for perspective in whole["perspectives"]:
        for objective in perspective["objectives"]:
            objective["measures"] = [
                {**measure, "readings": measure["readings"] if own or measure["code"] not in CASCADED else []}
                for measure in objective["measures"]
                if measure["code"] in codes
            ]
        perspective["objectives"] = [objective for objective in perspective["objectives"] if objective["measures"]]
    named = next(row for row in _rows("divisions") if row["code"] == DIVISION)
    unit = {"code": DIVISION, "name": named["name_en"], "name_zh": named["name_zh"], "parent": CODE}
    kept = [{**node, "weight": DIVISION_WEIGHTS[node["code"]]} for node in whole["perspectives"] if node["objectives"]]
    objectives = {objective["code"] for node in kept for objective in node["objectives"]}
    links = [link for link in whole["links"] if {link["from"], link["to"]} <= objectives]
    pairs = [pair for pair in whole["tensions"] if set(pair["a"] + pair["b"]) <= codes]
    return {**whole, "unit": unit, "perspectives": kept, "links": links, "tensions": pairs, "adjustments": []}


def _objective(row: Row, year: int, months: list[Month]) -> dict[str, Any]:
    measures = [measure for measure in _rows("measures") if measure["objective"] == row["code"]]
    return {
        "code": row["code"],
        "name": row["name_en"],
        "name_zh": row["name_zh"],
        "weight": 1,
        "owner": row["owner"],
        "theme": THEME_OF[row["perspective"]],
        "checkpoints": [
            {"month": month.format(year=year, next=year + 1), "score": score} for month, score in CHECKPOINTS.get(row["code"], [])
        ],
        "measures": [_measure(measure, year, months) for measure in measures],
    }


def _measure(row: Row, year: int, months: list[Month]) -> dict[str, Any]:
    method, frequency = METHODS[row["aggregation"]], FREQUENCIES[row["frequency"]]
    preset, curve, points = _curve(row)
    return {
        "code": row["code"],
        "name": row["name_en"],
        "name_zh": row["name_zh"],
        "unit": row["unit"],
        "better": BETTER[row["direction"]],
        "preset": preset,
        "curve_scores": curve,
        "method": method,
        "factor": FACTORS.get(row["unit"], 1) if method == "ratio" else None,
        "frequency": frequency,
        "weight": 1,
        "source": "entered",
        "owner": row["owner"],
        "data_source": row["data_source"],
        "definition": row["formula"],
        "kind": KINDS[row["kind"]],
        "lowest": 0,
        "highest": 100 if method == "ratio" and row["unit"] == "%" and float(row["target"].split("-")[-1]) <= 100 else None,
        "targets": [{"from": f"{year}-01", "points": points}],
        "readings": [_reading(row, month, i) for i, month in enumerate(months) if month.year == year and _is_told(row, month, i)],
    }


def _curve(row: Row) -> tuple[str, list[float], list[float]]:
    """The preset, its scores and the points, from the catalogue's baseline and target. Yearly sums are phased evenly."""
    share = STEPS[FREQUENCIES[row["frequency"]]] / 12 if row["aggregation"] == "sum" else 1
    if row["direction"] == "R":
        low, high = (float(end) for end in row["target"].split("-"))
        width = high - low
        return "range", [0, 100, 100, 0], [_neat(x * share) for x in (low - width, low, high, high + width)]
    baseline, target = float(row["baseline"]), float(row["target"])
    if target == 0:
        return "pass_fail", [0, 100], [0, 0]
    step = target - baseline
    floor, stretch = baseline - 1.5 * step, target + step / 2
    if row["unit"] == "%" and stretch >= 100:
        return "custom", [0, 60, 100], [_neat(x * share) for x in (floor, baseline, target)]
    return "red_flag", [0, 60, 100, 120], [_neat(x * share) for x in (floor, baseline, target, stretch)]


def _is_told(row: Row, month: Month, i: int) -> bool:
    due = month.number % STEPS[FREQUENCIES[row["frequency"]]] == 0
    unreported = i == MONTHS - 1 and row["code"] in NOT_YET_REPORTED
    return due and not unreported and (row["code"], i) not in FORGOTTEN


def _reading(row: Row, month: Month, i: int) -> dict[str, Any]:
    state = "verified" if i < MONTHS - 2 else "submitted"
    mark = EXCUSED.get((row["code"], i))
    if mark:
        return {"month": str(month), "not_applicable": mark, "state": state}
    return {"month": str(month), "state": state, **_numbers(row, month, i)}


def _numbers(row: Row, month: Month, i: int) -> dict[str, float]:
    """Plausible numbers: from the baseline towards the target over two years, with a summer peak and some chance."""
    chance = random.Random(f"{row['code']} {i}")  # noqa: S311  invented data, not a secret
    value = _value(row, month, i, chance)
    if row["aggregation"] == "ratio":
        volume = _volume(row, month, chance)
        numerator = max(0, round(value * volume / FACTORS.get(row["unit"], 1)))
        return {"numerator": min(numerator, volume) if row["unit"] == "%" and row["direction"] != "R" else numerator, "denominator": volume}
    if row["aggregation"] == "wavg":
        return {"value": _neat(value), "volume": _volume(row, month, chance)}
    return {"value": round(value) if row["unit"] == "count" else _neat(value)}


def _value(row: Row, month: Month, i: int, chance: random.Random) -> float:
    if row["target"] == "0":
        return 1 if chance.random() < 0.04 else 0
    baseline = float(row["baseline"])
    goal = float(row["target"]) if row["direction"] != "R" else sum(float(end) for end in row["target"].split("-")) / 2
    span = goal - baseline if goal != baseline else goal * 0.05
    reached = -0.45 if row["code"] in BEHIND else random.Random(row["code"]).uniform(0.25, 1.2)  # noqa: S311  invented data
    season = -0.14 * math.cos((month.number - 1.5) / 12 * 2 * math.pi)
    value = baseline + span * (reached * i / (MONTHS - 1) + season + chance.gauss(0, 0.16))
    share = STEPS[FREQUENCIES[row["frequency"]]] / 12 if row["aggregation"] == "sum" else 1
    ceiling = 100.0 if row["unit"] == "%" and row["direction"] == "H" else math.inf
    return min(max(value, 0.0), ceiling) * share


def _volume(row: Row, month: Month, chance: random.Random) -> int:
    size = random.Random(row["code"]).choice([400, 2_500, 12_000, 60_000])  # noqa: S311  invented data
    if row["unit"] == "per M":
        size = 4_000_000
    summer = 1 + 0.18 * math.sin((month.number - 4) / 12 * 2 * math.pi)
    return round(size * summer * chance.uniform(0.93, 1.07))


def _neat(number: float) -> float:
    return float(f"{number:.4g}")
