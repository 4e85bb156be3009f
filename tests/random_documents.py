"""Documents with every feature on, made by chance: a district over houses over officers."""

from datetime import date
from random import Random

STEPS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
BANDS = [
    [["red", 0], ["amber", 60], ["green", 85]],
    [["all", 0]],
    [["a", 0], ["b", 0.1], ["c", 33.3], ["d", 99.9], ["e", 120]],
]
METHODS = ["sum", "average", "weighted", "ratio", "latest", "minimum", "maximum"]
YEAR = 2026


def number(chance, low=-50, high=150):
    return chance.choice([0, 60, 100, chance.randint(low, high), round(chance.uniform(low, high), chance.randint(1, 4))])


def weight(chance):
    one = chance.choice([0, 1, 1, 2, 3, 25, 0.5, 33.33])
    if chance.random() < 0.6:
        return one
    first = chance.choice([f"{YEAR - 1}-12", f"{YEAR}-01"])
    later = [{"from": f"{YEAR}-{month:02d}", "weight": chance.choice([0, 1, 2, 0.3])} for month in sorted(chance.sample(range(2, 13), 2))]
    return [{"from": first, "weight": one}, *later]


def curve(chance):
    """better, preset, curve_scores, and a maker of points."""
    if chance.random() < 0.2:
        return free_curve(chance)
    kind = chance.choice(["target", "stretch", "red_flag", "range", "pass_fail", "custom", "step"])
    fixed = {"target": [0, 100], "stretch": [0, 100, 120], "red_flag": [0, 60, 100, 120], "range": [0, 100, 100, 0], "pass_fail": [0, 100]}
    better = "in_range" if kind == "range" else chance.choice(["higher", "lower"])
    scores = fixed.get(kind) or sorted(chance.sample(range(1201), chance.randint(2, 8)))
    scores = [s / 10 if kind not in fixed else s for s in scores]

    def points():
        xs = sorted(number(chance) for _ in scores)
        if kind == "pass_fail":
            return [xs[0]] * 2
        if kind == "step":
            xs[1:2] = xs[:1]
        if len(set(xs)) == 1:
            xs[-1] = round(xs[-1] + 1, 4)
        return xs if better != "lower" else xs[::-1]

    return {"better": better, "preset": kind if kind in fixed else "custom", "curve_scores": scores}, points


def free_curve(chance):
    """Custom scores that rise and fall or fall with plateaus, over points in a range, which may all be one, or in the other order."""
    scores = [chance.choice([0, 60, 100, 120, 33.333, chance.randint(0, 1200) / 10]) for _ in range(chance.randint(2, 8))]
    better = chance.choice(["in_range", "higher", "lower"])
    if better != "in_range":
        scores.sort(reverse=True)

    def points():
        xs = sorted(number(chance) for _ in scores)
        if len(set(xs)) == 1 and better != "in_range":
            xs[-1] += 1
        turned = better == "higher" or (better == "in_range" and chance.random() < 0.5)
        return xs[::-1] if turned else xs

    return {"better": better, "preset": "custom", "curve_scores": scores}, points


def measure(chance, code, method, source="entered", **more):
    shape, points = curve(chance)
    months = sorted({chance.choice([1, 1, 1, 2]), chance.choice([1, 4, 6, 9, 11])})
    targets = [{"from": f"{YEAR}-{m:02d}", "points": points()} for m in months]
    if chance.random() < 0.3:
        targets.insert(0, {"from": f"{YEAR - 1}-06", "points": points()})
    found = {"code": code, "name": code, "weight": weight(chance), "source": source, "method": method, **shape, "targets": targets}
    found["frequency"] = chance.choice(["monthly"] * 5 + ["quarterly", "half_yearly", "yearly"])
    if method == "ratio":
        found["factor"] = chance.choice([1, 100, 10000])
    if method in ("ratio", "weighted") and source in ("entered", "rollup") and chance.random() < 0.4:
        found["minimum_count"] = chance.choice([1, 60, 160, 400])
    if chance.random() < 0.1:
        found |= {"preset": "unscored", "curve_scores": None, "targets": []}
        found["better"] = None
    if chance.random() < 0.15:
        found["veto_cap"] = chance.choice([0, 59.9, 80, 120])
    found["due_from"] = chance.choice([None] * 5 + [f"{YEAR}-02", f"{YEAR - 1}-05", f"{YEAR}-08", f"{YEAR + 1}-01"])
    found["due_until"] = chance.choice([None] * 5 + [f"{YEAR}-05", f"{YEAR}-11", f"{YEAR + 1}-05"])
    if found["due_from"] and found["due_until"] and found["due_until"] < found["due_from"]:
        found["due_until"] = None
    if source == "entered":
        found["readings"] = list(readings(chance, found))
    return found | more


def readings(chance, m):
    step = STEPS[m["frequency"]]
    for month in (f"{YEAR}-{number:02d}" for number in range(step, 13, step)):
        if chance.random() < 0.25 or not (m["due_from"] or "") <= month <= (m["due_until"] or "9999"):
            continue
        head = {"month": month, "state": chance.choice(["submitted", "verified", "verified", "draft", "returned"])}
        if chance.random() < 0.1:
            yield head | {"not_applicable": "closed"}
        elif m["method"] == "ratio":
            yield head | {"numerator": number(chance), "denominator": abs(number(chance))}
        elif m["method"] == "weighted":
            yield head | {"value": number(chance), "volume": abs(number(chance))}
        else:
            yield head | {"value": number(chance)}


def formula(chance, codes, depth=0):
    if depth > 3 or chance.random() < 0.3:
        return chance.choice(codes) if depth == 0 or chance.random() < 0.7 else str(chance.choice([2, 0.1, 100, 3]))
    a, b = formula(chance, codes, depth + 1), formula(chance, codes, depth + 1)
    return chance.choice(
        [
            f"({a} + {b})",
            f"({a} - {b})",
            f"({a} − {b})",
            f"{a} × {b}",
            f"({a}) / ({b})",
            f"({a}) ÷ ({b})",
            f"-({a})",
            f"min({a}, {b})",
            f"max({b})",
            f"max({a}, {b}, 0)",
            f"abs({a})",
            f"round({a}, 2)",
        ]
    )


def card(chance, unit, parent, measures, officer=None):
    objectives: list[dict] = [{"code": f"O{i}", "name": "O", "weight": weight(chance), "measures": []} for i in range(chance.randint(1, 4))]
    for m in measures:
        chance.choice(objectives)["measures"].append(m)
    perspectives = [{"code": p, "name": p, "weight": weight(chance), "objectives": []} for p in "CPLF"[: chance.randint(1, 4)]]
    for o in objectives:
        chance.choice(perspectives)["objectives"].append(o)
    months = [f"{YEAR}-{chance.randint(1, 12):02d}" for _ in range(chance.randint(0, 4))]
    return {
        "format": "grc-bsc/scorecard@1",
        "unit": {"code": unit, "name": unit, "parent": parent},
        "officer": officer,
        "year": YEAR,
        "name": "Card",
        "missing_policy": chance.choice(["exclude", "zero"]),
        "counts": chance.choice(["submitted", "submitted", "verified"]),
        "bands": chance.choice(BANDS),
        "minimum_completeness": chance.choice([0, 0.5, 0.9, 1]),
        "adjustment_limit": chance.choice([0, 3, 10, 200]),
        "deadline_day": chance.choice([1, 10, 28, 29, 30, 31]),
        "perspectives": perspectives,
        "adjustments": [{"month": m, "points": number(chance, -60, 60), "reason": "r"} for m in months],
    }


def country(seed: int) -> list[dict]:
    """Six officers in two houses of one district; roll-ups of roll-ups, mirrors of mirrors, formulas everywhere, and a unit whose
    roll-ups and formulas rest on mirrors."""
    chance = Random(seed)
    documents = []
    districts: list[dict] = []
    method_of = {f"E{i}": method for i, method in enumerate(METHODS)}
    for h in ("H1", "H2"):
        officers = [f"{h}-{i}" for i in range(3)]
        for officer in officers:
            own = [measure(chance, code, method) for code, method in method_of.items()]
            own.append(measure(chance, "F", "sum", "formula", formula=formula(chance, list(method_of)) + " + E0"))
            documents.append(card(chance, h, "D", own, officer))
        house = [measure(chance, f"X{i}", chance.choice(METHODS)) for i in range(3)]
        for i, (code, method) in enumerate([*method_of.items(), ("F", "sum")]):
            across = None if method in ("ratio", "weighted") else chance.choice(["sum", "average", "minimum", "maximum"])
            house.append(measure(chance, f"R{i}", method, "rollup", contributors=[f"{h}/{o}/{code}" for o in officers], across=across))
        house.append(
            measure(chance, "G", chance.choice(["sum", "average"]), "formula", formula=formula(chance, ["R0", "X0", "R3", "R7"]) + " - X0")
        )
        house.append(measure(chance, "G2", "sum", "formula", formula="G - round(X1, 1) × 2"))
        documents.append(card(chance, h, "D", house))
    for i, (code, method) in enumerate([*method_of.items()]):
        across = None if method in ("ratio", "weighted") else chance.choice(["sum", "average", "minimum", "maximum"])
        second = f"H2/R{i}" if chance.random() < 0.5 else f"H2/H2-1/{code}"
        districts.append(measure(chance, f"D{i}", method, "rollup", contributors=[f"H1/R{i}", second], across=across))
    districts += [mirror(chance, "M1", "H1/G2"), mirror(chance, "M2", "H2/X2"), mirror(chance, "M3", "H1/R3")]
    documents.append(card(chance, "D", None, districts))
    documents.append(card(chance, "TOP", None, [mirror(chance, "MM", "D/M1"), mirror(chance, "MR", "D/M3")]))
    documents += mixed(chance, list(method_of.items()))
    chance.shuffle(documents)
    return documents


def mixed(chance, methods):
    """A unit of mirrors and of formulas over them, and one that rolls these up together with officers' measures."""
    shown = [mirror(chance, f"A{i}", f"H1/H1-0/{code}") for i, (code, _method) in enumerate(methods)]
    shown.append(measure(chance, "FF", "average", "formula", formula=formula(chance, [f"A{i}" for i in range(len(methods))]) + " × A0"))
    shown.append(measure(chance, "FG", "sum", "formula", formula="round(FF, 0) ÷ (A1 − A2)"))
    over = []
    for i, (code, method) in enumerate(methods):
        across = None if method in ("ratio", "weighted") else chance.choice(["sum", "average", "minimum", "maximum"])
        parts = [f"P1/A{i}", f"H1/H1-1/{code}", f"H2/H2-2/{code}"]
        over.append(measure(chance, f"R{i}", method, "rollup", contributors=parts, across=across))
    over.append(measure(chance, "RF", "sum", "rollup", contributors=["P1/FG"], across=chance.choice(["sum", "average"])))
    over += [mirror(chance, "MM", "TOP/MM"), measure(chance, "FX", "latest", "formula", formula="MM + R0 - RF")]
    return [card(chance, "P1", None, shown), card(chance, "P2", None, over)]


def mirror(chance, code, of):
    found = {"code": code, "name": code, "weight": weight(chance), "source": "mirror", "contributors": [of]}
    return found | ({"veto_cap": 50} if chance.random() < 0.2 else {})


TODAY = date(2026, 6, 11)
DAYS = [TODAY, *(date.fromisoformat(f"{YEAR}-{day}") for day in ("02-28", "03-01", "05-31", "07-01", "11-30", "12-01"))]
DAYS += [date(YEAR + 1, 1, 11), date(YEAR + 1, 1, 31), date(YEAR + 1, 2, 1)]
