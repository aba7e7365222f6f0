"""The addresses, in French."""

from django.contrib import admin
from django.urls import include, path
from django.utils.module_loading import import_string
from django.views.i18n import JavaScriptCatalog

from logement import views

urlpatterns = [
    path("", import_string("axes.views.home.home"), name="home"),
    path("compte/", include("allauth.urls")),
    path("administration/", admin.site.urls),
    path("langue/", JavaScriptCatalog.as_view(packages=["django_prose_editor"]), name="javascript_catalog"),
    path("taches/<uuid:job_id>/", views.job, name="job"),
    path("taches/<uuid:job_id>/fichier/", views.job_file, name="job_file"),
    path("taches/<uuid:job_id>/arreter/", views.cancel_job, name="cancel_job"),
    path("territoires/nouveau/", views.add_territory, name="add_territory"),
    path("invite/<str:token>/", import_string("axes.views.answers.guest"), name="guest"),
    path("<slug:territory>/registres/bail-dabord/", include("bail_dabord.urls")),
    path("<slug:territory>/registres/prevention/", include("prevention.urls")),
    path("<slug:territory>/acces-aux-registres/", views.access_log, name="access_log"),
    path("<slug:territory>/conservation/", views.announced, name="announced"),
    path("", include("axes.urls")),
    path("", include("reporting.urls")),
]
