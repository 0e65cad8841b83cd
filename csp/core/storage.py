"""Files kept outside the web root, under names that nobody can guess. Views serve them through the gate."""

import hashlib
import secrets
from pathlib import PurePath
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage, storages

CHUNK = 1024 * 1024


class UnguessableNames(Storage):
    """Every file gets a random name and no address of its own; the sender's name is a column of the
    record.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        token = secrets.token_urlsafe(24)
        return f"{token[:2]}/{token}{PurePath(name).suffix.lower()}"

    def url(self, name: str | None) -> str:
        raise ValueError(f"{name} has no address: it is served by a view, through the gate")


class PrivateFileSystemStorage(UnguessableNames, FileSystemStorage):
    """On this machine's disk, readable by the product alone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700} | options)


def private_storage() -> Storage:
    """For `FileField(storage=private_storage)`: migrations keep the function, not the machine's choice."""
    return storages["private"]


def sha256_of(file: Any) -> str:
    """The file's fingerprint, read in pieces. Leaves the file at its start."""
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in iter(lambda: file.read(CHUNK), b""):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
