"""Addresses of the registers of prevention, under /<territory>/registres/prevention/."""

from django.urls import include, path

from logement import import_views
from prevention import views
from prevention.books import BOOKS

app_name = "prevention"


def of_book(book):
    """The list of a book and the import into it, whose names the engine knows: `prevention:supports`…"""
    name = book.importer.done_url.rpartition(":")[2]
    return [path("", views.rows, {"book": book.slug}, name=name), *import_views.addresses(book.importer)]


household = [
    path("contact/", views.add_contact, name="add_contact"),
    path("contact/<int:contact_id>/retirer/", views.remove_contact, name="remove_contact"),
    path("accompagnement/", views.start_follow_up, name="start_follow_up"),
    path("accompagnement/<int:follow_up_id>/fin/", views.end_follow_up, name="end_follow_up"),
]

urlpatterns = [
    path("", views.index, name="index"),
    *(path(f"{book.slug}/", include(of_book(book))) for book in BOOKS),
    path("<slug:book>/", views.rows, name="rows"),
    path("<slug:book>/ajouter/", views.add, name="add"),
    path("<slug:book>/exporter/", views.export, name="export"),
    path("<slug:book>/lignes/<slug:code>/", views.row, name="row"),
    path("<slug:book>/lignes/<slug:code>/effacer/", views.erase, name="erase"),
    path("<slug:book>/lignes/<slug:code>/acte/<slug:slug>/", views.act, name="act"),
    path("<slug:book>/lignes/<slug:code>/", include(household)),
]
