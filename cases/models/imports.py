from __future__ import annotations

from typing import Self

import pghistory
from django.db import models
from django.db.models import Q

from cases.enums import ImportState
from csp.agencies.models import Partner, Partnership, User
from csp.core.models import LongTask
from csp.core.storage import private_storage


class ImportMapping(models.Model):
    """How one system's columns become reports. Built on a page or read from TOML, and kept for next time."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="import_mappings")
    name = models.CharField(max_length=80)
    spec = models.JSONField(help_text="The same as the TOML: see docs/imports.md")
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="import_mapping_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User) -> Self:
        """Imports into the partners where the user does casework."""
        return self.filter(lead__in=user.partner_ids)


@pghistory.track(exclude=["spec"])
class ImportRun(models.Model):
    """One file brought in, or tried dry."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="imports")
    lead = models.ForeignKey(Partner, models.PROTECT, related_name="imports")
    source_partner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    spec = models.JSONField(default=dict)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.MAPPING)
    progress = models.OneToOneField(
        LongTask, models.PROTECT, null=True, blank=True, related_name="import_run"
    )
    rows_read = models.PositiveIntegerField(default=0)
    rows_created = models.PositiveIntegerField(default=0)
    rows_updated = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    rows_left_out = models.PositiveIntegerField(
        default=0, help_text="Rows the mapping's filter does not want"
    )
    rejected_file = models.FileField(storage=private_storage, max_length=200, blank=True)
    problem = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["lead", "-at"], name="import_run_newest")]

    def __str__(self) -> str:
        return self.file_name


class ImportedRow(models.Model):
    """What a row of a file made of a report, so that a later file changes that and nothing a person wrote."""

    report = models.OneToOneField(
        "cases.Report", models.CASCADE, primary_key=True, related_name="imported_row"
    )
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="rows")
    """The import that wrote it last."""
    line = models.PositiveIntegerField()
    written = models.JSONField(help_text="A print of each part of the report as the import wrote it")
    notes = models.TextField(blank=True, help_text="What the row said and could not be used")

    class Meta:
        indexes = [
            models.Index(fields=["run", "line"], condition=~Q(notes=""), name="imported_row_with_notes"),
        ]

    def __str__(self) -> str:
        return f"Line {self.line} of {self.run}"
