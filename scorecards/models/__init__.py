"""Shapes of the scorecards."""

from scorecards.models.adjustment import Adjustment, AdjustmentItem
from scorecards.models.among import among
from scorecards.models.assignment import Assignment
from scorecards.models.catalogue import CatalogueMeasure
from scorecards.models.closing import Closing, Reopening
from scorecards.models.correction import Correction
from scorecards.models.evidence import Evidence
from scorecards.models.feed import Feed
from scorecards.models.instruction import Clause, Instruction
from scorecards.models.layout import Layout
from scorecards.models.link import Link
from scorecards.models.measure import Contributor, Measure, MeasureWeight, Target
from scorecards.models.month import Month
from scorecards.models.objective import Objective, ObjectiveWeight
from scorecards.models.perspective import Perspective, PerspectiveWeight
from scorecards.models.reading import Reading
from scorecards.models.score import Score
from scorecards.models.scorecard import Scorecard
from scorecards.models.strategy import Strategy, Theme
from scorecards.models.tension import Tension, TensionMember, TensionReview
from scorecards.models.upload import ColumnMapping, Upload, UploadRow
from scorecards.models.version import Remark, Step, Version

__all__ = [
    "Adjustment",
    "AdjustmentItem",
    "Assignment",
    "CatalogueMeasure",
    "Clause",
    "Closing",
    "ColumnMapping",
    "Contributor",
    "Correction",
    "Evidence",
    "Feed",
    "Instruction",
    "Layout",
    "Link",
    "Measure",
    "MeasureWeight",
    "Month",
    "Objective",
    "ObjectiveWeight",
    "Perspective",
    "PerspectiveWeight",
    "Reading",
    "Remark",
    "Reopening",
    "Score",
    "Scorecard",
    "Step",
    "Strategy",
    "Target",
    "Tension",
    "TensionMember",
    "TensionReview",
    "Theme",
    "Upload",
    "UploadRow",
    "Version",
    "among",
]
