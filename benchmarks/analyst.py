"""The month as an analyst writes it: tables read whole, merged and grouped in pandas."""

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection

from scorecards.models import Month

MEASURES = """
SELECT m.id, m.scorecard_id AS card, m.objective_id AS objective, m.method, m.factor, m.curve_scores AS scores, t.points, w.weight,
    c.counts, r.value, r.numerator, r.denominator, r.state
FROM scorecards_measure m
JOIN scorecards_scorecard c ON c.id = m.scorecard_id
JOIN scorecards_measureweight w ON w.node_id = m.id
LEFT JOIN scorecards_target t ON t.measure_id = m.id
LEFT JOIN scorecards_reading r ON r.measure_id = m.id AND r.month = %(month)s AND r.not_applicable = ''
WHERE m.scorecard_id = ANY(%(ids)s)
"""
OBJECTIVES = """
SELECT o.id, o.perspective_id AS perspective, o.scorecard_id AS card, w.weight FROM scorecards_objective o
JOIN scorecards_objectiveweight w ON w.node_id = o.id WHERE o.scorecard_id = ANY(%(ids)s)
"""
PERSPECTIVES = """
SELECT p.id, p.scorecard_id AS card, w.weight FROM scorecards_perspective p
JOIN scorecards_perspectiveweight w ON w.node_id = p.id WHERE p.scorecard_id = ANY(%(ids)s)
"""
NUMBERS = {"factor", "value", "numerator", "denominator", "weight"}


def by_pandas(ids: list[int], month: Month) -> dict[int, float | None]:
    """The base score of each scorecard; measures that are computed are not known here."""
    arguments = {"ids": ids, "month": int(month)}
    measures, objectives, perspectives = (_read(sql, arguments) for sql in (MEASURES, OBJECTIVES, PERSPECTIVES))
    counts = (measures["state"] == "verified") | ((measures["state"] == "submitted") & (measures["counts"] == "submitted"))
    ratio = measures["factor"] * measures["numerator"] / measures["denominator"]
    measures["value"] = ratio.where(measures["method"] == "ratio", measures["value"]).where(counts)
    measures["score"] = _scores(measures)
    objectives["score"] = objectives["id"].map(_means(measures, "objective"))
    perspectives["score"] = perspectives["id"].map(_means(objectives, "perspective"))
    found = _means(perspectives, "card")
    return {card: None if pd.isna(score) else float(score) for card, score in found.items()}


def _read(sql: str, arguments: dict[str, Any]) -> pd.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        names = [column.name for column in cursor.description]
        return pd.DataFrame(cursor.fetchall(), columns=names).astype({name: float for name in names if name in NUMBERS})


def _scores(measures: pd.DataFrame) -> pd.Series:
    xs = pd.DataFrame(measures["points"].map(lambda points: json.loads(points or "[]")).tolist(), index=measures.index).to_numpy(
        dtype=float
    )
    ys = pd.DataFrame(measures["scores"].map(json.loads).tolist(), index=measures.index).to_numpy(dtype=float)
    falling = xs[:, 1] < xs[:, 0]
    sign = np.where(falling, -1.0, 1.0)
    xs, x = sign[:, None] * xs, sign * measures["value"].to_numpy()
    last = np.isfinite(xs).sum(axis=1) - 1
    rows = np.arange(len(measures))
    score = np.where(x <= xs[:, 0], ys[:, 0], np.where(x >= xs[rows, last], ys[rows, last], np.nan))
    for left, right in pairwise(range(xs.shape[1])):
        inside = (x > xs[:, left]) & (x <= xs[:, right]) & np.isnan(score)
        line = ys[:, left] + (ys[:, right] - ys[:, left]) * (x - xs[:, left]) / (xs[:, right] - xs[:, left])
        score = np.where(inside, line, score)
    return pd.Series(score, index=measures.index)


def _means(children: pd.DataFrame, parent: str) -> pd.Series:
    """The weighted mean of the children that have a score, by parent."""
    has = children.dropna(subset=["score"])
    sums = has.assign(points=has["weight"] * has["score"]).groupby(parent)[["weight", "points"]].sum()
    return (sums["points"] / sums["weight"]).where(sums["weight"] > 0)
