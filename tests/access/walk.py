"""Every address the site answers, by name."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def every_url() -> dict[str, str]:
    """Name (or, without one, the route) of each address, and its route."""
    return dict(_walk(get_resolver().url_patterns, "", ()))


def _walk(
    patterns: list[URLPattern | URLResolver], route: str, namespaces: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, here, inner)
        else:
            yield ":".join((*namespaces, pattern.name)) if pattern.name else f"/{here}", f"/{here}"
