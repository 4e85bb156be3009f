"""System checks: every URL's view declares its policy."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from organisation.permissions import Policy


@register(Tags.security)
def every_view_declares_its_policy(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"The view of {route or '/'} declares no policy.", hint="Use a decorator of organisation.permissions.", id="grc_bsc.E001")
        for route, pattern in patterns(get_resolver())
        if not isinstance(getattr(pattern.callback, "policy", None), Policy)
    ]


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL of the product with its pattern."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        else:
            yield route, pattern
