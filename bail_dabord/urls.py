"""Addresses of the register: everything is under /<territory>/registres/bail-dabord/."""

from django.urls import include, path

from bail_dabord import imports, views
from logement import import_views

app_name = "bail_dabord"

urlpatterns = [
    path("", views.index, name="index"),
    path("menages/", views.households, name="households"),
    path("menages/ajouter/", views.add_household, name="add_household"),
    path("menages/export/", views.export, name="export"),
    path("menages/", include(import_views.addresses(imports.HOUSEHOLDS))),
    path("menages/<str:code>/", views.household, name="household"),
    path("menages/<str:code>/entree/", views.enter, name="enter"),
    path("menages/<str:code>/corriger/", views.correct, name="correct"),
    path("menages/<str:code>/effacer/", views.erase, name="erase"),
    path("menages/<str:code>/acte/<slug:slug>/", views.act, name="act"),
    path("chiffres/", views.counts, name="counts"),
    path("chiffres/<int:year>/", views.counts, name="counts_of_year"),
    path("<slug:slug>/", views.records, name="records"),
    path("<slug:slug>/ajouter/", views.add_record, name="add_record"),
    path("<slug:slug>/<int:pk>/", views.edit_record, name="edit_record"),
    path("<slug:slug>/<int:pk>/retirer/", views.remove_record, name="remove_record"),
]
