"""The web process. Without Redis it also drains the outbox, in a thread."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grc_bsc.settings")
application = get_wsgi_application()

if not settings.REDIS_URL:
    from grc_bsc import wake

    wake.by_thread()
