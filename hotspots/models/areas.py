"""Areas and their shapes, dated; which lies in which; residents and postcodes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AreaManager(models.Manager["Area"]):
    """All areas but drawn ones: where a hotspot is may be restricted, so only a hotspot that one sees leads there."""

    def get_queryset(self) -> models.QuerySet[Area]:
        return super().get_queryset().exclude(kind__in=DRAWN)


class Area(models.Model):
    """One place as an identity. Its shapes and memberships are dated rows of their own.

    `objects` leaves out the areas of hotspots and rings.
    """

    class Kind(models.TextChoices):
        COUNTRY = "country", "Country"
        FORCE = "force", "Police force"
        BCU = "bcu", "Basic command unit"
        BOROUGH = "borough", "Borough"
        WARD = "ward", "Ward"
        LSOA = "lsoa", "LSOA"
        HOTSPOT = "hotspot", "Hotspot"
        RING = "ring", "Ring"

    kind = models.CharField(max_length=10, choices=Kind)
    # GSS code; for forces the police.uk slug.
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=150)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    # In force from this day, until (not including) that day; None = no known limit.
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    # Of a borough: its home publisher (`coverage.area_publishers`), kept whenever summaries are made. None = nobody who
    # polices it has published anything.
    home = models.ForeignKey("Publisher", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AreaManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gt=models.F("valid_from")),
                name="area_valid_from_before_to",
            )
        ]
        indexes = [
            # Wards of a borough; every list of areas of one kind by name.
            models.Index(fields=["kind", "parent", "name"], name="area_kind_parent_name"),
        ]

    def __str__(self) -> str:
        return self.name


DRAWN = (Area.Kind.HOTSPOT, Area.Kind.RING)
PUBLISHED = tuple(kind for kind in Area.Kind if kind not in DRAWN)


class BoundaryQuerySet(models.QuerySet["Boundary"]):
    def published(self) -> BoundaryQuerySet:
        """All but those of hotspots and rings: see `AreaManager`."""
        return self.exclude(area__kind__in=DRAWN)


class Boundary(models.Model):
    """One shape of an area, in force over some dates. WGS84 longitude, latitude."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="boundaries")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    # Full detail as WKB: what points are placed by.
    shape = models.BinaryField()
    # Simplified together with its neighbours (no gaps), as a GeoJSON geometry: what browsers are sent.
    outline = models.JSONField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    source = models.CharField(max_length=200)

    objects = BoundaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "boundaries"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "valid_from"], nulls_distinct=False, name="one_boundary_from_a_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area} from {self.valid_from or 'always'}"


class AreaMembership(models.Model):
    """One LSOA's share in a ward (or other larger area), as a published lookup gives it.

    `weight` is between 0 and 1: the share of the child's residents who live in the parent; 1 where the lookup is
    best fit. `valid_from` is the first day of the months the row speaks for; None = since ever.
    """

    child = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="memberships")
    parent = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="members")
    weight = models.FloatField(default=1.0)
    valid_from = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "parent", "valid_from"],
                nulls_distinct=False,
                name="one_membership_from_a_date",
            ),
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=1), name="membership_weight_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.child} in {self.parent}"


class Population(models.Model):
    """Usual residents of one area in one year."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="populations")
    year = models.PositiveSmallIntegerField()
    residents = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "year"], name="one_population_a_year")]

    def __str__(self) -> str:
        return f"{self.area} {self.year}: {self.residents}"


class PostcodeDistrict(models.Model):
    """How many postcodes of one district ("RM3", a postcode's first half) lie in one ward. Whole ones are not kept."""

    outward = models.CharField(max_length=4)
    ward = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="postcode_districts")
    postcodes = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outward", "ward"], name="one_row_a_district_and_ward")]

    def __str__(self) -> str:
        return f"{self.outward} in {self.ward}"
