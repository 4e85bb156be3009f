"""Shapes of the organisation."""

from organisation.models.membership import Membership
from organisation.models.unit import Unit, UnitPath
from organisation.models.user import User

__all__ = ["Membership", "Unit", "UnitPath", "User"]
