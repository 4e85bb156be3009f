"""Forms about something that others may be changing at the same time."""

from django import forms


class VersionedForm(forms.BaseForm):
    """A form with a hidden field `version`: the one that the person saw."""

    def take_version(self, version: int) -> None:
        """After a refusal: what was typed stays, and saving again replaces the newer state that is now known."""
        self.data = {**{name: self.data[name] for name in self.data}, "version": version}
