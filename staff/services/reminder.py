"""Tells leaders of agreements that are overdue; the same is told once a week."""

from collections import Counter
from datetime import date, datetime

from communication.services import notice
from organisation.models import Unit
from staff.choices import AgreementState
from staff.models import Agreement
from staff.selectors.leader import leaders_of


def remind(*, today: date, now: datetime) -> None:
    """Tell the leaders above those who should have signed: who is one level further up than the leader to whom it is a to-do."""
    open_ones = Agreement.objects.filter(state=AgreementState.DRAFT, due_on__lt=today, scorecard__year__gte=today.year)
    late = Counter(open_ones.values_list("scorecard__unit", flat=True))
    chains = leaders_of(list(late), today)
    year, week, _day = today.isocalendar()
    for unit in Unit.objects.filter(pk__in=late).order_by("code"):
        chain = chains.get(unit.pk, [])
        told = chain[1] if len(chain) > 1 else chain[0] if chain else []
        about = {"number": str(late[unit.pk]), "unit": [unit.name, unit.name_zh]}
        notice.tell(
            told, "agreement_overdue", slot=f"{unit.pk}.{year}.{week}", about=about, address=f"/units/{unit.code}/agreements/", now=now
        )
