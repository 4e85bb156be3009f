"""Addresses of communication."""

from django.urls import path

from communication.views import inbox, thread

app_name = "communication"
urlpatterns = [
    path("inbox/", inbox.index, name="inbox"),
    path("inbox/news/", inbox.news, name="news"),
    path("inbox/done/", inbox.done, name="done"),
    path("inbox/count/", inbox.count, name="inbox-count"),
    path("inbox/read/", inbox.read, name="inbox-read"),
    path("inbox/preferences/", inbox.preferences, name="inbox-preferences"),
    path("talk/<str:kind>/<str:key>/", thread.index, name="talk"),
    path("threads/<int:pk>/answer/", thread.answer, name="thread-answer"),
    path("threads/<int:pk>/settle/", thread.settle, name="thread-settle"),
]
