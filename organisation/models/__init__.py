"""Shapes of the organisation."""

from organisation.models.delegation import Delegation
from organisation.models.membership import Membership
from organisation.models.unit import Unit, UnitPath
from organisation.models.user import User

__all__ = ["Delegation", "Membership", "Unit", "UnitPath", "User"]
