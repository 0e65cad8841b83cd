"""Logs as JSON lines without personal data: who by number, what by path, never what was typed or found."""

import logging.config
import re
import time
import traceback
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from pythonjsonlogger.json import JsonFormatter

from csp.core.request import current_request_id, set_request_id

logger = logging.getLogger("csp.request")

FIELDS = ("method", "path", "status", "ms", "user")
QUIET_PATHS = {"/healthz", "/readyz"}
# A long segment of a path is a secret: the link in an e-mail, a key to reset a password.
SECRET_SEGMENT = re.compile(r"(?<=/)[^/\s?]{20,}")
QUERY = re.compile(r"\?\S*")
SERVER_ERROR = 500


def without_secrets(text: str) -> str:
    return SECRET_SEGMENT.sub("…", QUERY.sub("", text))


class PlainFactsFormatter(JsonFormatter):
    """Writes the fields named here and no other. Of an exception: its type and place, never its words."""

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        log_data["at"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname.lower()
        log_data["logger"] = record.name
        log_data["message"] = without_secrets(record.getMessage())
        log_data["request_id"] = current_request_id()
        log_data |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            log_data["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            log_data["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        record.exc_info = record.exc_text = None


def config(*, debug: bool = False) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "csp.logging.PlainFactsFormatter"},
            "plain": {"format": "%(levelname)s %(name)s %(message)s"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "plain" if debug else "json"}
        },
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
            # Everything below an error is already in our line for the request.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
        },
    }


def configure() -> None:
    logging.config.dictConfig(settings.LOGGING)


class RequestLogMiddleware:
    """Gives each request an id, for the log, for events and for who meets an error, and logs one line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        set_request_id(uuid.uuid4().hex[:12])
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = current_request_id()
            if request.path not in QUIET_PATHS or response.status_code >= SERVER_ERROR:
                log_request(request, response, time.monotonic() - started)
            return response
        finally:
            set_request_id("")


def log_request(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    user = getattr(request, "_cached_user", None)  # never a query of our own
    facts = {
        "method": request.method,
        "path": without_secrets(request.path),
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "user": user.pk if user is not None else None,
    }
    logger.info("%s %s %s", facts["method"], facts["path"], facts["status"], extra=facts)
