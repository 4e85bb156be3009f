"""Repeats an action and tells how long it took."""

import statistics
import time
from collections.abc import Callable, Sequence
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
    return by_turns([action], times)[0]


def by_turns(actions: Sequence[Callable[[], object]], times: int) -> list[Timing]:
    """Of actions that are compared: one after the other, so that all see the same disk."""
    taken: list[list[float]] = [[] for _action in actions]
    for _ in range(times):
        for place, action in enumerate(actions):
            began = time.perf_counter()
            action()
            taken[place].append(time.perf_counter() - began)
    return [Timing(statistics.median(one), min(one), max(one), sorted(one)[int(0.95 * times)]) for one in taken]


def show(name: str, timing: Timing, note: str = "") -> None:
    print(f"{name:<58}{timing}   {note}", flush=True)
