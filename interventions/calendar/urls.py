from django.urls import path

from interventions.calendar import views

urlpatterns = [
    path("activity/calendar/", views.calendar, name="calendar"),
    path("activity/calendar/feeds/", views.feeds, name="feeds"),
    path("activity/calendar/feeds/<int:pk>/revoke/", views.revoke_feed, name="feed-revoke"),
    path("activity/calendar/reminders/", views.reminders, name="reminders"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
]
