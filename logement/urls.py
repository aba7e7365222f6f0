"""The addresses, in French."""

from django.contrib import admin
from django.urls import include, path

from logement import views

urlpatterns = [
    path("", views.home, name="home"),
    path("compte/", include("allauth.urls")),
    path("administration/", admin.site.urls),
    path("taches/<uuid:job_id>/", views.job, name="job"),
    path("taches/<uuid:job_id>/fichier/", views.job_file, name="job_file"),
    path("", include("axes.urls")),
    path("", include("reporting.urls")),
]
