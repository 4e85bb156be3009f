"""All addresses of the product."""

from django.urls import include, path

from grc_bsc import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz/", views.health, name="health"),
    path("components/", views.components, name="components"),
    path("api/", include("scorecards.api.urls")),
    path("", include("organisation.urls")),
    path("", include("communication.urls")),
    path("", include("scorecards.urls")),
    path("", include("staff.urls")),
]
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.failed
