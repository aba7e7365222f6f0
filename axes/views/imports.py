"""Reports written elsewhere, taken into the plan: given, listed, kept, and saved once they are reviewed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from axes.doors import import_page
from axes.import_forms import GivenFileForm, SavingForm
from axes.imports import ReportFileError, keeping, saving
from axes.imports.documents import DocumentError, read_document
from axes.imports.review import Review
from axes.models import ReportImport
from axes.progress import count_words
from axes.views.answers import download
from axes.views.plan import status_of
from logement.access import requires
from logement.forms import refuse
from logement.roles import Permission as P


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.IMPORT_REPORT)
def index(request, territory):
    """The reports given so far, and the place to give one: it is read at once, and nothing of it is in the plan."""
    is_posted = request.method == "POST"
    form = GivenFileForm(
        request.POST if is_posted else None, request.FILES if is_posted else None, territory=territory
    )
    if is_posted and form.is_valid():
        file = form.cleaned_data["file"]
        raw = file.read()
        try:
            document = read_document(raw, name=file.name)
        except DocumentError as error:
            form.add_error("file", str(error))
        else:
            report = keeping.give(
                territory=territory,
                document=document,
                raw=raw,
                by=request.user,
                compared_to=form.cleaned_data["compared_to"],
            )
            return redirect("axes:review_import", territory.code, report.pk)
    reports = ReportImport.objects.filter(territory=territory).select_related("given_by", "year", "territory")
    context = {"territory": territory, "form": form, "reports": reports.light()}
    return render(request, "axes/imports.html", context, status=status_of(form))


@require_safe
@import_page
def file(request, report):
    return download(report.file, name=report.name, media_type=report.media_type)


@require_http_methods(["GET", "HEAD", "POST"])
@import_page
def save(request, report):
    """What will be written, then all of it in the plan, or nothing."""
    if report.is_saved or not report.is_understood or report.compared_to_id:
        return redirect("axes:review_import", report.territory.code, report.pk)
    review, changed = Review(report), ""
    is_posted = request.method == "POST"
    form = SavingForm(request.POST if is_posted else None, initial={"number": review.understanding.year})
    if is_posted and form.is_valid():
        try:
            year, counts = saving.save_import(
                report=report,
                number=form.cleaned_data["number"],
                seen=request.POST.get("seen", ""),
                by=request.user,
            )
        except saving.Changed as error:
            changed = str(error)
        except ReportFileError as error:
            form.add_error(None, list(error.errors))
        except ValidationError as error:
            refuse(form, ValidationError(error.messages))
        else:
            messages.success(
                request,
                f"Le rapport est enregistré dans l'exercice {year.number}, avec "
                f"{count_words(counts['taken'], 'chiffre', 'chiffres') or 'aucun chiffre'}, dont "
                f"{count_words(counts['linked'], 'cité dans sa phrase', 'cités dans leur phrase') or 'aucun cité'}.",
            )
            return redirect("axes:axes", year.territory.code, year.number)
    context = {"report": report, "review": review, "form": form, "changed": changed}
    return render(request, "axes/import_save.html", context, status=409 if changed else status_of(form))


@require_POST
@import_page
def give_up(request, report):
    """A report that was saved is evidence: it stays."""
    if report.is_saved:
        messages.error(request, "Ce rapport est enregistré dans un exercice : son fichier reste comme pièce.")
        return redirect("axes:review_import", report.territory.code, report.pk)
    keeping.give_up(report=report, by=request.user)
    messages.info(request, "La reprise est abandonnée : rien n'a été écrit, le fichier est effacé.")
    return redirect("axes:imports", report.territory.code)
