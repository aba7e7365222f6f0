"""Addresses of the report."""

from django.urls import path

from reporting import views

app_name = "reporting"

urlpatterns = [
    path("<slug:territory>/<int:number>/rapport/", views.report, name="report"),
    path("<slug:territory>/<int:number>/rapport/fichier/", views.ask_file, name="ask_file"),
    path(
        "<slug:territory>/<int:number>/bilans/<int:pk>/envois/<int:rank>/recepisse/",
        views.receipt,
        name="receipt",
    ),
]
