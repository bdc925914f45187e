from django.urls import path

from interventions.days import views

urlpatterns = [
    path("activity/days/", views.year, name="days"),
    path("activity/<int:pk>/answer/", views.answer, name="day-answer"),
    path("activity/<int:pk>/results/", views.results, name="day-results"),
    path("activity/<int:pk>/briefing/", views.briefing, name="day-briefing"),
    path("activity/<int:pk>/summary/", views.summary, name="day-summary"),
    path("activity/<int:pk>/summary.txt", views.summary_text, name="day-summary-text"),
]
