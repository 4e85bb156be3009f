"""What the organisation says no to, in sentences for people."""

from django.utils.translation import gettext_lazy as _


class OrganisationError(Exception):
    """A refusal whose text is shown to the person. `field` names the input it belongs to, if there is one."""

    field = ""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class UnitWouldCircle(OrganisationError):
    field = "parent"

    def __init__(self) -> None:
        super().__init__(_("A unit cannot stand below itself. Choose another superior unit."))


class CodeTaken(OrganisationError):
    field = "code"

    def __init__(self) -> None:
        super().__init__(_("Another unit has this code. Choose a different one."))


class CodeUnfit(OrganisationError):
    field = "code"

    def __init__(self) -> None:
        super().__init__(_("Use letters, digits, _ - and . only, at most 40 of them, and at least one letter or digit."))


class NameTaken(OrganisationError):
    field = "username"

    def __init__(self) -> None:
        super().__init__(_("Another person has this staff number."))


class NotYourself(OrganisationError):
    def __init__(self) -> None:
        super().__init__(_("You cannot do this to yourself. Ask another administrator."))


class RolesExclude(OrganisationError):
    field = "role"

    def __init__(self) -> None:
        super().__init__(_("Whoever is one of the three technical administrators holds no other role in that time."))


class AlreadyHolds(OrganisationError):
    field = "role"

    def __init__(self) -> None:
        super().__init__(_("This person already holds this role in this unit in that time."))


class DatesReversed(OrganisationError):
    field = "until_date"

    def __init__(self) -> None:
        super().__init__(_("The last day lies before the first."))


class OutOfDate(OrganisationError):
    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this in the meantime. What you typed is still here: compare and save again."))


class AlreadyBegun(OrganisationError):
    def __init__(self) -> None:
        super().__init__(_("This installation already holds units or people."))
