from django.urls import path

from interventions.bulk import views

urlpatterns = [
    path("activity/registers/<slug:slug>/upload/", views.upload, name="upload"),
    path("activity/registers/<slug:slug>/template.csv", views.template, name="upload-template"),
]
