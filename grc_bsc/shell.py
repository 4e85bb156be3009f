"""What every page shows around its content: the rail with the person's own entries, and the unit they lead to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grc_bsc.roles import PERMISSIONS
from organisation import permissions as organisation
from organisation.access import memberships
from organisation.models import Membership, Unit, UnitPath
from scorecards import permissions as scorecards
from staff import permissions as staff

MENU: list[tuple[str | Promise, list[tuple[str, str | Promise, str, str, bool]]]] = [
    (
        _("My work"),
        [
            ("inbox", _("Inbox"), "communication:inbox", scorecards.EDIT_READING, False),
            ("table", _("Enter values"), "scorecards:entry-now", scorecards.EDIT_READING, True),
            ("file-import", _("Import Excel"), "scorecards:uploads", scorecards.EDIT_READING, True),
            ("circle-check", _("Verify values"), "scorecards:verification-now", scorecards.VERIFY_READING, True),
            ("id", _("My scorecard"), "staff:me", staff.SUGGEST, False),
            ("bulb", _("My suggestions"), "staff:suggestions-mine", staff.SUGGEST, False),
        ],
    ),
    (
        _("Staff"),
        [
            ("users-group", _("Team"), "staff:team", scorecards.VIEW_STAFF, True),
            ("hierarchy", _("Cascade"), "staff:cascade", staff.VIEW_COVERAGE, True),
            ("briefcase", _("Posts"), "staff:posts", staff.EDIT_POST, True),
        ],
    ),
    (
        _("Review"),
        [
            ("layout-dashboard", _("Dashboard"), "scorecards:dashboard", scorecards.VIEW_SCORECARD, True),
            ("target-arrow", _("Strategy"), "scorecards:strategy", scorecards.VIEW_SCORECARD, True),
            ("sitemap", _("Strategy map"), "scorecards:map", scorecards.VIEW_SCORECARD, True),
            ("list-tree", _("Scorecard"), "scorecards:tree", scorecards.VIEW_SCORECARD, True),
            ("scale", _("Tensions"), "scorecards:tensions", scorecards.VIEW_SCORECARD, True),
            ("plus-minus", _("Adjustments"), "scorecards:adjustments", scorecards.VIEW_SCORECARD, True),
            ("calendar", _("Months"), "scorecards:months", scorecards.VIEW_SCORECARD, True),
            ("edit", _("Corrections"), "scorecards:corrections", scorecards.VIEW_SCORECARD, True),
            ("users", _("Who reports what"), "scorecards:reporters", scorecards.VIEW_SCORECARD, True),
            ("building", _("Units"), "scorecards:unit-list", scorecards.VIEW_SCORECARD, False),
        ],
    ),
    (
        _("Setup"),
        [
            ("adjustments", _("Perspectives and weights"), "scorecards:scorecard-list", scorecards.EDIT_SCORECARD, False),
            ("books", _("Catalogue of measures"), "scorecards:catalogue", scorecards.EDIT_SCORECARD, False),
            ("list-check", _("Bonus and penalty items"), "scorecards:adjustment-items", scorecards.EDIT_SCORECARD, False),
            ("refresh", _("Compute anew"), "scorecards:recompute", scorecards.RECOMPUTE, False),
            ("sitemap", _("Units"), "organisation:unit-list", organisation.VIEW_ORGANISATION, False),
            ("users", _("People and roles"), "organisation:person-list", organisation.VIEW_ORGANISATION, False),
            ("file-import", _("Import people"), "staff:rosters", staff.IMPORT_ROSTER, False),
            ("history", _("Audit log"), "organisation:audit-list", organisation.VIEW_AUDIT_LOG, False),
        ],
    ),
]


KEEPS_PERIOD = {
    "scorecards:dashboard",
    "scorecards:map",
    "scorecards:strategy",
    "scorecards:tree",
    "scorecards:tensions",
    "scorecards:adjustments",
    "staff:team",
    "staff:cascade",
}


@dataclass(frozen=True)
class Entry:
    icon: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Section:
    label: str
    entries: list[Entry]


def context(request: HttpRequest) -> dict[str, Any]:
    """For templates: `rail` (sections), `home` (the first entry's address) and `home_unit`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or request.headers.get("HX-Request"):
        return {"rail": [], "home_unit": None, "theme": request.COOKIES.get("theme", "auto"), "keep": ""}
    held = memberships(user)
    unit = _home_unit(held)
    rail = list(_sections(request, held, unit))
    return {"rail": rail, "home_unit": unit, "theme": user.theme, "keep": kept_period(request), "csrf_cookie": settings.CSRF_COOKIE_NAME}


def kept_period(request: HttpRequest) -> str:
    """The month and window of this page as a query, so that neighbouring pages stay in them."""
    in_path = (
        {"month": request.resolver_match.kwargs["month"]} if request.resolver_match and "month" in request.resolver_match.kwargs else {}
    )
    kept = {**in_path, **{name: request.GET[name] for name in ("month", "window") if request.GET.get(name)}}
    return f"?{urlencode(kept)}" if kept else ""


def first_address(request: HttpRequest) -> str:
    """Where a person begins: the first entry of the rail, else the own account."""
    sections = context(request)["rail"]
    return sections[0].entries[0].url if sections else reverse("organisation:account")


def _home_unit(held: list[Membership]) -> Unit | None:
    """The person's first unit, or the nearest below it that has a scorecard."""
    own = [membership.unit for membership in held if scorecards.VIEW_SCORECARD in PERMISSIONS[membership.role]]
    if not own:
        return None
    below = UnitPath.objects.filter(above=own[0], below__scorecards__officer="").select_related("below")
    nearest = below.order_by("distance", "below__code").first()
    return nearest.below if nearest else own[0]


def _sections(request: HttpRequest, held: list[Membership], home: Unit | None) -> Iterator[Section]:
    granted = _granted(held)
    path = request.path
    code = (
        request.resolver_match.kwargs.get("code")
        if request.resolver_match and request.resolver_match.app_name in {"scorecards", "staff"}
        else None
    )
    unit_code = (code or "").partition("~")[0] or (home.code if home else None)
    keep = kept_period(request)
    above = set(UnitPath.objects.filter(below__code=unit_code).values_list("above", flat=True)) if unit_code else set()
    granted_there = _granted([membership for membership in held if membership.unit_id in above])
    for label, lines in MENU:
        entries = []
        for icon, name, page, permission, of_unit in lines:
            if permission in (granted_there if of_unit else granted):
                url = reverse(page, args=[unit_code]) if of_unit else reverse(page)
                entries.append(Entry(icon, str(name), url + keep if page in KEEPS_PERIOD else url, _is_current(path, url, page)))
        if entries:
            yield Section(str(label), entries)


def _granted(held: list[Membership]) -> set[str]:
    return set().union(*(PERMISSIONS[membership.role] for membership in held))


def _is_current(path: str, url: str, page: str) -> bool:
    if page in {"scorecards:dashboard", "scorecards:unit-list"}:
        return path == url
    return path.startswith(url)
