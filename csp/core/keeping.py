"""Keeping files with a record, and handing them out. If one of several is refused, or what follows fails,
none stays.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.http import FileResponse, Http404, HttpRequest

from csp.core.models import StoredFile
from csp.core.storage import sha256_of
from csp.core.uploads import check_upload

F = TypeVar("F", bound=StoredFile)
SHOWN_IN_THE_PAGE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""Pictures that hold nothing a browser would run."""


@contextmanager
def all_or_none() -> Iterator[list[Any]]:
    """The database forgets the rows of what failed; the files would lie there for ever."""
    kept: list[Any] = []
    try:
        yield kept
    except Exception:
        for stored in kept:
            stored.file.delete(save=False)
        raise


def keep(stored: F, file: Any) -> F:
    """Check the file, and save it with its row, which knows already what it belongs to."""
    checked = check_upload(file)
    stored.name, stored.content_type, stored.size = checked.name, checked.kind.mime, checked.size
    stored.sha256 = sha256_of(file)
    stored.file.save(f"file.{checked.kind.extension}", file, save=False)
    stored.save(force_insert=True)
    return stored


def hand_out(request: HttpRequest, stored: StoredFile) -> FileResponse:
    """The file as a download, or as itself if it is a picture and `?show` asks. The caller is the gate."""
    show = "show" in request.GET and stored.content_type in SHOWN_IN_THE_PAGE
    try:
        opened = stored.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened,
        as_attachment=not show,
        filename=stored.name,
        content_type=stored.content_type if show else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
