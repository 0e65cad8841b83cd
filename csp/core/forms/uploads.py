from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from csp.core.uploads import ATTACHMENTS, MAX_BYTES, Kind, UploadRefused, check_upload


class FilePicker(forms.FileInput):
    def __init__(self, kinds: Iterable[Kind], attrs: dict[str, Any] | None = None) -> None:
        accept = ",".join(f".{kind.extension}" for kind in kinds)
        super().__init__({"class": "govuk-file-upload", "accept": accept} | (attrs or {}))


class SeveralFilesPicker(FilePicker):
    allow_multiple_selected = True


class UploadField(forms.FileField):
    """A file checked by what it holds. Its name and content type are ours afterwards, not the sender's."""

    picker: ClassVar[type[FilePicker]] = FilePicker
    plain_messages: ClassVar[dict[str, str]] = {
        "required": "Choose a file",
        "empty": "The file is empty. Choose another file",
        "invalid": "Choose a file",
    }

    def __init__(
        self, *, kinds: Iterable[Kind] = ATTACHMENTS, max_bytes: int = MAX_BYTES, **kwargs: Any
    ) -> None:
        self.kinds, self.max_bytes = tuple(kinds), max_bytes
        kwargs.setdefault("widget", self.picker(self.kinds))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        return self.checked(super().clean(data, initial))

    def checked(self, file: Any) -> Any:
        if not isinstance(file, UploadedFile):
            return file
        try:
            found = check_upload(file, kinds=self.kinds, max_bytes=self.max_bytes)
        except UploadRefused as problem:
            raise ValidationError(str(problem), code="refused") from problem
        file.name, file.content_type = found.name, found.kind.mime
        return file


class MultipleUploadField(UploadField):
    """Several files at once; a list, empty where none was chosen."""

    picker = SeveralFilesPicker

    def __init__(self, *, max_files: int = 20, **kwargs: Any) -> None:
        self.max_files = max_files
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        files = [file for file in files if file] or [None]
        if len(files) > self.max_files:
            raise ValidationError(f"Choose up to {self.max_files} files at a time", code="too_many")
        return [file for file in (UploadField.clean(self, file, initial) for file in files) if file]
