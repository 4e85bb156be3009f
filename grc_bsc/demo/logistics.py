"""The World Bank's Logistics Performance Index: the customs score of each country, from 1 to 5, of 2010 to 2016."""

import csv
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from organisation.choices import UnitKind
from organisation.services.unit import create_unit as create
from scorecards.services.scorecard import DataNote

CODE = "LPI"
FILE = Path(__file__).parent / "data" / "worldbank_lpi_2010_2016.csv"
NOTE = DataNote(
    illustrative=False,
    provenance="Real data: World Bank, Logistics Performance Index, customs scores of 2010 to 2016, CC BY 4.0. The targets are ours.",
    provenance_zh="真实数据：世界银行物流绩效指数，2010至2016年海关得分，CC BY 4.0。目标值由本系统设定。",
)
POINTS = [1.5, 2.5, 3.5, 4.0]


def create_unit() -> None:
    create(actor=None, code=CODE, name="Customs of the world", name_zh="世界各国海关", kind=UnitKind.OTHER, parent=None)


def documents() -> Iterator[tuple[str, bytes]]:
    """One document a year of the index: a perspective, an objective for each first letter, a measure for each country."""
    with FILE.open(newline="", encoding="utf-8-sig") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: (row["Year"], row["Code"]))
    for year, of_year in groupby(rows, key=lambda row: row["Year"]):
        objectives = [
            {"code": letter, "name": letter, "name_zh": letter, "weight": 1, "measures": [_measure(row, year) for row in group]}
            for letter, group in groupby(of_year, key=lambda row: row["Code"][0])
        ]
        document = {
            "format": "grc-bsc/scorecard@1",
            "unit": {"code": CODE, "name": "Customs of the world", "name_zh": "世界各国海关", "parent": None},
            "year": int(year),
            "name": f"Logistics Performance Index {year}",
            "name_zh": f"{year}年物流绩效指数",
            "perspectives": [{"code": "C", "name": "Customs", "name_zh": "海关", "weight": 100, "objectives": objectives}],
        }
        yield f"{CODE}-{year}.json", json.dumps(document, ensure_ascii=False).encode()


def _measure(row: dict[str, str], year: str) -> dict[str, Any]:
    return {
        "code": row["Code"],
        "name": row["Country"],
        "unit": "1–5",
        "better": "higher",
        "preset": "red_flag",
        "curve_scores": [0, 60, 100, 120],
        "method": "latest",
        "frequency": "yearly",
        "weight": 1,
        "source": "entered",
        "targets": [{"from": f"{year}-01", "points": POINTS}],
        "readings": [{"month": f"{year}-12", "value": float(row["Customs"]), "state": "verified"}],
    }
