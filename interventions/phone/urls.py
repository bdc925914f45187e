from django.urls import path

from interventions.phone import views

urlpatterns = [path("activity/pspo-action/", views.log, name="phone")]
