"""Headers that tell the browser what a page of ours may do. Django's own middleware sets the rest of them."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FEATURES_OFF = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "fullscreen",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
PERMISSIONS = ", ".join(f"{feature}=()" for feature in FEATURES_OFF)


def content_policy() -> str:
    """Everything comes from ourselves; pictures also from the map's tiles, sign-in also from directories.

    A sign-in form is posted to us and sent on to the directory, which browsers count as its target.
    """
    rules = {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", *settings.CSP_TILE_ORIGINS],
        "form-action": ["'self'", *settings.CSP_DIRECTORY_ORIGINS],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


class SecurityHeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = content_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "_cached_user", None)  # never a query of our own: the database may be away
        if user is not None and user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response
