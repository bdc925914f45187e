from django.urls import path

from interventions.live import views

urlpatterns = [path("activity/live/", views.here, name="live")]
