"""Breaks a name into lines that fit on a card, without a browser: by the widths of the shipped font's letters, Chinese ones being as
wide as they are high."""

import json
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

WIDE = 1.0
UNKNOWN = 0.6
FIRST_WIDE = 0x1100
PAUSES = "、，。；：）》」·/-"


def width_of(text: str, size: float) -> float:
    """In pixels, at a font size in pixels."""
    widths = _widths()
    return size * sum(WIDE if ord(letter) >= FIRST_WIDE else widths.get(letter, UNKNOWN) for letter in text)


def wrapped(text: str, width: float, size: float, most: int = 3) -> list[str]:
    """At most so many lines, of as equal width as its words allow; what does not fit ends in an ellipsis."""
    words = _words(text)
    for number in range(1, min(most, len(words)) + 1):
        ways = [_joined(words, breaks) for breaks in combinations(range(1, len(words)), number - 1)]
        best = min(ways, key=lambda lines: max(width_of(line, size) for line in lines))
        if max(width_of(line, size) for line in best) <= width:
            return best
    return _cut(words, width, size, most)


def _words(text: str) -> list[str]:
    """Pieces between which a line may break: at spaces, after pauses, and between any two Chinese letters."""
    pieces: list[str] = []
    for word in text.split():
        pieces.append("")
        for i, letter in enumerate(word):
            wide, before = ord(letter) >= FIRST_WIDE, word[i - 1] if i else ""
            fresh = bool(before) and (before in PAUSES or wide or ord(before) >= FIRST_WIDE) and letter not in PAUSES
            if fresh:
                pieces.append(letter)
            else:
                pieces[-1] += letter
        pieces[-1] += " "
    while len(pieces) > MOST_PIECES:
        pieces = [a + b for a, b in zip(pieces[::2], [*pieces[1::2], ""], strict=False)]
    return pieces or [""]


MOST_PIECES = 24


def _joined(words: list[str], breaks: tuple[int, ...]) -> list[str]:
    edges = [0, *breaks, len(words)]
    return ["".join(words[a:b]).strip() for a, b in pairwise(edges)]


def _cut(words: list[str], width: float, size: float, most: int) -> list[str]:
    lines = [""]
    for word in words:
        if lines[-1] and width_of((lines[-1] + word).strip(), size) > width:
            lines.append("")
        lines[-1] += word
    kept = [line.strip() for line in lines[:most]]
    return [_short(line, width, size, i == most - 1 and len(lines) > most) for i, line in enumerate(kept)]


def _short(line: str, width: float, size: float, goes_on: bool) -> str:
    if width_of(line, size) <= width and not goes_on:
        return line
    while line and width_of(line + "…", size) > width:
        line = line[:-1]
    return line + "…"


@cache
def _widths() -> dict[str, float]:
    found: dict[str, float] = json.loads((Path(__file__).parent / "inter.json").read_text())
    return found
