from django.urls import path

from hotspots.teams import views

urlpatterns = [
    path("", views.teams, name="teams"),
    path("new/", views.new_team, name="team-new"),
    path("import/", views.import_teams, name="teams-import"),
    path("template.csv", views.template_csv, name="teams-template"),
    path("teams.csv", views.teams_csv, name="teams-csv"),
    path("<int:pk>/", views.team, name="team"),
    path("<int:pk>/change/", views.change_team, name="team-change"),
    path("<int:pk>/correct/", views.correct_team, name="team-correct"),
    path("<int:pk>/days/", views.days, name="team-days"),
]
