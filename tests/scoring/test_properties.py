"""What holds for all scorecards, found by trying many."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.plan import Better, Method
from tests.scoring.build import Card, Measure, Node, flat, scored

numbers = st.integers(-10_000, 10_000).map(lambda n: n / 10)
scores = st.integers(0, 1200).map(lambda n: n / 10)
weights = st.integers(1, 50).map(float)
plain_methods = st.sampled_from([Method.SUM, Method.AVERAGE, Method.LATEST, Method.MINIMUM, Method.MAXIMUM])


@st.composite
def measures(draw, filled: bool | None = None) -> Measure:
    has = draw(st.booleans()) if filled is None else filled
    low, high = sorted(draw(st.tuples(numbers, numbers)))
    higher = draw(st.booleans())
    values = draw(st.dictionaries(st.integers(1, 12), numbers, min_size=1, max_size=5)) if has else {}
    return Measure(
        values,
        points=[low, high] if higher else [high, low],
        method=draw(plain_methods),
        better=Better.HIGHER if higher else Better.LOWER,
        weight=draw(weights),
    )


@st.composite
def cards(draw) -> Card:
    def node(children: st.SearchStrategy) -> st.SearchStrategy:
        return st.builds(Node, weights, st.lists(children, max_size=3))

    return Card(draw(st.lists(node(node(measures())), min_size=1, max_size=3)))


def overall(card: Card) -> float:
    return float(scored(card, last=12).base[0])


def same(a: float, b: float) -> bool:
    return bool(np.isnan(a) and np.isnan(b)) or a == b


@given(cards(), st.integers(2, 1000))
@settings(max_examples=60)
def test_scaling_sibling_weights_changes_nothing(card, factor):
    before = overall(card)
    for perspective in card.perspectives:
        perspective.weight *= factor
        for objective in perspective.children:
            objective.weight *= factor
    assert same(before, overall(card))


@given(measures(filled=True), cards(), st.integers(1, 12), st.integers(1, 500))
@settings(max_examples=60)
def test_a_better_reading_never_lowers_any_score(measure, card, month, step):
    month = month if month in measure.values else next(iter(measure.values))
    card.perspectives[0].children.append(Node(1.0, [measure]))
    before = scored(card, last=12)
    measure.values[month] += step / 10 if measure.better == Better.HIGHER else -step / 10
    after = scored(card, last=12)
    for old, new in (
        (before.base, after.base),
        (before.measures.score, after.measures.score),
        (before.objectives.score, after.objectives.score),
    ):
        assert np.all(np.isnan(old) | (new >= old - 2e-9))


@given(st.lists(measures(filled=False), min_size=1, max_size=5))
@settings(max_examples=30)
def test_no_reading_gives_no_score(empty):
    results = scored(flat(*empty), last=12)
    assert np.isnan(results.base[0])
    assert np.isnan(results.measures.score).all()


@given(cards(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_siblings_does_not_matter(card, chance):
    before = overall(card)
    chance.shuffle(card.perspectives)
    for perspective in card.perspectives:
        chance.shuffle(perspective.children)
        for objective in perspective.children:
            chance.shuffle(objective.children)
    assert same(before, overall(card))


@given(st.lists(cards(), min_size=2, max_size=5))
@settings(max_examples=40)
def test_a_batch_scores_each_card_to_the_last_bit_as_alone(batch):
    together = scored(*batch, last=12)
    alone = [overall(card) for card in batch]
    assert [x.hex() for x in together.base.tolist()] == [x.hex() for x in alone]
