"""When a measure is due, and when a month's deadline has passed (rule book §2, frequency)."""

import calendar
from datetime import date

import numpy as np

from scoring.plan import Facts, Flags, Ints, Plan, Windows


def due_by_frequency(plan: Plan, months: Ints, windows: Windows) -> Flags:
    """m × k: the month lies in the window and the frequency asks for a reading in it."""
    card = plan.card_of_measure
    first = np.maximum(windows.first[card], plan.due_from)
    last = np.minimum(windows.last[card], plan.due_until)
    inside = (months >= first[:, None]) & (months <= last[:, None])
    due: Flags = inside & ((months % 12 + 1) % plan.step[:, None] == 0)
    return due


def past_deadline(plan: Plan, facts: Facts, today: int) -> Flags:
    """m × k: the end of the deadline day in the following month lies before today."""
    following = [divmod(int(month) + 1, 12) for month in facts.months]
    first_day = np.array([date(year, month + 1, 1).toordinal() for year, month in following])
    length = np.array([calendar.monthrange(year, month + 1)[1] for year, month in following])
    deadline = first_day + np.minimum(plan.deadline_day[:, None], length) - 1
    passed: Flags = (today > deadline)[plan.card_of_measure]
    return passed
