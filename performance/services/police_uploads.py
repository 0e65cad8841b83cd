"""Police files that somebody sends through a page: kept until a worker has loaded them."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from csp.agencies.models import Partnership, User
from csp.audit.services import record
from csp.core import progress
from csp.core.storage import sha256_of
from csp.core.uploads import clean_name
from performance import tasks
from performance.models import PoliceUpload
from performance.services.police_import import Loaded, load_police_file


@transaction.atomic
def receive(
    *, partnership: Partnership, files: Sequence[Any], by: User, at: dt.datetime
) -> list[PoliceUpload]:
    """Keep the files and have a worker load each. All of them are kept, or none."""
    made: list[PoliceUpload] = []
    try:
        for file in files:
            made.append(_receive(partnership, file, by, at))  # noqa: PERF401 -- what was kept goes if one fails
    except Exception:
        for upload in made:
            upload.file.delete(save=False)
        raise
    return made


def _receive(partnership: Partnership, file: Any, by: User, at: dt.datetime) -> PoliceUpload:
    upload = PoliceUpload(partnership=partnership, name=clean_name(file.name)[:200], by=by, at=at)
    print_ = sha256_of(file)
    upload.file.save(upload.name, file, save=False)
    try:
        upload.save(force_insert=True)
        upload.progress = progress.queue(
            tasks.load_police_upload,
            kind="police",
            title=f"Load {upload.name}"[:200],
            by=by,
            upload_id=upload.pk,
        )
        upload.save(update_fields=["progress"])
        record("police_upload.received", by=by, target=upload, size=file.size, sha256=print_)
    except Exception:
        upload.file.delete(save=False)
        raise
    return upload


def carry_out(*, upload_id: int, bar: progress.Bar) -> None:
    """The worker's part: everything or nothing, however often it is tried."""
    with transaction.atomic():
        # Held to the end, so that a second attempt waits and then finds it done.
        upload = PoliceUpload.objects.select_for_update(of=("self",)).get(pk=upload_id)
        if upload.finished_at is not None:
            return
        with upload.file.open("rb") as file:
            loaded = load_police_file(
                partnership=upload.partnership,
                file=file,
                name=upload.name,
                by=upload.by,
                at=upload.at,
                bar=bar,
            )
        _finish(upload, loaded, bar)


def _finish(upload: PoliceUpload, loaded: Loaded, bar: progress.Bar) -> None:
    sent, storage = str(upload.file.name), upload.file.storage
    upload.file, upload.counts, upload.finished_at = "", loaded.as_dict(), timezone.now()
    if loaded.rejected:
        upload.rejected_file.save("rejected.csv", ContentFile(loaded.rejected), save=False)
    try:
        upload.save(update_fields=["file", "counts", "finished_at", "rejected_file"])
        bar.finish(
            message=loaded.words(), result_url=upload.get_absolute_url(), result_text="See what came of it"
        )
    except Exception:
        # The database forgets it; its file would lie there for ever.
        upload.rejected_file.delete(save=False)
        raise
    transaction.on_commit(partial(storage.delete, sent))
