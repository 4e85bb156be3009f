"""The rule book once more, slowly, in plain Python and exact fractions: written from the rules alone, it shares no line with the product.

It scores documents as they are exchanged. Months are pairs (year, month).
"""

import ast
import calendar
import re
from datetime import date
from fractions import Fraction as Q
from itertools import pairwise
from math import floor

STEP = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}


def q(x):
    return Q(str(x)) if not isinstance(x, Q) else x


def half_up(x, places):
    return Q(floor(x * 10**places + Q(1, 2)), 10**places) if places >= 0 else Q(floor(x / 10**-places + Q(1, 2)) * 10**-places)


def twelve(x):
    """Rounded to 12 significant digits."""
    if x == 0:
        return x
    size, a = 0, abs(x)
    while a >= 10:
        a, size = a / 10, size + 1
    while a < 1:
        a, size = a * 10, size - 1
    return half_up(x, 11 - size)


def nine(x):
    return half_up(x, 9)


def parse_month(text):
    return int(text[:4]), int(text[5:])


def months_of(period, window):
    year, month = period
    first = {"month": month, "quarter": month - (month - 1) % 3, "year": 1}[window]
    return [(year, m) for m in range(first, month + 1)]


class Reference:
    def __init__(self, documents, today):
        self.today = today
        self.cards = {(d["unit"]["code"], d.get("officer") or "", d["year"]): d for d in documents}
        self.measures = {}
        for card, d in self.cards.items():
            for p in d["perspectives"]:
                for o in p.get("objectives", []):
                    for m in o.get("measures", []):
                        self.measures[(*card, m["code"])] = m

    # what a measure is computed from
    def refers(self, key):
        m = self.measures[key]
        if m["source"] == "formula":
            return [(*key[:3], code) for code in codes_of(m["formula"])]
        if m["source"] in ("rollup", "mirror"):
            found = []
            for written in m["contributors"]:
                unit, *officer, code = written.split("/")
                found.append((unit, officer[0] if officer else "", key[2], code))
            return found
        return []

    def end(self, key):
        while self.measures[key]["source"] == "mirror":
            key = self.refers(key)[0]
        return key

    def leaves(self, key):
        below = self.refers(key)
        return {leaf for ref in below for leaf in self.leaves(ref)} if below else {key}

    # readings
    def reading(self, key, month):
        """What counts: ('na',), ('is', reading) or None."""
        counts = self.cards[key[:3]].get("counts", "submitted")
        for r in self.measures[key].get("readings", []):
            if parse_month(r["month"]) == month and r["state"] in (["verified"] if counts == "verified" else ["submitted", "verified"]):
                return ("na",) if "not_applicable" in r else ("is", r)
        return None

    def expected(self, key, month):
        m = self.measures[key]
        inside = (not m.get("due_from") or month >= parse_month(m["due_from"])) and (
            not m.get("due_until") or month <= parse_month(m["due_until"])
        )
        return inside and month[1] % STEP[m["frequency"]] == 0

    def due(self, key, month):
        return self.expected(key, month) and self.reading(key, month) != ("na",)

    def counted(self, key, month):
        """Of any measure: whether a reading under it counts in that month."""
        return any(self.due(leaf, month) and self.reading(leaf, month) for leaf in self.leaves(key))

    def late(self, key, month):
        year, number = (month[0] + 1, 1) if month[1] == 12 else (month[0], month[1] + 1)
        day = min(self.cards[key[:3]].get("deadline_day", 10), calendar.monthrange(year, number)[1])
        return self.due(key, month) and self.today > date(year, number, day)

    # values
    def parts(self, key, months):
        """Numerators and denominators of an entered ratio or weighted average; None without a value."""
        first, second, any_counted = Q(0), Q(0), False
        for month in months:
            if self.counted(key, month):
                r, any_counted = self.reading(key, month)[1], True
                if "numerator" in r:
                    first, second = first + q(r["numerator"]), second + q(r["denominator"])
                else:
                    first, second = first + q(r["value"]) * q(r["volume"]), second + q(r["volume"])
        return (first, second, any_counted)

    def value(self, key, months):
        """(value or None, reason or None)"""
        m = self.measures[key]
        source, method = m["source"], m.get("method")
        if source == "mirror":
            return self.value(self.refers(key)[0], months)
        if source == "formula":
            values = [self.value(ref, months)[0] for ref in self.refers(key)]
            if None in values:
                return None, "no_operand"
            try:
                return twelve(calculate(m["formula"], dict(zip(codes_of(m["formula"]), values, strict=True)))), None
            except ZeroDivisionError:
                return None, "no_divisor"
        if method in ("ratio", "weighted"):
            leaves = sorted(self.leaves(key))
            sums = [self.parts(leaf, months) for leaf in leaves]
            sound = [(first, second) for first, second, _ in sums if second]
            if not sound:
                return None, "no_divisor" if any(counted for _, _, counted in sums) else None
            factor = q(m["factor"]) if method == "ratio" else Q(1)
            return twelve(factor * sum(a for a, _ in sound) / sum(b for _, b in sound)), None
        if source == "rollup":
            found = [self.value(ref, months) for ref in self.refers(key)]
            values = [value for value, _ in found if value is not None]
            if not values:
                return None, "no_divisor" if "no_divisor" in [reason for _, reason in found] else "no_operand"
            return twelve({"sum": sum, "average": lambda v: sum(v) / len(v), "minimum": min, "maximum": max}[m["across"]](values)), None
        values = [q(self.reading(key, month)[1]["value"]) for month in months if self.counted(key, month)]
        if not values:
            return None, None
        combine = {"sum": sum, "average": lambda v: sum(v) / len(v), "latest": lambda v: v[-1], "minimum": min, "maximum": max}
        return twelve(combine[method](values)), None

    # score of a measure
    def points(self, key, months):
        """The points of the window; None where some are lacking."""
        m = self.measures[key]
        counted = [month for month in months if self.counted(key, month)]
        needed = counted if m["method"] == "sum" else counted[-1:]
        rows = []
        for month in needed:
            begun = [t for t in m.get("targets") or [] if parse_month(t["from"]) <= month]
            if not begun:
                return None
            rows.append(max(begun, key=lambda t: t["from"])["points"])
        return [twelve(sum(q(row[i]) for row in rows)) for i in range(len(m["curve_scores"]))] if rows else None

    def few(self, key, months):
        """Whether there are fewer cases than a score needs (docs/adr/0008)."""
        end = self.end(key)
        least = self.measures[end].get("minimum_count")
        return least is not None and twelve(sum(self.parts(leaf, months)[1] for leaf in self.leaves(end))) < q(least)

    def measure(self, key, months):
        """code, value, score, completeness, reason, rated"""
        end = self.measures[self.end(key)]
        rated = end["preset"] != "unscored"
        leaves = self.leaves(key)
        value, why = self.value(key, months)
        due = sum(self.due(leaf, month) for leaf in leaves for month in months)
        counted = sum(self.counted(leaf, month) for leaf in leaves for month in months)
        late = any(self.late(leaf, month) for leaf in leaves for month in months)
        zero = self.cards[key[:3]].get("missing_policy") == "zero" and rated and not counted and late
        points = self.points(self.end(key), months) if rated else None
        score = nine(line(value, points, [q(y) for y in end["curve_scores"]], end["better"])) if value is not None and points else None
        few = rated and not zero and self.few(key, months)
        score = Q(0) if zero else None if few else score
        completeness = nine(Q(counted, due)) if due and rated else None
        reason = None
        if value is None or score is None:
            reason = (
                "not_due"
                if not any(self.expected(leaf, month) for leaf in leaves for month in months)
                else "not_applicable"
                if not due
                else "zero"
                if zero
                else "missing"
                if not counted
                else why or ("too_few" if few else "unscored" if not rated else "no_target")
            )
        return {"value": value, "score": score, "completeness": completeness, "reason": reason, "rated": rated}

    # the tree
    def scores(self, card, period, window):
        d, months = self.cards[card], months_of(period, window)
        bands, minimum = d.get("bands") or [["red", 0], ["amber", 60], ["green", 85]], q(d.get("minimum_completeness", 0.5))
        vetoes = []

        def weight(node):
            w = node["weight"]
            return q(w) if not isinstance(w, list) else q([r for r in w if parse_month(r["from"]) <= period][-1]["weight"])

        def finish(children, below=None):
            total = sum(c["w"] for c in children if c["rated"])
            for c in children:
                c["weight"] = 100 * c["w"] / total if total and c["rated"] else Q(0)
                c["band"] = band(c["score"], c["completeness"], bands, minimum)
            return children

        perspectives = []
        for p in d["perspectives"]:
            objectives = []
            for o in p.get("objectives", []):
                measures = []
                for m in o.get("measures", []):
                    found = self.measure((*card, m["code"]), months) | {"code": m["code"], "w": weight(m)}
                    if m.get("veto_cap") is not None and found["score"] is not None and found["score"] < 100:
                        vetoes.append(q(m["veto_cap"]))
                    measures.append(found)
                objectives.append(node(o["code"], weight(o), finish(measures), "measures"))
            perspectives.append(node(p["code"], weight(p), finish(objectives), "objectives"))
        top = node("", Q(1), finish(perspectives), "perspectives")
        limit = q(d.get("adjustment_limit", 10))
        points = sum((q(a["points"]) for a in d.get("adjustments", []) if parse_month(a["month"]) in months), Q(0))
        adjustment = twelve(max(-limit, min(limit, points)))
        score = None if top["score"] is None else nine(max(Q(0), min(Q(120), top["score"] + adjustment)))
        if score is not None and vetoes:
            score = min(score, *vetoes)
        completeness = top["completeness"]
        return {
            "score": score,
            "base": top["score"],
            "adjustment": adjustment,
            "completeness": completeness,
            "band": band(score, completeness, bands, minimum),
            "perspectives": perspectives,
        }


def node(code, weight, children, name):
    return {
        "code": code,
        "w": weight,
        "rated": True,
        "score": mean([(c["w"], c["score"]) for c in children]),
        "completeness": mean([(c["w"], c["completeness"]) for c in children]),
        name: children,
    }


def mean(pairs):
    has = [(w, x) for w, x in pairs if x is not None]
    total = sum(w for w, _ in has)
    return nine(sum(w * x for w, x in has) / total) if total else None


def band(score, completeness, bands, minimum):
    if score is None:
        return "none"
    if completeness is not None and completeness < minimum:
        return "insufficient"
    shown = half_up(score, 1)
    return [name for name, bound in bands if shown >= q(bound)][-1]


def line(value, points, curve, better):
    hit = [y for x, y in zip(points, curve, strict=True) if x == value]
    if hit:
        return max(hit)
    first, last = curve[0], curve[-1]
    if points[0] == points[-1]:
        good, poor = max(first, last), min(first, last)
        return {"higher": (poor, good), "lower": (good, poor), "in_range": (first, last)}[better][value > points[0]]
    pairs = list(zip(points, curve, strict=True))
    if points[0] > points[-1]:
        pairs.reverse()
    if value < pairs[0][0] or value > pairs[-1][0]:
        return pairs[0][1] if value < pairs[0][0] else pairs[-1][1]
    for (x0, y0), (x1, y1) in pairwise(pairs):
        if x0 < value < x1:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
    raise AssertionError("a value between no two points")


# Formulas: codes become names of Python, Python's own parser reads the rest, and the tree is walked here.
CODE = re.compile(r"(?<![A-Za-z0-9_.])[A-Za-z][A-Za-z0-9_]*(?:[-.][A-Za-z0-9_]+)*")
WORDS = {"min", "max", "abs", "round"}


def _names(text):
    names, found = {}, []

    def name(match):
        code = match[0]
        if code in WORDS and text[match.end() :].lstrip().startswith("("):
            return code
        if code not in names:
            names[code] = f"v{len(names)}_"
            found.append(code)
        return names[code]

    return CODE.sub(name, text), names, found


def codes_of(text):
    return _names(text)[2]


def calculate(text, values):
    python, names, _ = _names(text.replace("−", "-").replace("×", "*").replace("÷", "/"))
    by_name = {name: values[code] for code, name in names.items()}

    def walk(n):
        if isinstance(n, ast.BinOp):
            a, b = walk(n.left), walk(n.right)
            return {
                ast.Add: lambda: a + b,
                ast.Sub: lambda: a - b,
                ast.Mult: lambda: a * b,
                ast.Div: lambda: a / b,
            }[type(n.op)]()
        if isinstance(n, ast.UnaryOp):
            return -walk(n.operand)
        if isinstance(n, ast.Call):
            args = [walk(a) for a in n.args]
            if n.func.id == "round":
                return half_up(args[0], int(args[1]) if len(args) > 1 else 0)
            return {"min": min, "max": max, "abs": lambda x: abs(x[0])}[n.func.id](args)
        if isinstance(n, ast.Name):
            return by_name[n.id]
        return Q(ast.get_source_segment(python, n))

    return walk(ast.parse(python.strip(), mode="eval").body)
