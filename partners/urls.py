from django.urls import path

from partners.views import jobs

app_name = "partners"
urlpatterns = [
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:pk>/", jobs.job_page, name="job"),
]
