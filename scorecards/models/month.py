"""A month as a whole number that knows how it is written, and the column that keeps it."""

import re
from datetime import date
from typing import Any

from django.db import models

_WRITTEN = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])")


class Month(int):
    """12 · year + month − 1. Written `2026-03`."""

    @classmethod
    def of(cls, year: int, number: int) -> "Month":
        return cls(12 * year + number - 1)

    @classmethod
    def of_day(cls, day: date) -> "Month":
        return cls.of(day.year, day.month)

    @classmethod
    def parse(cls, written: str) -> "Month":
        """Raises ValueError unless written like 2026-03."""
        match = _WRITTEN.fullmatch(written)
        if not match:
            raise ValueError(f"{written!r} is not a month like 2026-03.")
        return cls.of(int(match[1]), int(match[2]))

    @property
    def year(self) -> int:
        return int(self) // 12

    @property
    def number(self) -> int:
        return int(self) % 12 + 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    def opening(self, window: str) -> "Month":
        """The first month of the window (`Window`) that ends with this one (rule book §1)."""
        return self - {"month": 0, "quarter": (self.number - 1) % 3, "year": self.number - 1}[window]

    def within(self, year: int) -> "Month":
        """The month of that year that is nearest."""
        return min(max(self, Month.of(year, 1)), Month.of(year, 12))

    def __add__(self, months: int) -> "Month":
        return Month(int(self) + months)

    def __sub__(self, months: int) -> "Month":
        return Month(int(self) - months)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    def __repr__(self) -> str:
        return f"Month({int(self)})"


class MonthField(models.PositiveIntegerField):  # type: ignore[type-arg]
    """Keeps a Month as its number."""

    def from_db_value(self, value: int | None, *_: Any) -> Month | None:
        return None if value is None else Month(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else int(value)
