"""What a view asks for before it runs. A view without a declared policy is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest

VIEW_ORGANISATION = "organisation.view"
EDIT_UNIT = "organisation.edit_unit"
EDIT_PERSON = "organisation.edit_person"
GRANT_ROLE = "organisation.grant_role"
VIEW_AUDIT_LOG = "organisation.view_audit_log"


@dataclass(frozen=True)
class Policy:
    """Who may enter: anybody (public), whoever is signed in, or whoever holds the permission somewhere.
    Where exactly it must be held is asked by `access`, together with loading the object."""

    permission: str = ""
    public: bool = False


class SignedInRequest(HttpRequest):
    """The request of a view that is not public: its user is a person of ours."""

    user: Any


View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    return _declare(view, Policy(public=True))


def signed_in(view: View) -> View:
    return _declare(view, Policy())


def needs(permission: str) -> Callable[[View], View]:
    return lambda view: _declare(view, Policy(permission=permission))


def _declare(view: View, policy: Policy) -> View:
    view.policy = policy  # type: ignore[attr-defined]
    return view
