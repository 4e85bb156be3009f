"""A small language over the codes of measures (rule book §4): read once into a program, evaluated over arrays, never executed as code."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import partial
from math import floor
from typing import Any

import numpy as np

from scoring.numbers import DOUBT, Floats, fraction, half_up, significant, significant_places
from scoring.plan import Flags

LONGEST = 500
DEEPEST = 30
MOST_DIGITS = 12
MOST_PLACES = 6
UNIT_ROUNDOFF = 2.0**-53
SIGNS = {"−": "-", "×": "*", "÷": "/", "（": "(", "）": ")", "，": ","}
FUNCTIONS = {"min", "max", "abs", "round"}
Program = tuple[Any, ...]
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+\.?[0-9]*|\.[0-9]+)"
    r"|(?P<code>[A-Za-z][A-Za-z0-9_]*(?:[-.][A-Za-z0-9_]+)*)"
    r"|(?P<sign>[-+*/(),−×÷（），]))"
)


class Wrong(Enum):
    """What can be wrong with a formula."""

    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    NO_CODE = "no_code"
    CHARACTER = "character"
    END = "end"
    UNEXPECTED = "unexpected"
    NOT_CLOSED = "not_closed"
    NUMBER = "number"
    FUNCTION = "function"
    ARGUMENTS = "arguments"
    PLACES = "places"


class FormulaError(Exception):
    """wrong: what; place: the character at which it shows, from 1; found: the text there."""

    def __init__(self, wrong: Wrong, place: int, found: str = "") -> None:
        super().__init__(wrong.value, place, found)
        self.wrong, self.place, self.found = wrong, place, found


@dataclass(frozen=True)
class Formula:
    """codes: the operands in order of first appearance; program: nested tuples whose ("code", i) stands for the i-th of them."""

    codes: list[str]
    program: Program


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    place: int


def parse(text: str) -> Formula:
    """Read a formula. Raises FormulaError at its first fault."""
    if len(text) > LONGEST:
        raise FormulaError(Wrong.TOO_LONG, LONGEST + 1)
    reader = _Reader(list(_tokens(text)), len(text) + 1)
    program = reader.sum(0)
    rest = reader.peek()
    if rest.kind != "end":
        raise FormulaError(Wrong.UNEXPECTED, rest.place, rest.text)
    if not reader.codes:
        raise FormulaError(Wrong.NO_CODE, 1)
    return Formula(reader.codes, program)


def evaluate(program: Program, operands: Floats) -> tuple[Floats, Flags]:
    """One value a row, rounded to 12 significant digits (NaN where a divisor is zero), and where one is. operands: n × codes."""
    with np.errstate(all="ignore"):
        value, error = _run(program, operands)
        value = np.broadcast_to(value, len(operands)).astype(float)
        error = np.broadcast_to(error, len(operands)).astype(float)
        unsure = ~(error * 10.0 ** significant_places(value) < DOUBT / 2) | ((value == 0) & (error > 0))
    exact = partial(_exact_row, program, operands)
    no_divisor = np.zeros(len(operands), dtype=bool)
    for i in np.flatnonzero(unsure):
        try:
            value[i] = _rounded(exact(int(i)))
        except (ZeroDivisionError, OverflowError):
            no_divisor[i], value[i] = True, np.nan
    sure = np.flatnonzero(~unsure)
    value[sure] = significant(value[sure], lambda i: exact(int(sure[i])))
    return value, no_divisor


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            place = at + len(text[at:]) - len(text[at:].lstrip())
            raise FormulaError(Wrong.CHARACTER, place + 1, text[place])
        kind = str(match.lastgroup)
        found = match[kind]
        if kind == "number" and not _is_kept(found):
            raise FormulaError(Wrong.NUMBER, match.start(kind) + 1, found)
        yield _Token(kind, SIGNS.get(found, found), match.start(kind) + 1)
        at = match.end()


def _is_kept(written: str) -> bool:
    """Whether the number is one that inputs may be (rule book §1)."""
    number = Decimal(written)
    digits = len("".join(map(str, number.as_tuple().digits)).strip("0"))
    return digits <= MOST_DIGITS and (not number or Decimal("1e-12") <= number <= Decimal("1e15"))


@dataclass
class _Reader:
    """Descends through the ranks of the operators; equal rank goes from the left."""

    tokens: list[_Token]
    end: int
    at: int = 0
    codes: list[str] = field(default_factory=list)

    def peek(self) -> _Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _Token("end", "", self.end)

    def take(self) -> _Token:
        token = self.peek()
        self.at += 1
        return token

    def sum(self, depth: int) -> Program:
        return self._chain(("+", "-"), self._product, depth)

    def _product(self, depth: int) -> Program:
        return self._chain(("*", "/"), self._term, depth)

    def _chain(self, signs: tuple[str, str], below: Callable[[int], Program], depth: int) -> Program:
        left = below(depth)
        while self.peek().kind == "sign" and self.peek().text in signs:
            left = (self.take().text, left, below(depth))
        return left

    def _term(self, depth: int) -> Program:
        token = self.take()
        if depth > DEEPEST:
            raise FormulaError(Wrong.TOO_DEEP, token.place)
        if token.kind == "number":
            return ("number", token.text)
        if token.kind == "code":
            return self._call(token, depth + 1) if self.peek().text == "(" else self._code(token)
        if token.text == "-":
            return ("negative", self._term(depth + 1))
        if token.text == "(":
            inside = self.sum(depth + 1)
            self._close()
            return inside
        raise FormulaError(Wrong.END if token.kind == "end" else Wrong.UNEXPECTED, token.place, token.text)

    def _code(self, token: _Token) -> Program:
        if token.text not in self.codes:
            self.codes.append(token.text)
        return ("code", self.codes.index(token.text))

    def _call(self, name: _Token, depth: int) -> Program:
        if name.text not in FUNCTIONS:
            raise FormulaError(Wrong.FUNCTION, name.place, name.text)
        self.take()
        arguments = [self.sum(depth)]
        while self.peek().text == ",":
            self.take()
            if name.text == "round" and len(arguments) == 1:
                return ("round", arguments[0], self._places())
            arguments.append(self.sum(depth))
        self._close()
        if name.text in {"abs", "round"} and len(arguments) > 1:
            raise FormulaError(Wrong.ARGUMENTS, name.place, name.text)
        return ("round", arguments[0], 0) if name.text == "round" else (name.text, *arguments)

    def _places(self) -> int:
        token = self.take()
        if token.kind != "number" or not token.text.isascii() or not token.text.isdigit() or int(token.text) > MOST_PLACES:
            raise FormulaError(Wrong.PLACES, token.place, token.text)
        self._close()
        return int(token.text)

    def _close(self) -> None:
        token = self.take()
        if token.text != ")":
            raise FormulaError(Wrong.NOT_CLOSED, token.place, token.text)


def _run(node: Program, x: Floats) -> tuple[Any, Any]:
    """The value in doubles, and a bound of what it may be off from exact arithmetic; infinite where only that can tell."""
    kind = node[0]
    if kind in {"number", "code"}:
        value = float(node[1]) if kind == "number" else x[:, node[1]]
        return value, UNIT_ROUNDOFF * np.abs(value)
    parts = [_run(child, x) for child in node[1:] if isinstance(child, tuple)]
    (a, ea), *others = parts
    if kind == "negative":
        return -a, ea
    if kind == "abs":
        return np.abs(a), ea
    if kind == "round":
        return _run_round(a, ea, node[2])
    if kind in {"min", "max"}:
        for b, eb in others:
            a, ea = (np.minimum if kind == "min" else np.maximum)(a, b), np.maximum(ea, eb)
        return a, ea
    b, eb = others[0]
    value, error = _run_sign(kind, (a, ea), (b, eb))
    return value, error + UNIT_ROUNDOFF * np.abs(value)


def _run_sign(sign: str, left: tuple[Any, Any], right: tuple[Any, Any]) -> tuple[Any, Any]:
    (a, ea), (b, eb) = left, right
    if sign in "+-":
        return (a + b if sign == "+" else a - b), ea + eb
    if sign == "*":
        return a * b, np.abs(a) * eb + np.abs(b) * ea + ea * eb
    least = np.abs(b) - eb
    value = np.divide(a, b)
    return value, np.where(least > 0, (ea + np.abs(value) * eb) / np.where(least > 0, least, 1.0), np.inf)


def _run_round(a: Any, ea: Any, places: int) -> tuple[Any, Any]:
    scaled, error = a * 10.0**places, (ea + 2 * UNIT_ROUNDOFF * np.abs(a)) * 10.0**places
    value = np.floor(scaled + 0.5) / 10.0**places
    return value, np.where(np.abs(scaled % 1 - 0.5) > error, UNIT_ROUNDOFF * np.abs(value), np.inf)


def _exact_row(program: Program, operands: Floats, row: int) -> Fraction:
    return _exact(program, [fraction(x) for x in operands[row]])


def _exact(node: Program, x: list[Fraction]) -> Fraction:
    kind = node[0]
    if kind == "number":
        return Fraction(node[1])
    if kind == "code":
        return x[node[1]]
    parts = [_exact(child, x) for child in node[1:] if isinstance(child, tuple)]
    plain: dict[str, Callable[[], Fraction]] = {
        "negative": lambda: -parts[0],
        "abs": lambda: abs(parts[0]),
        "min": lambda: min(parts),
        "max": lambda: max(parts),
        "round": lambda: Fraction(floor(parts[0] * 10 ** node[2] + Fraction(1, 2)), 10 ** node[2]),
        "+": lambda: parts[0] + parts[1],
        "-": lambda: parts[0] - parts[1],
        "*": lambda: parts[0] * parts[1],
        "/": lambda: parts[0] / parts[1],
    }
    return plain[kind]()


def _rounded(number: Fraction) -> float:
    return half_up(number, int(significant_places(np.array([float(number)]))[0])) if number else 0.0
