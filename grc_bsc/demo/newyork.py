"""New York City's management indicators of fiscal year 2023 that have a target: 351, with the published verdict on each."""

import csv
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from organisation.choices import UnitKind
from organisation.services.unit import create_unit as create
from scorecards.services.scorecard import DataNote

CODE, YEAR = "NYC", 2023
FILE = Path(__file__).parent / "data" / "nyc_mmr_with_targets.csv"
NOTE = DataNote(
    illustrative=False,
    provenance=(
        "Real data: New York City Mayor's Management Report, indicators with a target for fiscal year 2023 and the Comptroller's "
        "projections of October 2022. MIT licence of the Comptroller's repository; the indicators are public."
    ),
    provenance_zh="真实数据：纽约市市长管理报告，2023财年设有目标值的指标，以及市审计长2022年10月的全年预测。审计长仓库采用MIT许可；指标公开。",
)
OTHER = "Other services"


def create_unit() -> None:
    create(actor=None, code=CODE, name="New York City services", name_zh="纽约市政服务", kind=UnitKind.OTHER, parent=None)


def rows() -> list[dict[str, str]]:
    """The indicators; `ref_met_goal` is the published verdict."""
    with FILE.open(newline="", encoding="utf-8") as lines:
        return sorted(csv.DictReader(lines), key=lambda row: (row["agency"] or OTHER, row["service"], int(row["indicator_id"])))


def documents() -> Iterator[tuple[str, bytes]]:
    """One document: a perspective for each agency, an objective for each service."""
    perspectives = []
    for number, (agency, of_agency) in enumerate(groupby(rows(), key=lambda row: row["agency"] or OTHER), start=1):
        objectives = [
            {"code": f"S{number}.{i}", "name": service, "weight": 1, "measures": [_measure(row) for row in of_service]}
            for i, (service, of_service) in enumerate(groupby(of_agency, key=lambda row: row["service"]), start=1)
        ]
        perspectives.append({"code": f"A{number}", "name": agency, "weight": 1, "objectives": objectives})
    document = {
        "format": "grc-bsc/scorecard@1",
        "unit": {"code": CODE, "name": "New York City services", "name_zh": "纽约市政服务", "parent": None},
        "year": YEAR,
        "name": "Targets of fiscal year 2023",
        "name_zh": "2023财年目标",
        "perspectives": perspectives,
    }
    yield f"{CODE}-{YEAR}.json", json.dumps(document, ensure_ascii=False).encode()


def _measure(row: dict[str, str]) -> dict[str, Any]:
    target = float(row["target_fy2023"])
    return {
        "code": f"I{row['indicator_id']}",
        "name": row["indicator"],
        "better": "higher" if row["desired_direction"] == "up" else "lower",
        "preset": "pass_fail",
        "curve_scores": [0, 100],
        "method": "latest",
        "frequency": "yearly",
        "weight": 1,
        "source": "entered",
        "targets": [{"from": f"{YEAR}-01", "points": [target, target]}],
        "readings": [{"month": f"{YEAR}-12", "value": float(f"{float(row['fy2023_projected']):.12g}"), "state": "verified"}],
    }
