"""What every record that agencies hold carries: whose it is, how it is marked, and who is meant to see it.

    for one in Intervention.objects.visible_to(viewer): ...     # rows and fields that the rules give, nothing else

What the rules are stands in `partners.visibility`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.query import ModelIterable
from django.db.models.sql import Query
from django.utils import timezone

from partners import visibility
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


class _MaskedQuery(Query):
    """What `visible_to` makes of a query: it knows no field that may be withheld from its reader.

    Filters, orders, values, sums and annotations all find their fields here, and none of them is masked.
    """

    reader: Viewer
    unlocked = False

    def names_to_path(self, names: Any, opts: Any, *args: Any, **options: Any) -> Any:
        found = super().names_to_path(names, opts, *args, **options)
        path, field = found[:2]
        if not self.unlocked and (_is_withholdable(field) or _leads_into_a_record(path, field)):
            raise TypeError(f"{'__'.join(names)} may be withheld from the reader: use matching() or `withheld`.")
        return found


def _is_withholdable(field: Any) -> bool:
    model = field.model
    return issubclass(model, Record) and any(field.name in columns for columns in model.WITHHOLDABLE.values())


def _leads_into_a_record(path: Any, field: Any) -> bool:
    """Whether fields of another record are asked for, which its own `visible_to` has not judged."""
    inside = [step for step in path if issubclass(step.to_opts.model, Record) and not _is_of_the_same_row(step)]
    # A foreign key's own column asks for nothing but which record it is.
    return bool(inside) and not (len(path) == 1 and field.many_to_one and field.concrete)


def _is_of_the_same_row(step: Any) -> bool:
    """Whether a step leads from a table to the one that holds the rest of the same record, as types of it share."""
    link = step.join_field
    return bool(step.direct and link.remote_field and link.remote_field.parent_link)


class RecordQuerySet(models.QuerySet[AnyRecord]):
    """Records: `visible_to` for reading, `changeable_by` for writing."""

    def visible_to(self, viewer: Viewer) -> Self:
        """What somebody sees: the rows that the rules give, with withheld fields None and named in `withheld`.

        Such rows are to be read: naming a withholdable field in a filter, an order, values or a sum is a TypeError, and
        so is changing rows. Text is searched by `matching`.
        """
        if self._masked:
            raise TypeError("These rows are one reader's already.")
        found = self.filter(visibility.rows_of(self.model, viewer)).annotate(
            withheld_names=visibility.withheld_from(self.model, viewer)
        )
        found._iterable_class = _Masked
        masked: Any = found.query.chain(_MaskedQuery)
        masked.reader = viewer
        found.query = masked
        return found

    def matching(self, text: str) -> Self:
        """Of the rows that a reader sees (after `visible_to`), those with every word in some text shown to that reader.

        Case makes no difference; at most ten words count. All rows where there is no word.
        """
        found = self.all()
        query: Any = found.query
        if not isinstance(query, _MaskedQuery):
            raise TypeError("Only rows read through visible_to can be searched: withheld text must not match.")
        shown = {
            column: visibility.shown(self.model, query.reader, name)
            for name, columns in self.model.WITHHOLDABLE.items()
            if visibility.is_withheld(self.model, query.reader, name)
            for column in columns
        }
        query.unlocked = True
        for word in text.replace("\0", " ").split()[:10]:
            query.add_q(
                visibility.any_of(
                    Q(**{f"{field}__icontains": word}) & shown.get(field, Q()) for field in self.model.text_fields()
                )
            )
        query.unlocked = False
        return found

    def changeable_by(self, viewer: Viewer) -> Self:
        """What somebody may change: whole rows, nothing masked."""
        self._refuse_if_masked()
        return self.filter(visibility.changeable_by(viewer))

    def own_to(self, viewer: Viewer) -> Self:
        """Rows of the very agencies that somebody is a member of, seen whole by a role there: for busy pages.

        Looking as somebody else, who may see only parts of them: show what is never withheld.
        """
        self._refuse_if_masked()
        return self.filter(visibility.own_to(self.model, viewer))

    def select_related(self, *names: Any) -> Self:
        """As Django's, but never into another record: its reader may not see that one."""
        for name in names:
            model: Any = self.model
            for step in str(name).split("__") if name else ():
                model = model._meta.get_field(step).related_model
                if issubclass(model, Record):
                    raise TypeError(f"{name} is a record of its own: read it through visible_to.")
        return super().select_related(*names)

    def update(self, **values: Any) -> int:
        self._refuse_if_masked()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_if_masked()
        return super().delete()

    def bulk_update(self, objs: Iterable[AnyRecord], *args: Any, **options: Any) -> int:
        self._refuse_if_masked()
        rows = list(objs)
        for row in rows:
            row.refuse_if_withheld()
        return super().bulk_update(rows, *args, **options)

    def __or__(self, other: Any) -> Self:
        self._refuse_if_masked(other)
        return super().__or__(other)

    def __and__(self, other: Any) -> Self:
        self._refuse_if_masked(other)
        return super().__and__(other)

    def __xor__(self, other: Any) -> Self:
        self._refuse_if_masked(other)
        return super().__xor__(other)

    def union(self, *others: Any, **options: Any) -> Self:
        self._refuse_if_masked(*others)
        return super().union(*others, **options)

    def intersection(self, *others: Any) -> Self:
        self._refuse_if_masked(*others)
        return super().intersection(*others)

    def difference(self, *others: Any) -> Self:
        self._refuse_if_masked(*others)
        return super().difference(*others)

    @property
    def _masked(self) -> bool:
        return isinstance(self.query, _MaskedQuery)

    def _refuse_if_masked(self, *others: Any) -> None:
        if any(isinstance(one.query, _MaskedQuery) for one in (self, *others)):
            raise TypeError("Rows read through visible_to are one reader's: they are neither changed nor joined.")


class Record(models.Model):
    """A row that belongs to an agency, is marked, and is shown to whom it is meant for."""

    class Audience(models.TextChoices):
        TEAM = "team", "Only the owning team (covert)"
        AGENCY = "agency", "The owning agency"
        AGREEMENTS = "agreements", "The owning agency, and partners by an agreement in force"
        EVERYONE = "everyone", "Everyone who signs in (OPEN records only)"

    # How agreements and the audit trail name the type.
    TYPE: ClassVar[str]
    # How pages name many of them, in the middle of a sentence.
    CALLED: ClassVar[str]
    # The name of the address of one's page, with its number as the argument; "" = no page of its own.
    PAGE: ClassVar[str] = ""
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
        self.refuse_if_withheld()
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        self.refuse_if_withheld()
        return super().delete(*args, **options)

    def refresh_from_db(self, using: str | None = None, fields: Any = None, from_queryset: Any = None) -> None:
        # Django reads fields that were put off through this as well.
        hidden = {column for name in self.withheld for column in self.WITHHOLDABLE[name]}
        if self.withheld and (fields is None or hidden.intersection(fields)):
            raise TypeError("A row with withheld fields is read again through visible_to.")
        super().refresh_from_db(using, fields, from_queryset)

    def refuse_if_withheld(self) -> None:
        """Raises TypeError for a row that a reader sees in part: saved, it would lose what that reader is not shown."""
        if self.withheld:
            raise TypeError("A row with withheld fields cannot be changed: read it through changeable_by.")

    @property
    def type(self) -> str:
        """How agreements and the audit trail name the type of this row."""
        return self.TYPE

    @classmethod
    def types_of_kinds(cls) -> dict[str, str]:
        """Of a table that holds rows of several types: the type of each value of its column `kind`. Else {}."""
        return {}

    @classmethod
    def asked_of(cls, agencies: Collection[int]) -> Q | None:
        """The rows in which some agencies are asked to take part, which they see for that; None = it has no such."""
        return None

    @classmethod
    def text_fields(cls) -> list[str]:
        """The fields with words that people wrote, which a search looks at."""
        return [
            field.name
            for field in cls._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField) and not field.choices
        ]

    @property
    def is_restricted(self) -> bool:
        """Whether each reading of it is audited: everything but what is open to all who sign in."""
        return self.audience != self.Audience.EVERYONE


def record_types() -> dict[str, type[Record]]:
    """Every type of record of the product, by how agreements and the audit trail name it."""
    return {model.TYPE: model for model in apps.get_models() if issubclass(model, Record) and "TYPE" in vars(model)}
