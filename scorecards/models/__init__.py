"""Shapes of the scorecards."""

from scorecards.models.layout import Layout
from scorecards.models.measure import Measure, MeasureWeight, Target
from scorecards.models.month import Month
from scorecards.models.objective import Objective, ObjectiveWeight
from scorecards.models.perspective import Perspective, PerspectiveWeight
from scorecards.models.reading import Reading
from scorecards.models.score import Score
from scorecards.models.scorecard import Scorecard

__all__ = [
    "Layout",
    "Measure",
    "MeasureWeight",
    "Month",
    "Objective",
    "ObjectiveWeight",
    "Perspective",
    "PerspectiveWeight",
    "Reading",
    "Score",
    "Scorecard",
    "Target",
]
