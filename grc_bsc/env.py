"""Reads the environment; a malformed variable stops the start with its name."""

import os
import secrets
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    word = text(name, "on" if default else "off").lower()
    if word not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} must be on or off, not {word!r}.")
    return word == "on"


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def whole_number(name: str, default: int) -> int:
    word = text(name, str(default))
    if not word.isascii() or not word.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {word!r}.")
    return int(word)


def clock(name: str, default: str) -> time:
    """A time of the day like 08:30."""
    word = text(name, default)
    try:
        return time.fromisoformat(word)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a time like 08:30, not {word!r}.") from error


def secret_key(folder: Path) -> str:
    """SECRET_KEY, or a key of this installation that is made once and kept in the folder."""
    given = text("SECRET_KEY")
    if given:
        if len(given) < 50:
            raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters.")
        return given
    kept = folder / "secret-key"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(64))
    return kept.read_text()


def database(folder: Path) -> dict[str, Any]:
    """DATABASE_URL as Django's settings; without it, SQLite in WAL mode in the folder."""
    url = text("DATABASE_URL")
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        return sqlite(str(folder / "grc_bsc.sqlite3"))
    parts = _split("DATABASE_URL", url)
    if parts.scheme == "sqlite":
        return sqlite(unquote(parts.path[1:]))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": "-c jit=off"},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def redis() -> str:
    """REDIS_URL, or nothing: then jobs run in a thread of the process."""
    url = text("REDIS_URL")
    if url and _split("REDIS_URL", url).scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured("REDIS_URL must look like redis://host:6379/0.")
    return url


def _split(name: str, url: str) -> Any:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises for a port that is no number
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not an address: {error}.") from error
    return parts
