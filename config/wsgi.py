"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.checks import refuse_weak_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
refuse_weak_settings()
# Views, and what they import, are loaded before the first readers come, who would wait for seconds.
get_resolver().url_patterns  # noqa: B018 - asked for to be loaded
