"""Refuses views without a policy, speaks the person's language, and turns refusals by name into pages."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from organisation.access import may, remember
from organisation.permissions import Policy

LONGEST_SESSION = 8 * 3600
TOUCH_EVERY = 60
GetResponse = Callable[[HttpRequest], HttpResponse]


class SlidingSessionMiddleware:
    """Keeps a session that is used alive, writing at most once a minute; ends it eight hours after the sign-in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.setdefault("began", now) > LONGEST_SESSION:
                logout(request)
            elif now - request.session.get("seen", 0) > TOUCH_EVERY:
                request.session["seen"] = now
        return self.get_response(request)


class LanguageOfUserMiddleware:
    """The language kept with the person wins over the cookie and the browser's wish."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class AccessMiddleware:
    """Asks the view's policy before the view runs. A view that declares none is refused to everybody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponseBase | None:
        policy = getattr(view, "policy", None)
        if not isinstance(policy, Policy):
            raise PermissionDenied
        if policy.public:
            return None
        if not request.user.is_authenticated:
            return self._to_sign_in(request)
        remember(request.user)
        if request.user.must_change_password and request.path not in self._always_open():
            return redirect("organisation:password")
        if policy.permission and not may(request.user, policy.permission):
            raise PermissionDenied
        return None

    def _to_sign_in(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": gettext("Sign in first.")}, status=401)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)

    def _always_open(self) -> set[str]:
        return {reverse("organisation:password"), reverse("organisation:sign-out"), reverse("organisation:preferences")}
