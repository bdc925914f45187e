from django.urls import path

from partners.views import account, jobs

app_name = "partners"
urlpatterns = [
    path("account/", account.account_page, name="account"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:pk>/", jobs.job_page, name="job"),
]
