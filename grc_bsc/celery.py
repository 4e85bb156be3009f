"""The Celery application; its settings are Django's, under the prefix CELERY_."""

import os

from celery import Celery
from celery.signals import worker_init

from grc_bsc import garbage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grc_bsc.settings")

app = Celery("grc_bsc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def begin(**_: object) -> None:
    """Before the worker's processes are forked, which share what is frozen."""
    garbage.settle()
