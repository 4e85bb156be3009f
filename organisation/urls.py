"""Addresses of the organisation."""

from django.urls import path

from organisation.views import audit, delegation, person, sign_in, unit

app_name = "organisation"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("account/", sign_in.account, name="account"),
    path("account/password/", sign_in.password, name="password"),
    path("account/preferences/", sign_in.preferences, name="preferences"),
    path("account/deputies/", delegation.index, name="delegation"),
    path("account/deputies/<int:pk>/end/", delegation.end, name="delegation-end"),
    path("setup/units/", unit.index, name="unit-list"),
    path("setup/new-unit/", unit.create, name="unit-create"),
    path("setup/units/<str:code>/", unit.edit, name="unit-edit"),
    path("setup/people/", person.index, name="person-list"),
    path("setup/new-person/", person.create, name="person-create"),
    path("setup/people/<int:pk>/", person.detail, name="person"),
    path("setup/people/<int:pk>/edit/", person.edit, name="person-edit"),
    path("setup/people/<int:pk>/password/", person.password, name="person-password"),
    path("setup/people/<int:pk>/roles/", person.grant, name="role-grant"),
    path("setup/roles/<int:pk>/end/", person.end_role, name="role-end"),
    path("setup/audit/", audit.index, name="audit-list"),
]
