from django.urls import path

from interventions.renewal.urls import urlpatterns as renewal
from interventions.views import counts, record, register
from interventions.year_plans.urls import urlpatterns as year_plans

app_name = "interventions"
urlpatterns = [
    path("activity/", register.register, name="register"),
    *(path(f"activity/activity.{kind}", register.file, {"kind": kind}, name="file") for kind in register.FILES),
    path("activity/new/", record.add, name="add"),
    path("activity/counts/", counts.counts, name="counts"),
    path("activity/counts/publication.csv", counts.publication, name="publication"),
    path("activity/<int:pk>/", record.detail, name="detail"),
    path("activity/<int:pk>/change/", record.change, name="change"),
    path("activity/<int:pk>/status/", record.status, name="status"),
    *renewal,
    *year_plans,
]
