from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HotspotsConfig(AppConfig):
    """Where, and what happened there?"""

    name = "hotspots"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hotspots import categories, queries
        from partners import areas

        areas.provide(queries.area_choices)
        post_migrate.connect(categories.sync, sender=self, dispatch_uid="hotspots.categories")
