"""What became of giving a template."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ledger.models import JobRun
from organisation.models import User


@dataclass(frozen=True)
class LeftBehind:
    """For whom nothing was done: by name with the reason, and, as a number, those who had agreed already."""

    named: list[tuple[str, str]]
    agreed: int


def left_behind(run: JobRun) -> LeftBehind:
    reasons = {
        "other": _("has a scorecard that came another way"),
        "no_month": _("holds the post for no whole month of the year"),
        "twice": _("was in the unit twice; give the template again for the second time"),
    }
    left = [(who, why) for who, why in run.arguments["left"] if why != "agreed"]
    people = {one.username: one.label for one in User.objects.filter(username__in=[who for who, _why in left])}
    named = [(people.get(who, who), str(reasons.get(why, why))) for who, why in left]
    return LeftBehind(named, len(run.arguments["left"]) - len(left))
