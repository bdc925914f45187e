"""What every record that agencies hold carries: whose it is, how it is marked, and who is meant to see it.

    for one in Intervention.objects.visible_to(viewer): ...     # rows and fields that the rules give, nothing else

What the rules are stands in `partners.visibility`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.query import ModelIterable
from django.utils import timezone

from partners.models.people import Agency, User
from partners.roles import Marking

if TYPE_CHECKING:
    from partners.visibility import Viewer

AnyRecord = TypeVar("AnyRecord", bound="Record")


class _Masked(ModelIterable):
    """Rows whose withheld fields read None, whoever reads them."""

    def __iter__(self) -> Iterator[Any]:
        for record in super().__iter__():
            record.withheld = frozenset(name for name in record.__dict__.pop("withheld_names") if name)
            for name in record.withheld:
                for field in record.WITHHOLDABLE[name]:
                    setattr(record, field, None)
            yield record


class RecordQuerySet(models.QuerySet[AnyRecord]):
    """Records: `visible_to` for reading, `changeable_by` for writing."""

    _masked = False

    def visible_to(self, viewer: Viewer) -> Self:
        """What somebody sees: the rows that the rules give, with withheld fields None and named in `withheld`.

        Filter and order such rows by fields that are never withheld only, or by `searchable`.
        """
        from partners import visibility

        found = self.filter(visibility.rows_of(self.model, viewer)).annotate(
            withheld_names=visibility.withheld_from(self.model, viewer)
        )
        found._iterable_class = _Masked
        found._masked = True
        return found

    def changeable_by(self, viewer: Viewer) -> Self:
        """What somebody may change: whole rows, nothing masked."""
        from partners import visibility

        return self.filter(visibility.changeable_by(viewer))

    def values(self, *fields: Any, **expressions: Any) -> Any:
        self._refuse_withheld(fields)
        return super().values(*fields, **expressions)

    def values_list(self, *fields: Any, **options: Any) -> Any:
        self._refuse_withheld(fields)
        return super().values_list(*fields, **options)

    def _refuse_withheld(self, fields: Iterable[Any]) -> None:
        if not self._masked:
            return
        columns = {column for columns in self.model.WITHHOLDABLE.values() for column in columns}
        if not fields or columns.intersection(map(str, fields)):
            raise TypeError("Rows read as values are not masked: name fields that are never withheld.")

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._masked = self._masked
        return clone


class Record(models.Model):
    """A row that belongs to an agency, is marked, and is shown to whom it is meant for."""

    class Audience(models.TextChoices):
        TEAM = "team", "Only the owning team (covert)"
        AGENCY = "agency", "The owning agency"
        AGREEMENTS = "agreements", "The owning agency, and partners by an agreement in force"
        EVERYONE = "everyone", "Everyone who signs in (OPEN records only)"

    # How agreements and the audit trail name the type.
    TYPE: ClassVar[str]
    # What an agreement can withhold: a name -> the fields that are None then. A name without a field stands for rows
    # of another table, whose reader looks at `withheld`.
    WITHHOLDABLE: ClassVar[dict[str, tuple[str, ...]]] = {}
    # What this reader is not shown; only rows read through `visible_to` know.
    withheld: frozenset[str] = frozenset()

    owner = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    marking = models.CharField(max_length=20, choices=Marking, default=Marking.OFFICIAL)
    audience = models.CharField(max_length=20, choices=Audience, default=Audience.AGREEMENTS)
    # Codes of the wards and boroughs it lies in: what roles, keys and agreements are narrowed by.
    area_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Any]] = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(audience="everyone") | Q(marking="open"), name="%(class)s_everyone_sees_open_only"
            )
        ]
        indexes = [
            # `visible_to`: the rows of some agencies; rows in some areas.
            models.Index(fields=["owner", "audience"], name="%(class)s_owner"),
            GinIndex(fields=["area_codes"], name="%(class)s_areas"),
        ]

    def save(self, *args: Any, **options: Any) -> None:
        if self.withheld:
            raise TypeError("A row with withheld fields cannot be saved: read it through changeable_by.")
        super().save(*args, **options)

    @property
    def is_restricted(self) -> bool:
        """Whether each reading of it is audited: everything but what is open to all who sign in."""
        return self.audience != self.Audience.EVERYONE


def record_types() -> dict[str, type[Record]]:
    """Every type of record of the product, by how agreements and the audit trail name it."""
    return {model.TYPE: model for model in apps.get_models() if issubclass(model, Record)}
