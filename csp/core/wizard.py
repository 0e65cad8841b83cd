"""Where a public form's answers are while it is being filled in: in the cache, for an hour, nowhere else."""

import secrets
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from formtools.wizard.storage.base import BaseStorage

KEEP_FOR = 60 * 60  # seconds


class CacheStorage(BaseStorage):
    """The session holds a random key; the answers lie under it. Nothing reaches the database."""

    def __init__(self, prefix: str, request: Any = None, file_storage: Any = None) -> None:
        super().__init__(prefix, request, file_storage)
        self.key = request.session.get(self.prefix) or secrets.token_urlsafe(24)
        self.data: dict[str, Any] = cache.get(self._name) or {}
        if not self.data:
            self.init_data()

    @property
    def _name(self) -> str:
        return f"wizard:{self.prefix}:{self.key}"

    def update_response(self, response: HttpResponse) -> None:
        """The last thing a wizard does with an answer: keep what was typed."""
        self.request.session[self.prefix] = self.key
        cache.set(self._name, self.data, KEEP_FOR)

    def forget(self) -> None:
        """It has been sent. Going back shows an empty form."""
        cache.delete(self._name)
        self.request.session.pop(self.prefix, None)
        self.init_data()
