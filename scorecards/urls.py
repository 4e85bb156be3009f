"""Addresses of the scorecards."""

from django.urls import path

from scorecards.views import adjustment, derivation, entry, measure, recompute, scorecard, target, tension, unit, whatif

app_name = "scorecards"
urlpatterns = [
    path("units/", unit.index, name="unit-list"),
    path("choose-unit/", unit.choose, name="unit-choose"),
    path("units/<str:code>/", unit.dashboard, name="dashboard"),
    path("units/<str:code>/scorecard/", unit.tree, name="tree"),
    path("units/<str:code>/scorecard/<int:year>/history/", scorecard.history, name="scorecard-history"),
    path("units/<str:code>/scorecard/<int:year>/explanation/", derivation.detail, name="derivation"),
    path("entry/<str:code>/", entry.now, name="entry-now"),
    path("entry/<str:code>/<str:month>/", entry.index, name="entry"),
    path("entry/<str:code>/<str:month>/<int:pk>/", entry.row, name="entry-row"),
    path("measures/<int:pk>/", measure.detail, name="measure"),
    path("measures/<int:pk>/history/", measure.history, name="measure-history"),
    path("measures/<int:pk>/edit/", measure.edit, name="measure-edit"),
    path("measures/<int:pk>/preview/", measure.preview, name="measure-preview"),
    path("targets/<str:code>/<int:year>/", target.edit, name="target-edit"),
    path("units/<str:code>/tensions/", tension.index, name="tensions"),
    path("tensions/<int:pk>/", tension.detail, name="tension"),
    path("units/<str:code>/adjustments/", adjustment.index, name="adjustments"),
    path("adjustments/<int:pk>/decide/", adjustment.decide, name="adjustment-decide"),
    path("setup/adjustment-items/", adjustment.catalogue, name="adjustment-items"),
    path("setup/adjustment-items/<int:pk>/", adjustment.edit_item, name="adjustment-item-edit"),
    path("setup/recompute/", recompute.index, name="recompute"),
    path("setup/recompute/<int:pk>/", recompute.detail, name="recompute-job"),
    path("setup/recompute/<int:pk>/cancel/", recompute.cancel, name="recompute-cancel"),
    path("what-if/<str:code>/<int:year>/", whatif.edit, name="what-if"),
    path("setup/scorecards/", scorecard.index, name="scorecard-list"),
    path("setup/scorecards/<str:code>/<int:year>/perspectives/", scorecard.perspectives, name="perspective-edit"),
    path("setup/scorecards/<str:code>/<int:year>/rules/", scorecard.rules, name="rules-edit"),
    path("setup/scorecards/<str:code>/<int:year>/weights/", scorecard.weights, name="weight-edit"),
]
