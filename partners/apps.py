from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Who?"""

    name = "partners"
    default_auto_field = "django.db.models.BigAutoField"
