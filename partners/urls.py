from django.urls import path

from partners.views import account, agreements, audit, glass, jobs, keys, looking

app_name = "partners"
urlpatterns = [
    path("account/", account.account_page, name="account"),
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/new/", agreements.propose, name="propose-agreement"),
    path("agreements/<int:pk>/", agreements.agreement_page, name="agreement"),
    path("agreements/<int:replaces>/change/", agreements.propose, name="change-agreement"),
    path("agreements/<int:pk>/document/", agreements.document, name="agreement-document"),
    path("agreements/<int:pk>/accept/", agreements.take_step, {"step": "accept"}, name="accept-agreement"),
    path("agreements/<int:pk>/suspend/", agreements.take_step, {"step": "suspend"}, name="suspend-agreement"),
    path("agreements/<int:pk>/resume/", agreements.take_step, {"step": "resume"}, name="resume-agreement"),
    path("agreements/<int:pk>/end/", agreements.take_step, {"step": "end"}, name="end-agreement"),
    path("glass/", glass.glass, name="glass"),
    path("glass/<int:pk>/end/", glass.end, name="end-glass"),
    path("looking-as/", looking.look_as, name="looking-as"),
    path("looking-as/stop/", looking.stop, name="stop-looking"),
    path("agencies/<int:agency>/keys/", keys.key_list, name="keys"),
    path("agencies/<int:agency>/keys/new/", keys.new_key, name="new-key"),
    path("agencies/<int:agency>/keys/<int:pk>/rotate/", keys.rotate_key, name="rotate-key"),
    path("agencies/<int:agency>/keys/<int:pk>/revoke/", keys.revoke_key, name="revoke-key"),
    path("audit/", audit.audit_page, name="audit"),
    path("audit/events.csv", audit.audit_file, name="audit-file"),
    path("audit/of/<slug:kind>/<int:pk>/", audit.audit_of, name="audit-of"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:pk>/", jobs.job_page, name="job"),
]
