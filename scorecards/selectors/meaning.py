"""A formula in words: the names of its measures in place of their codes."""

import re

from scorecards.models import Scorecard

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[-.][A-Za-z0-9_]+)*")


def meaning(card: Scorecard, formula: str) -> str:
    """The formula with “names” for codes; empty for an empty one."""
    names = {measure.code: measure.label for measure in card.measures.all()}
    return CODE.sub(lambda match: f"“{names[match[0]]}”" if match[0] in names else match[0], formula).replace("*", "×")
