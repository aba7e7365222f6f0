"""The addresses, in French."""

from allauth.account.views import login
from allauth.mfa.base.views import authenticate
from django.contrib import admin
from django.urls import include, path
from django.utils.module_loading import import_string
from django.views.i18n import JavaScriptCatalog

from logement import assistance_views, health_views, people_views, session_views, views
from logement.session_views import framed

handler400 = "logement.unsent.bad_request"

urlpatterns = [
    path("", import_string("axes.views.home.home"), name="home"),
    path("compte/email/", views.closed),
    path("compte/confirm-email/", views.closed),
    path("compte/confirm-email/<str:key>/", views.closed),
    path("compte/seconde-etape/", views.second_factor, name="second_factor"),
    path("compte/session/", session_views.session, name="session"),
    path("compte/session/prolonger/", session_views.prolong_session, name="prolong_session"),
    path("compte/session/ouverte/", session_views.signed_in, name="signed_in"),
    path("compte/login/", framed(login), name="account_login"),
    path("compte/2fa/authenticate/", framed(authenticate), name="mfa_authenticate"),
    path("compte/", include("allauth.urls")),
    path("administration/", admin.site.urls),
    path("langue/", JavaScriptCatalog.as_view(packages=["django_prose_editor"]), name="javascript_catalog"),
    path("confiance/", views.trust, name="trust"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("sante/", health_views.probe, name="health"),
    path("sante/details/", health_views.details, name="health_details"),
    path("taches/<uuid:job_id>/", views.job, name="job"),
    path("taches/<uuid:job_id>/fichier/", views.job_file, name="job_file"),
    path("taches/<uuid:job_id>/arreter/", views.cancel_job, name="cancel_job"),
    path("taches/<uuid:job_id>/relancer/", views.retry_job, name="retry_job"),
    path("territoires/nouveau/", views.add_territory, name="add_territory"),
    path("invite/<str:token>/", import_string("axes.views.answers.guest"), name="guest"),
    path("invitation/<str:token>/", people_views.invitation, name="invitation"),
    path("<slug:territory>/personnes/", people_views.people_of, name="people"),
    path("<slug:territory>/personnes/inviter/", people_views.invite, name="invite"),
    path(
        "<slug:territory>/personnes/invitations/<int:pk>/renvoyer/",
        people_views.resend_invitation,
        name="resend_invitation",
    ),
    path(
        "<slug:territory>/personnes/invitations/<int:pk>/retirer/",
        people_views.revoke_invitation,
        name="revoke_invitation",
    ),
    path("<slug:territory>/personnes/rattachements/<int:pk>/", people_views.attachment, name="attachment"),
    path("<slug:territory>/personnes/<int:pk>/", people_views.person, name="person"),
    path("<slug:territory>/personnes/<int:pk>/retirer/", people_views.end_membership, name="end_membership"),
    path("<slug:territory>/personnes/<int:pk>/debloquer/", people_views.unlock, name="unlock"),
    path(
        "<slug:territory>/personnes/<int:pk>/second-facteur/",
        people_views.remove_second_factor,
        name="remove_second_factor",
    ),
    path("<slug:territory>/assistance/", assistance_views.sessions, name="assistance"),
    path("<slug:territory>/assistance/ouvrir/", assistance_views.open_session, name="open_assistance"),
    path("<slug:territory>/assistance/terminer/", assistance_views.end_session, name="end_assistance"),
    path("<slug:territory>/assistance/<int:pk>/", assistance_views.session, name="assistance_session"),
    path("<slug:territory>/registres/bail-dabord/", include("bail_dabord.urls")),
    path("<slug:territory>/registres/prevention/", include("prevention.urls")),
    path("<slug:territory>/acces-aux-registres/", views.access_log, name="access_log"),
    path("<slug:territory>/conservation/", views.announced, name="announced"),
    path("", include("axes.urls")),
    path("", include("reporting.urls")),
]
