"""Repeats an action and tells how long it took."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds. nearly_all: what 95 of 100 stay under."""

    median: float
    least: float
    most: float
    nearly_all: float

    def __str__(self) -> str:
        return f"{1000 * self.median:9.1f} ms   ({1000 * self.least:.1f} to {1000 * self.most:.1f})"


def timed(action: Callable[[], object], times: int) -> Timing:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return Timing(statistics.median(taken), min(taken), max(taken), sorted(taken)[int(0.95 * times)])


def show(name: str, timing: Timing, note: str = "") -> None:
    print(f"{name:<58}{timing}   {note}", flush=True)
