from django.urls import path

from interventions.year_plans import views

urlpatterns = [
    path("activity/<int:pk>/year/", views.board, name="year"),
    path("activity/<int:pk>/year/new/", views.add, name="year-item-new"),
    path("activity/<int:pk>/year/<int:item>/", views.change, name="year-item"),
    path("activity/<int:pk>/year/<int:item>/status/", views.status, name="year-item-status"),
    path("activity/<int:pk>/year/<int:item>/remove/", views.remove, name="year-item-remove"),
]
