from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InterventionsConfig(AppConfig):
    """What do we do about it?"""

    name = "interventions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from interventions.law import shipped

        post_migrate.connect(shipped.sync, sender=self, dispatch_uid="interventions.law")
