"""Refuses measures that cannot be computed from what they name (rule book §4)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from scorecards.choices import DIVIDED_METHODS, Source
from scorecards.selectors.dependency import Key, Spec, World

Refusal = tuple[Key, str, str]


def refusals(world: World) -> Iterator[Refusal]:
    """For each measure that is given or rests on one that is: the measure, the field, and a sentence."""
    above = world.read()
    told: set[frozenset[Key]] = set()
    measures = [*world.given, *sorted(above)]
    sound = not any(world.circle(key) for key in measures)
    for key in measures:
        spec = world.spec(key)
        if spec is None or spec.source == Source.ENTERED:
            continue
        field = "formula" if spec.source == Source.FORMULA else "contributors"
        missing = [ref for ref in spec.refers if world.spec(ref) is None]
        for ref in missing:
            yield key, field, _("There is no measure %(measure)s.") % {"measure": ref}
        circle = world.circle(key)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            yield key, field, _("The measure would be computed from itself: %(circle)s.") % {"circle": " → ".join(map(str, circle))}
        if spec.source == Source.ROLLUP and not missing and sound:
            yield from _rollup(world, key, spec)


def _rollup(world: World, key: Key, spec: Spec) -> Iterator[Refusal]:
    seen: dict[Key, Key] = {}
    for ref in spec.refers:
        end = world.spec(world.end_of(ref))
        if end is not None and end.method != spec.method:
            sentence = _("%(measure)s combines its months by “%(own)s” and not, like the roll-up, by “%(wanted)s”.")
            yield key, "contributors", sentence % {"measure": ref, "own": end.method, "wanted": spec.method}
        elif end is not None and end.source == Source.FORMULA and spec.method in DIVIDED_METHODS:
            yield key, "contributors", _("%(measure)s is a formula, which has no numerator and denominator to add.") % {"measure": ref}
        shared = sorted(world.rests_on(ref) & set(seen))
        if shared:
            sentence = _("%(first)s and %(second)s rest on the same reading, of %(shared)s, which would count twice.")
            yield key, "contributors", sentence % {"first": seen[shared[0]], "second": ref, "shared": shared[0]}
        seen |= dict.fromkeys(world.rests_on(ref), ref)
