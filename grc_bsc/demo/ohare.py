"""O'Hare Terminal 5: the arrival inspection of the United States, 2016 to 2020, real and monthly."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from organisation.choices import UnitKind
from organisation.services.unit import create_unit as create
from scorecards.services.scorecard import DataNote

CODE = "ORD-T5"
FILE = Path(__file__).parent / "data" / "cbp_ord_passenger_wait_monthly.csv"
NOTE = DataNote(
    illustrative=False,
    provenance=(
        "Real data: U.S. Customs and Border Protection, Airport Wait Times, Chicago O'Hare Terminal 5, hourly records summed to months. "
        "A work of the U.S. Government, in the public domain. The targets are ours."
    ),
    provenance_zh="真实数据：美国海关与边境保护局机场候检时间，芝加哥奥黑尔机场5号航站楼，按小时记录汇总到月。美国政府作品，属公有领域。目标值由本系统设定。",
)
MEASURES: list[dict[str, Any]] = [
    {
        "code": "C2-01",
        "name": "Passengers cleared within 30 minutes",
        "name_zh": "旅客30分钟内通关率",
        "unit": "%",
        "better": "higher",
        "preset": "red_flag",
        "method": "ratio",
        "factor": 100,
        "points": [70, 85, 95, 99],
    },
    {
        "code": "C2-02",
        "name": "Mean waiting time",
        "name_zh": "旅客平均候检时间",
        "unit": "min",
        "better": "lower",
        "preset": "red_flag",
        "method": "weighted",
        "points": [30, 16, 10, 7],
    },
    {
        "code": "F3-02",
        "name": "Passengers per booth-hour",
        "name_zh": "每查验台每小时旅客数",
        "unit": "pax/h",
        "better": "higher",
        "preset": "red_flag",
        "method": "ratio",
        "factor": 1,
        "points": [15, 30, 40, 50],
    },
]
CURVE = [0, 60, 100, 120]


def create_unit() -> None:
    create(actor=None, code=CODE, name="O'Hare Terminal 5", name_zh="奥黑尔机场5号航站楼", kind=UnitKind.OTHER, parent=None)


def documents() -> Iterator[tuple[str, bytes]]:
    """One document a year."""
    with FILE.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    for year in sorted({row["period"][:4] for row in rows}):
        document = _document(int(year), [row for row in rows if row["period"].startswith(year)])
        yield f"{CODE}-{year}.json", json.dumps(document, ensure_ascii=False).encode()


def readings(row: dict[str, str]) -> dict[str, dict[str, float]]:
    """What one month of the file says for each measure: counts, not shares, so that months combine rightly."""
    timed, passengers = int(row["passengers_timed"]), int(row["passengers"])
    return {
        "C2-01": {"numerator": round(timed * float(row["pct_within_30min"]) / 100), "denominator": timed},
        "C2-02": {"value": float(row["avg_wait_min"]), "volume": timed},
        "F3-02": {"numerator": passengers, "denominator": int(row["booth_hours"])},
    }


def _document(year: int, rows: list[dict[str, str]]) -> dict[str, Any]:
    within, wait, booths = (_measure(fields, year, rows) for fields in MEASURES)
    return {
        "format": "grc-bsc/scorecard@1",
        "unit": {"code": CODE, "name": "O'Hare Terminal 5", "name_zh": "奥黑尔机场5号航站楼", "parent": None},
        "year": year,
        "name": f"Arrival inspection {year}",
        "name_zh": f"{year}年入境旅检",
        "perspectives": [
            {
                "code": "C",
                "name": "Customer",
                "name_zh": "服务对象",
                "weight": 70,
                "objectives": [
                    {"code": "C2", "name": "Smooth passenger clearance", "name_zh": "旅客通关顺畅", "weight": 1, "measures": [within, wait]}
                ],
            },
            {
                "code": "F",
                "name": "Financial",
                "name_zh": "财务",
                "weight": 30,
                "objectives": [
                    {"code": "F3", "name": "Good use of booths", "name_zh": "查验台高效利用", "weight": 1, "measures": [booths]}
                ],
            },
        ],
    }


def _measure(fields: dict[str, Any], year: int, rows: list[dict[str, str]]) -> dict[str, Any]:
    points = fields["points"]
    return {
        **{name: value for name, value in fields.items() if name != "points"},
        "curve_scores": CURVE,
        "frequency": "monthly",
        "weight": 1,
        "source": "entered",
        "targets": [{"from": f"{year}-01", "points": points}],
        "readings": [{"month": row["period"], "state": "verified", **readings(row)[fields["code"]]} for row in rows],
    }
