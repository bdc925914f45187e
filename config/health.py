"""Health checks, open to everybody: they say nothing but whether the product works."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from redis import RedisError


@never_cache
@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all; touches neither database nor cache."""
    return HttpResponse("live\n", content_type="text/plain")


@never_cache
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """200 while database and cache answer, else 503 naming what does not."""
    away = [name for name, answers in (("database", _database_answers), ("cache", _cache_answers)) if not answers()]
    if away:
        return HttpResponse(f"not ready: {', '.join(away)}\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.get("ready")
    except (RedisError, OSError):
        return False
    return True


app_name = "health"
urlpatterns = [
    path("healthz/live", live, name="live"),
    path("healthz/ready", ready, name="ready"),
]
