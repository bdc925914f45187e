from django.urls import path

from interventions.attachments.urls import urlpatterns as attachments
from interventions.browse.urls import urlpatterns as browse
from interventions.bulk.urls import urlpatterns as bulk
from interventions.calendar.urls import urlpatterns as calendar
from interventions.days.urls import urlpatterns as days
from interventions.forms.urls import urlpatterns as forms
from interventions.law.urls import urlpatterns as law
from interventions.live.urls import urlpatterns as live
from interventions.phone.urls import urlpatterns as phone
from interventions.record.urls import urlpatterns as record
from interventions.renewal.urls import urlpatterns as renewal
from interventions.tracker.urls import urlpatterns as tracker
from interventions.views import counts, register
from interventions.year_plans.urls import urlpatterns as year_plans

app_name = "interventions"
urlpatterns = [
    path("activity/", register.register, name="register"),
    *(path(f"activity/activity.{kind}", register.file, {"kind": kind}, name="file") for kind in register.FILES),
    path("activity/counts/", counts.counts, name="counts"),
    path("activity/counts/publication.csv", counts.publication, name="publication"),
    *attachments,
    *browse,
    *bulk,
    *live,
    *record,
    *forms,
    *law,
    *days,
    *phone,
    *tracker,
    *renewal,
    *year_plans,
    *calendar,
]
