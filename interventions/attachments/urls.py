from django.urls import path

from interventions.attachments import views

urlpatterns = [
    path("activity/<int:pk>/attachments/", views.attachments, name="attachments"),
    path("activity/<int:pk>/attachments/<int:attachment>/", views.attachment, name="attachment"),
    path("activity/<int:pk>/attachments/<int:attachment>/remove/", views.remove_attachment, name="remove-attachment"),
]
