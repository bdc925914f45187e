from django.urls import path

from hotspots.register import views

urlpatterns = [
    path("", views.places, name="places"),
    path("places.csv", views.places_csv, name="places-csv"),
    path("new/", views.new_place, name="new-place"),
    path("<int:pk>/change/", views.change_place, name="change-place"),
    path("<int:pk>/status/", views.status, name="status"),
]
