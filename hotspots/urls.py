from django.urls import URLPattern

app_name = "hotspots"
urlpatterns: list[URLPattern] = []
