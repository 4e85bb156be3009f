"""The web process, with all pages loaded before the first is asked for. Without Redis it also drains the outbox, in a thread."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from grc_bsc import garbage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grc_bsc.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)
garbage.settle()

if not settings.REDIS_URL:
    from grc_bsc import wake

    wake.by_thread()
