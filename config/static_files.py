"""Which static files are served: the product's own, and of the libraries' only what it uses. Fonts are for pictures."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Django's, without the pages of libraries that this product does not show."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "redoc",
        "rest_framework",
        "ext",
        "htmx-4*",
        "htmax-4*",
        "fonts",
    ]
