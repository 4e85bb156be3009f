"""Formulas as people write them: read, or refused with a sentence and the place."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from django.utils.translation import gettext as _

from scorecards.errors import FormulaRefused
from scoring.explain import number
from scoring.formula import DEEPEST, LONGEST, MOST_PLACES, Formula, FormulaError, Wrong, evaluate, parse


@lru_cache(maxsize=50_000)
def parsed(text: str) -> Formula:
    """The program of a formula that has been accepted before."""
    return parse(text)


def operands(text: str) -> list[str]:
    """The codes in a formula, in order of first appearance. Raises FormulaRefused."""
    try:
        return parsed(text).codes
    except FormulaError as error:
        raise FormulaRefused(_sentence(error), error.place) from error


def over_columns(text: str, names: Sequence[str], rows: Sequence[Sequence[float | None]]) -> list[float | None]:
    """The formula over the columns of a table, one result a row. An empty cell counts as 0 beside filled ones; nothing where all that
    the formula names are empty, or a divisor is 0. Raises FormulaRefused."""
    wanted = [names.index(code) for code in operands(text)]
    cells = np.array([[row[column] for column in wanted] for row in rows], dtype=float).reshape(len(rows), len(wanted))
    values, _sound = evaluate(parsed(text).program, np.nan_to_num(cells))
    return [None if empty else number(value) for value, empty in zip(values, np.isnan(cells).all(axis=1), strict=True)]


def _sentence(error: FormulaError) -> str:
    shown = {"place": error.place, "found": error.found}
    sentences = {
        Wrong.TOO_LONG: _("A formula has at most %(most)d characters.") % {"most": LONGEST},
        Wrong.TOO_DEEP: _("At character %(place)d the formula is nested more than %(most)d deep.") % {**shown, "most": DEEPEST},
        Wrong.NO_CODE: _("A formula needs the code of at least one measure."),
        Wrong.CHARACTER: _("At character %(place)d, “%(found)s” has no meaning in a formula."),
        Wrong.END: _("The formula ends at character %(place)d where a number, a code or a bracket is expected."),
        Wrong.UNEXPECTED: _("At character %(place)d, “%(found)s” is not expected."),
        Wrong.NOT_CLOSED: _("A bracket is not closed at character %(place)d."),
        Wrong.NUMBER: _("At character %(place)d, the number %(found)s has more than 12 significant digits, or is too large or too small."),
        Wrong.FUNCTION: _("At character %(place)d, “%(found)s” is no function; there are min, max, abs and round."),
        Wrong.ARGUMENTS: _("At character %(place)d, “%(found)s” takes one number."),
        Wrong.PLACES: _("At character %(place)d, round takes a whole number of decimals from 0 to %(most)d.")
        % {**shown, "most": MOST_PLACES},
    }
    sentence = sentences[error.wrong]
    return sentence % shown if "%(" in sentence else sentence
