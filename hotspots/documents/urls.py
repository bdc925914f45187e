from django.urls import path

from hotspots.documents import views

urlpatterns = [
    path("<int:pk>/documents/", views.documents, name="documents"),
    path("<int:pk>/documents/<int:document>/", views.document, name="document"),
    path("<int:pk>/documents/<int:document>/remove/", views.remove_document, name="remove-document"),
]
