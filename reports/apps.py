from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """What does it add up to?"""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"
