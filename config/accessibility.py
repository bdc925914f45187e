"""The accessibility statement, open to everybody as the regulations ask."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


@login_not_required
def statement(request: HttpRequest) -> HttpResponse:
    """How far everybody can use the product, and where to complain."""
    return render(request, "accessibility.html")


app_name = "accessibility"
urlpatterns = [path("accessibility/", statement, name="statement")]
