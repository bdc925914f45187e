from django.urls import path

from interventions.tracker import views

urlpatterns = [
    path("activity/actions/", views.tracker, name="actions"),
    path("activity/actions/actions.csv", views.file, name="actions-csv"),
    path("activity/actions/new/", views.add, name="action-add"),
    path("activity/actions/<int:pk>/", views.action, name="action"),
]
