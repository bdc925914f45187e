from django.urls import include, path

from hotspots import views
from hotspots.register import drawing_views

app_name = "hotspots"
urlpatterns = [
    path("data/", views.data, name="data"),
    path("data/upload/", views.upload, name="upload"),
    path("data/templates/<slug:kind>.csv", views.template, name="template"),
    path("data/upload/<uuid:token>/", views.upload_preview, name="upload-preview"),
    path("data/imports/", views.imports, name="imports"),
    path("data/imports/<int:pk>/", views.import_run, name="import"),
    path("data/imports/files/<int:pk>/", views.imported_file, name="imported-file"),
    path("data/imports/files/<int:pk>/rejected.csv", views.rejected_rows, name="rejected-rows"),
    path("data/coverage/", views.coverage, name="coverage"),
    path("data/releases/<int:pk>/", views.releases, name="releases"),
    path("hotspots/", include("hotspots.register.urls")),
    path("hotspots/", include("hotspots.documents.urls")),
    path("hotspots/", include("hotspots.phases.urls")),
    path("hotspots/map-background/", drawing_views.map_background, name="map-background"),
    path("hotspots/<int:pk>/boundary/", drawing_views.redraw, name="redraw"),
    path("teams/", include("hotspots.teams.urls")),
]
