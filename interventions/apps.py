from django.apps import AppConfig


class InterventionsConfig(AppConfig):
    """What do we do about it?"""

    name = "interventions"
    default_auto_field = "django.db.models.BigAutoField"
