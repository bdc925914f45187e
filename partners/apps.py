from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Who?"""

    name = "partners"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config import checks  # noqa: F401 - registers the checks of settings
