from django.urls import path

from interventions.renewal import views

urlpatterns = [
    path("activity/<int:pk>/renewal/", views.renewal, name="renewal"),
    path("activity/<int:pk>/renewal/<int:step>/", views.step, name="renewal-step"),
]
