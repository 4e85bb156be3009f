"""Looks at files that are offered as evidence."""

import re
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from scorecards.errors import EvidenceRefused

OFFICE = b"PK\x03\x04"
KINDS: dict[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", OFFICE),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", OFFICE),
    ".txt": ("text/plain", b""),
    ".csv": ("text/csv", b""),
}
STRANGE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff/\\<>:\"|?*]")
LONGEST_NAME = 120


class EvidenceForm(forms.Form):
    """Valid: `content`, `name` and `kind` say what is to be kept."""

    file = forms.FileField(label=gettext_lazy("File"), max_length=255, allow_empty_file=True)

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        suffix = PurePath(given.name).suffix.lower()
        try:
            if given.size > settings.EVIDENCE_MEGABYTES * 1024 * 1024:
                raise EvidenceRefused("large", settings.EVIDENCE_MEGABYTES)
            self.content = given.read()
            self.kind = _media(suffix, self.content)
        except EvidenceRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        self.name = f"{STRANGE.sub('', PurePath(given.name).stem)[:LONGEST_NAME] or 'file'}{suffix}"
        return given


def _media(suffix: str, content: bytes) -> str:
    if not content:
        raise EvidenceRefused("empty")
    media, magic = KINDS.get(suffix, ("", b""))
    text = suffix in {".txt", ".csv"} and b"\x00" not in content
    if not media or not content.startswith(magic) or (not magic and not text):
        raise EvidenceRefused("kind", ", ".join(sorted(kind.removeprefix(".") for kind in KINDS)))
    return media
