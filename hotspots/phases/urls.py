from django.urls import path

from hotspots.phases import views

urlpatterns = [
    path("gate-questions/", views.questions, name="gate-questions"),
    path("gate-questions/<slug:phase>/add/", views.add_question, name="gate-question-add"),
    path("gate-questions/<int:pk>/reword/", views.reword_question, name="gate-question-reword"),
    path("gate-questions/<int:pk>/move/", views.move_question, name="gate-question-move"),
    path("gate-questions/<int:pk>/retire/", views.retire_question, name="gate-question-retire"),
    path("<int:pk>/phases/", views.phases, name="phases"),
    path("<int:pk>/phases/start/", views.start, name="phase-start"),
    path("<int:pk>/phases/<int:period>/change/", views.change, name="phase-change"),
    path("<int:pk>/phases/<int:period>/stop/", views.stop, name="phase-stop"),
    path("<int:pk>/phases/<int:period>/remove/", views.remove, name="phase-remove"),
]
