"""Addresses of the report."""

from django.urls import path

from reporting.views import changes, report, verify, versions

app_name = "reporting"

YEAR = "<slug:territory>/<int:number>/"
VERSION = YEAR + "versions/<int:version>/"

urlpatterns = [
    path("verifier/", verify.verify, name="verify"),
    path(YEAR + "rapport/", report.report, name="report"),
    path(YEAR + "rapport/fichier/", report.ask_file, name="ask_file"),
    path(YEAR + "bilans/<int:pk>/envois/<int:rank>/recepisse/", report.receipt, name="receipt"),
    path(YEAR + "versions/", versions.versions, name="versions"),
    path(YEAR + "versions/transmettre/", versions.transmit, name="transmit"),
    path(YEAR + "versions/definitif/", versions.finalise, name="finalise"),
    path(YEAR + "versions/rouvrir/", versions.reopen, name="reopen"),
    path(VERSION, versions.version, name="version"),
    path(VERSION + "fichiers/", versions.prepare_files, name="prepare_files"),
    path(VERSION + "fichiers/<slug:file_format>/", versions.version_file, name="version_file"),
    path(YEAR + "changements/", changes.changes, name="changes"),
    path(YEAR + "changements/pdf/", changes.changes_pdf, name="changes_pdf"),
]
