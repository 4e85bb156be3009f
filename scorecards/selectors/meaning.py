"""A formula in words: the names of its measures in place of their codes."""

import re

from organisation.models.names import in_language
from scorecards.selectors.document import Document, each_measure

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[-.][A-Za-z0-9_]+)*")


def meaning(document: Document, formula: str) -> str:
    """The formula with “names” for codes; empty for an empty one."""
    names = {measure["code"]: in_language(measure["name"], measure["name_zh"]) for _path, measure in each_measure(document)}
    return CODE.sub(lambda match: f"“{names[match[0]]}”" if match[0] in names else match[0], formula).replace("*", "×")
