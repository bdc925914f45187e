from django.urls import path

from interventions.record import views

urlpatterns = [
    path("activity/<int:pk>/", views.detail, name="detail"),
    path("activity/<int:pk>/status/", views.status, name="status"),
]
