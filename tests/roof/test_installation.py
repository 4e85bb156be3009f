"""Configuration fails loudly, shipped files are what the manifest says, templates hold no code."""

import hashlib
import json
import re
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from grc_bsc import env

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("DATABASE_URL", "mysql://host/name", env.database),
        ("DATABASE_URL", "postgresql://host:port/name", env.database),
        ("DATABASE_URL", "postgresql://host", env.database),
        ("REDIS_URL", "http://host", lambda folder: env.redis()),
        ("HTTPS", "yes", lambda folder: env.flag("HTTPS", default=False)),
        ("SESSION_MINUTES", "half", lambda folder: env.whole_number("SESSION_MINUTES", 30)),
        ("SECRET_KEY", "short", env.secret_key),
    ],
)
def test_a_malformed_variable_stops_the_start_with_its_name(monkeypatch, tmp_path, name, value, read):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        read(tmp_path)


def test_without_a_secret_key_one_is_made_once(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first = env.secret_key(tmp_path)
    assert len(first) >= 50
    assert env.secret_key(tmp_path) == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_a_database_address_is_read(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://us%40er:p%2Fw@db.example:5433/cards")
    found = env.database(tmp_path)
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == ["us@er", "p/w", "db.example", "5433", "cards"]


def test_shipped_files_are_those_of_the_manifest():
    vendor = ROOT / "static" / "vendor"
    manifest = json.loads((vendor / "manifest.json").read_text())
    assert {entry["file"]: entry["sha256"] for entry in manifest} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in vendor.iterdir() if path.name != "manifest.json"
    }


def test_every_icon_used_is_in_the_sprite():
    sys.path.append(str(ROOT / "scripts"))
    import vendor

    sprite = (ROOT / "static" / "vendor" / "icons.svg").read_text()
    assert set(re.findall(r'symbol id="([^"]+)"', sprite)) == vendor.icons_used()


@pytest.mark.parametrize("path", TEMPLATES, ids=[str(path.relative_to(ROOT)) for path in TEMPLATES])
def test_templates_hold_no_inline_code_or_style(path):
    text = path.read_text()
    assert not re.findall(r"\sstyle=|\son\w+=|hx-on|hx-vals=.js:|\|safe\b|mark_safe|<script(?![^>]*src=)|https?://(?!www\.w3\.org)", text)
