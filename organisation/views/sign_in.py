"""Signing in and out, the own account, language and look."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organisation.forms.account import OwnPasswordForm, PreferencesForm, SignInForm
from organisation.permissions import SignedInRequest, public, signed_in
from organisation.services import person as service


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return HttpResponseRedirect(_safe(request, request.POST.get("next", "")) or reverse("home"))
    return render(request, "organisation/sign_in.html", {"form": form, "next": request.GET.get("next", request.POST.get("next", ""))})


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """After five wrong passwords for a name from one place."""
    return render(request, "organisation/locked_out.html", status=429)


@signed_in
@require_POST
def sign_out(request: SignedInRequest) -> HttpResponse:
    logout(request)
    return redirect("organisation:sign-in")


@signed_in
@require_http_methods(["GET"])
def account(request: SignedInRequest) -> HttpResponse:
    return render(request, "organisation/account.html")


@signed_in
@require_http_methods(["GET", "POST"])
def password(request: SignedInRequest) -> HttpResponse:
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        service.set_password(actor=request.user, person=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed."))
        return redirect("organisation:account")
    return render(request, "organisation/password.html", {"form": form})


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language or look, kept with the person, or in a cookie before signing in. The page stays the same."""
    form = PreferencesForm(request.POST)
    response = HttpResponseRedirect(_safe(request, request.POST.get("next", "")) or "/")
    if form.is_valid():
        chosen = {name: value for name, value in form.cleaned_data.items() if value}
        if request.user.is_authenticated and chosen:
            service.set_preferences(actor=request.user, **chosen)
        for name, value in chosen.items():
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME if name == "language" else "theme",
                value,
                max_age=365 * 24 * 3600,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
    return response


def _safe(request: HttpRequest, url: str) -> str:
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure()) else ""
