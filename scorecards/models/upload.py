"""Files of values: what was uploaded, how its columns are read, what would change, and what was written."""

from django.db import models
from django.db.models import Q

from ledger.models import JobRun
from organisation.models import Unit, User
from scorecards.choices import RowKind, UploadState
from scorecards.models.measure import Measure
from scorecards.models.month import MonthField


class Upload(models.Model):
    """content: the file itself; header: its column names, and sample: its first rows as text, once it has been read; mapping: how
    the columns are read (`forms.mapping`); fault and detail: why the file is refused as a whole; month: of rows that name none;
    job: of the import, once it was confirmed."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="uploads")
    month = MonthField()
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.WAITING)
    header = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    mapping = models.JSONField(null=True)
    fault = models.CharField(max_length=30, blank=True)
    detail = models.CharField(max_length=100, blank=True)
    job = models.ForeignKey(JobRun, models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_state_known")]

    def __str__(self) -> str:
        return self.name


class UploadRow(models.Model):
    """One value of the file. cells: where it stands there; before and after: the numbers by name; was: all that the
    reading held; suggestion: what may have been meant;
    written: the version of the reading that the import made, 0 where it made none."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.CharField(max_length=60)
    code = models.CharField(max_length=60, blank=True)
    measure = models.ForeignKey(Measure, models.SET_NULL, null=True, related_name="+")
    month = MonthField(null=True)
    kind = models.CharField(max_length=10, choices=RowKind.choices)
    typed = models.JSONField(default=dict)
    before = models.JSONField(null=True)
    was = models.JSONField(null=True)
    seen = models.PositiveIntegerField(default=0)
    after = models.JSONField(null=True)
    problem = models.CharField(max_length=30, blank=True)
    about = models.JSONField(default=dict)
    written = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=RowKind.values), name="upload_row_kind_known")]
        indexes = [models.Index(fields=["upload", "kind", "number"], name="upload_row_by_kind")]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.cells}"


class ColumnMapping(models.Model):
    """How files with these column names were last read in that unit."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="column_mappings")
    signature = models.CharField(max_length=64)
    mapping = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "signature"], name="column_mapping_once")]

    def __str__(self) -> str:
        return self.signature[:8]
