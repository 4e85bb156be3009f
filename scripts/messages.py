"""Collects every translatable sentence into locale/zh_Hans, and compiles it. `--check` changes nothing and fails on what is amiss."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
CODE = ["ledger", "organisation", "communication", "scorecards", "staff", "grc_bsc"]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def sources() -> Iterator[tuple[str, str]]:
    """The file and the Python text in which its sentences stand."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        lines = templatize(path.read_text(), origin=str(path)).splitlines()
        yield str(path.relative_to(ROOT)), "\n".join(line.strip() for line in lines)


def collected() -> Catalog:
    catalog = Catalog(locale="zh_Hans")
    for name, text in sources():
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
            catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def stored() -> Catalog:
    path = FOLDER / "django.po"
    return read_po(path.open("rb"), locale="zh_Hans") if path.exists() else Catalog(locale="zh_Hans")


def faults(wanted: Catalog, kept: Catalog) -> list[str]:
    """What a reader of Chinese would miss."""
    found = []
    for message in wanted:
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        own = kept.get(key, message.context)
        strings = [] if own is None else list(own.string) if isinstance(own.string, tuple) else [own.string]
        if not strings or not all(strings):
            found.append(f"missing: {key}")
        elif own.fuzzy:
            found.append(f"fuzzy: {key}")
        else:
            found += [f"placeholders differ: {key}" for error in own.check()]
    wanted_keys = {(m.id[0] if isinstance(m.id, tuple) else m.id, m.context) for m in wanted}
    found += [
        f"no longer used: {m.id}" for m in kept if m.id and ((m.id[0] if isinstance(m.id, tuple) else m.id), m.context) not in wanted_keys
    ]
    return found


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def main() -> int:
    settings.configure(USE_I18N=True)
    django.setup()
    wanted, kept = collected(), stored()
    if "--check" in sys.argv:
        problems = faults(wanted, kept)
        if (FOLDER / "django.mo").read_bytes() != compiled(kept):
            problems.append("django.mo is not compiled from django.po")
        print("\n".join(problems) or f"{len(wanted)} sentences, all translated")
        return 1 if problems else 0
    kept.update(wanted, no_fuzzy_matching=True)
    kept.obsolete.clear()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "django.po").open("wb") as po:
        write_po(po, kept, omit_header=False, sort_output=True, no_location=True, width=120)
    (FOLDER / "django.mo").write_bytes(compiled(stored()))
    print("\n".join(faults(wanted, stored())) or f"{len(wanted)} sentences, all translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
