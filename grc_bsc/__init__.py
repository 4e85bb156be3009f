"""The roof: settings, URLs, Celery, the roles table, UI tags and demo data. Wiring only; nothing imports it."""

from grc_bsc.celery import app as celery_app

__all__ = ["celery_app"]
