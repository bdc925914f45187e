from django.urls import path

from interventions.forms import views

urlpatterns = [
    path("activity/new/", views.choose, name="add"),
    path("activity/new/<slug:slug>/", views.add, name="add-to"),
    path("activity/<int:pk>/change/", views.change, name="change"),
]
