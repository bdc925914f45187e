from django.urls import path

from interventions.browse import views

urlpatterns = [
    path("activity/registers/", views.index, name="registers"),
    path("activity/registers/<slug:slug>/", views.of_register, name="of-register"),
    *(
        path(f"activity/registers/<slug:slug>.{kind}", views.file, {"kind": kind}, name="register-file")
        for kind in views.FILES
    ),
]
