"""Addresses of the JSON door."""

from django.urls import path

from scorecards.api import scorecard

app_name = "api"
urlpatterns = [
    path("scorecards/<str:code>/<int:year>/", scorecard.document, name="document"),
    path("explanations/<str:code>/<str:period>/<str:window>/", scorecard.explanation, name="explanation"),
    path("scores/<str:code>/<str:period>/<str:window>/", scorecard.scores, name="scores"),
]
