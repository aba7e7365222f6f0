"""The spreadsheet road of a submission: download, give back, look, then save everything or nothing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from axes.doors import submission_page
from axes.sheet_form import SheetForm
from axes.submissions import moves, sheets
from axes.submissions.answers import is_editable
from logement.models import PendingImport
from logement.spreadsheets import SpreadsheetError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KIND = "axes.submission"
SHOWN = 200  # rows of each list that the preview shows; all are counted


@require_safe
@submission_page
def download(request, submission, party):
    return workbook(submission, sheets.write(submission), "bilan")


@require_http_methods(["GET", "HEAD", "POST"])
@submission_page
def upload(request, submission, party):
    """First step: the workbook is read and kept for a moment; no answer changes."""
    questions = list(moves.questions_of(submission))
    is_open = any(is_editable(question, submission) for question in questions)
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if request.method == "POST" and not is_open:
        form.fields.clear()  # the page shows none
        form.add_error(None, "Ce bilan ne se modifie pas en ce moment : le tableur n'a pas été lu.")
    elif request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            filled = sheets.read(file.read(), name=file.name, submission=submission)
        except SpreadsheetError as error:
            form.add_error("file", str(error))
        else:
            pending = hold(submission, filled, party)
            return redirect("axes:preview_sheet", *submission.address, pending.pk)
    context = {
        "submission": submission,
        "year": submission.campaign.year,
        "form": form,
        "is_open": is_open,
        "has_documents": any(question.is_documents for question in questions),
    }
    return render(request, "axes/sheet_upload.html", context, status=422 if form.errors else 200)


@require_safe
@submission_page
def preview(request, submission, party, pending):
    pending = get_object_or_404(held_for(submission, party), pk=pending)
    return render_preview(
        request, submission, pending, sheets.preview(submission, sheets.load(pending.content))
    )


@require_POST
@submission_page
def confirm(request, submission, party, pending):
    """Second step. A second click finds the work done: it is told so, and nothing is written twice."""
    held = held_for(submission, party).filter(pk=pending).first()
    if held is None:
        messages.info(request, "Cet aperçu n'existe plus : ses réponses sont enregistrées, ou il a expiré.")
        return redirect("axes:fill", *submission.address)
    try:
        found, done = sheets.confirm(
            submission=submission,
            pending=held,
            seen=request.POST.get("seen", ""),
            by=party.user,
            organisation=party.organisation,
        )
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("axes:preview_sheet", *submission.address, pending)
    if not done:
        return render_preview(request, submission, held, found, is_refused=True)
    count = len(found.changes)
    messages.success(request, f"{count} réponses enregistrées." if count > 1 else "Une réponse enregistrée.")
    return redirect("axes:fill", *submission.address)


@require_POST
@submission_page
def cancel(request, submission, party, pending):
    held_for(submission, party).filter(pk=pending).delete()
    messages.info(request, "Rien n'a été enregistré ; le fichier lu est effacé.")
    return redirect("axes:upload_sheet", *submission.address)


@require_safe
@submission_page
def faults(request, submission, party, pending):
    """What was typed, with the wrong cells in red and a comment on each."""
    pending = get_object_or_404(held_for(submission, party), pk=pending)
    filled = sheets.load(pending.content)
    found = sheets.preview(submission, filled)
    told = {}
    for item in found.items:
        for fault in item.faults:
            told.setdefault((item.row.key, fault.code), fault.sentence)
    return workbook(submission, sheets.write(submission, filled=filled, faults=told), "a-corriger")


def workbook(submission, content, word):
    name = f"{word}-{submission.campaign.year.number}-{slugify(submission.organisation.name)[:60]}.xlsx"
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def hold(submission, filled, party):
    return PendingImport.objects.create(
        register=f"{KIND}.{submission.pk}",
        territory=submission.campaign.year.territory,
        organisation=submission.organisation,
        created_by=party.user,
        content=sheets.dump(filled),
    )


def held_for(submission, party):
    """The workbooks that this person gave for this submission, less those that expired."""
    return PendingImport.objects.alive().filter(
        register=f"{KIND}.{submission.pk}",
        territory=submission.campaign.year.territory_id,
        organisation=submission.organisation_id,
        created_by=party.user,
    )


def render_preview(request, submission, pending, found, *, is_refused=False):
    context = {
        "submission": submission,
        "year": submission.campaign.year,
        "pending": pending,
        "preview": found,
        "changes": found.changes[:SHOWN],
        "faults": found.faults[:SHOWN],
        "warnings": found.warnings[:SHOWN],
        "is_refused": is_refused,
        "life": PendingImport.LIFE.seconds // 3600,
    }
    return render(request, "axes/sheet_preview.html", context, status=409 if is_refused else 200)
