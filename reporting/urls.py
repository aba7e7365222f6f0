"""Addresses of the report."""

from django.urls import path

from reporting.views import changes, inquiries, public, rehearsal, report, side_by_side, verify, versions

app_name = "reporting"

YEAR = "<slug:territory>/<int:number>/"
VERSION = YEAR + "versions/<int:version>/"

PUBLIC = "publications/" + YEAR

urlpatterns = [
    path("verifier/", verify.verify, name="verify"),
    path("territoires/", side_by_side.table, name="side_by_side"),
    path("territoires/fichier/<slug:file_format>/", side_by_side.file, name="side_by_side_file"),
    path("publications/", public.publications, name="publications"),
    path(PUBLIC, public.published, name="published"),
    path(PUBLIC + "fichiers/<slug:file_format>/", public.published_file, name="published_file"),
    path(PUBLIC + "<int:version>/", public.published, name="published_version"),
    path(
        PUBLIC + "<int:version>/fichiers/<slug:file_format>/",
        public.published_file,
        name="published_version_file",
    ),
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
    path(YEAR + "versions/publier/", versions.publish, name="publish"),
    path(YEAR + "versions/retirer-la-publication/", versions.withdraw, name="withdraw_publication"),
    path(YEAR + "versions/fichiers-publics/", versions.prepare_public_files, name="prepare_public_files"),
    path(VERSION, versions.version, name="version"),
    path(VERSION + "fichiers/", versions.prepare_files, name="prepare_files"),
    path(VERSION + "fichiers/<slug:file_format>/", versions.version_file, name="version_file"),
    path(YEAR + "demandes/", inquiries.inquiries, name="inquiries"),
    path(YEAR + "demandes/nouvelle/<slug:anchor>/", inquiries.ask, name="ask_inquiry"),
    path(YEAR + "demandes/<int:inquiry_id>/repondre/", inquiries.answer, name="answer_inquiry"),
    path(YEAR + "demandes/<int:inquiry_id>/retirer/", inquiries.withdraw, name="withdraw_inquiry"),
    path(VERSION + "chiffres/", versions.figures, name="version_figures"),
    path(YEAR + "changements/", changes.changes, name="changes"),
    path(YEAR + "changements/pdf/", changes.changes_pdf, name="changes_pdf"),
]
