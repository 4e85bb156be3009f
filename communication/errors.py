"""What communication says no to, in sentences for people."""

from django.utils.translation import gettext_lazy as _


class CommunicationError(Exception):
    """A refusal whose text is shown to the person."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class AlreadySettled(CommunicationError):
    def __init__(self) -> None:
        super().__init__(_("This thread has been settled in the meantime. Begin a new one to go on."))
