"""Addresses of the report."""

from django.urls import path

from reporting.views import changes, rehearsal, report, verify, versions

app_name = "reporting"

YEAR = "<slug:territory>/<int:number>/"
VERSION = YEAR + "versions/<int:version>/"

urlpatterns = [
    path("verifier/", verify.verify, name="verify"),
    path(YEAR + "rapport/", report.report, name="report"),
    path(YEAR + "rapport/fichier/", report.ask_file, name="ask_file"),
    path(YEAR + "rapport/repetition/", rehearsal.rehearsal, name="rehearsal"),
    path(YEAR + "rapport/repetition/tableur/", rehearsal.rehearsal_file, name="rehearsal_file"),
    path(YEAR + "rapport/repetition/justifier/", rehearsal.justify, name="justify"),
    path(
        YEAR + "rapport/repetition/justifications/<int:justification_id>/retirer/",
        rehearsal.withdraw,
        name="withdraw_justification",
    ),
    path(YEAR + "rapport/repetition/accepter/", rehearsal.accept_changes, name="accept_changes"),
    path(YEAR + "rapport/repetition/garder/", rehearsal.keep_changes, name="keep_changes"),
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
