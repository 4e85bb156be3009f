"""Pages of no app: where one begins, whether the server lives, the gallery of components, and errors."""

import logging
import secrets
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from grc_bsc import gallery, shell
from organisation.permissions import public, signed_in

log = logging.getLogger(__name__)


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect(shell.first_address(request))


@public
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@signed_in
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    return render(request, "components/gallery.html", {"page": gallery.page()})


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    reference = secrets.token_hex(4)
    log.error("Reference %s: %s %s failed.", reference, request.method, request.path)
    return render(request, "500.html", {"reference": reference}, status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "csrf.html", status=403)
