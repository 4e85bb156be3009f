"""Addresses of the scorecards."""

from django.urls import path

from scorecards.views import entry, measure, scorecard, unit

app_name = "scorecards"
urlpatterns = [
    path("units/", unit.index, name="unit-list"),
    path("choose-unit/", unit.choose, name="unit-choose"),
    path("units/<str:code>/", unit.dashboard, name="dashboard"),
    path("units/<str:code>/scorecard/", unit.tree, name="tree"),
    path("units/<str:code>/scorecard/<int:year>/history/", scorecard.history, name="scorecard-history"),
    path("entry/<str:code>/", entry.now, name="entry-now"),
    path("entry/<str:code>/<str:month>/", entry.index, name="entry"),
    path("entry/<str:code>/<str:month>/<int:pk>/", entry.row, name="entry-row"),
    path("measures/<int:pk>/", measure.detail, name="measure"),
    path("measures/<int:pk>/history/", measure.history, name="measure-history"),
    path("setup/scorecards/", scorecard.index, name="scorecard-list"),
    path("setup/scorecards/<str:code>/<int:year>/perspectives/", scorecard.perspectives, name="perspective-edit"),
    path("setup/scorecards/<str:code>/<int:year>/weights/", scorecard.weights, name="weight-edit"),
]
