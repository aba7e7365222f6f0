"""The pages of an import, the same for every list of every register: file, columns and preview, confirmation.

A register includes them under the address of its list, which begins by the territory:

    path("<slug:territory>/bail-dabord/candidatures/", include(import_views.addresses(REFERRALS)))
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logement import imports
from logement.access import requires
from logement.forms import ColumnsForm, UploadForm
from logement.models import PendingImport
from logement.roles import Permission as P
from logement.spreadsheets import SpreadsheetError, load, read_table, to_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 100  # lines of the preview that the page lists; all are counted


def addresses(importer):
    """The paths of an import; their names begin by `importer.url` (less its namespace)."""
    name = importer.url.rpartition(":")[2]
    given = {"importer": importer}
    return [
        path("importer/", upload, given, name=name),
        path("importer/modele.xlsx", model, given, name=f"{name}_model"),
        path("importer/<uuid:pending>/", preview, given, name=f"{name}_preview"),
        path("importer/<uuid:pending>/confirmer/", confirm, given, name=f"{name}_confirm"),
        path("importer/<uuid:pending>/abandonner/", give_up, given, name=f"{name}_give_up"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.EDIT_OWN_REGISTERS)
def upload(request, territory, importer):
    """First step: the file is read and checked; nothing is written in the register."""
    bodies = keepers_of(importer, request.user, territory)
    form = UploadForm(request.POST or None, request.FILES or None, organisations=bodies)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            table = read_table(file.read(), name=file.name, sheet=form.cleaned_data["sheet"])
        except SpreadsheetError as error:
            form.add_error("file", str(error))
        else:
            body = form.cleaned_data["organisation"]
            pending = imports.hold(importer, table, territory=territory, organisation=body, by=request.user)
            return redirect(f"{importer.url}_preview", territory.code, pending.pk)
    context = {
        "territory": territory,
        "importer": importer,
        "form": form,
        "urls": urls_of(importer, territory),
    }
    return render(request, "logement/import_upload.html", context, status=422 if form.errors else 200)


@require_safe
@requires(P.EDIT_OWN_REGISTERS)
def model(request, territory, importer):
    """An empty spreadsheet with the headings that are recognised."""
    keepers_of(importer, request.user, territory)
    content = to_xlsx({field.label: str for field in importer.fields}, (), title=importer.label)
    name = f"modele-{importer.url.rpartition(':')[2]}.xlsx"
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.EDIT_OWN_REGISTERS)
def preview(request, territory, importer, pending):
    """Second step: which column is what (a POST remembers it), and what the import would do."""
    pending = get_pending(request, territory, importer, pending)
    if request.method == "POST":
        form = ColumnsForm(request.POST, importer=importer, table=load(pending.content))
        if form.is_valid():
            imports.choose_columns(importer, pending, form.mapping)
            return redirect(f"{importer.url}_preview", territory.code, pending.pk)
        return render_preview(request, importer, pending, imports.preview(importer, pending), form=form)
    return render_preview(request, importer, pending, imports.preview(importer, pending))


@require_POST
@requires(P.EDIT_OWN_REGISTERS)
def confirm(request, territory, importer, pending):
    pending = get_pending(request, territory, importer, pending)
    try:
        found, done = imports.confirm(importer, pending, by=request.user, seen=request.POST.get("seen", ""))
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect(f"{importer.url}_preview", territory.code, pending.pk)
    if not done:
        return render_preview(request, importer, pending, found, is_refused=True)
    messages.success(
        request,
        f"Import terminé : {found.counts['new']} lignes ajoutées, {found.counts['changed']} modifiées, "
        f"{found.counts['same']} déjà à jour.",
    )
    return redirect(importer.done_url, territory.code)


@require_POST
@requires(P.EDIT_OWN_REGISTERS)
def give_up(request, territory, importer, pending):
    get_pending(request, territory, importer, pending).delete()
    messages.info(request, "L'import est abandonné : rien n'a été écrit, le fichier lu est effacé.")
    return redirect(importer.done_url, territory.code)


def keepers_of(importer, user, territory):
    """The organisations in whose name this person keeps the register; 404 when there is none."""
    keepers = importer.keepers(user, territory)
    if not keepers:
        raise Http404
    return keepers


def get_pending(request, territory, importer, key):
    """The import that this person began, in the name of an association for which they still act; else 404."""
    return get_object_or_404(
        PendingImport.objects.alive().select_related("territory", "organisation"),
        pk=key,
        register=importer.key,
        territory=territory,
        organisation__in=keepers_of(importer, request.user, territory),
        created_by=request.user,
    )


def render_preview(request, importer, pending, found, *, form=None, is_refused=False):
    faults = found.told("faults")
    lines = [line for line in found.lines if line.state in {"new", "changed"}]
    context = {
        "territory": pending.territory,
        "importer": importer,
        "pending": pending,
        "preview": found,
        "form": form or ColumnsForm(importer=importer, table=found.table, mapping=found.mapping),
        "faults": faults[:SHOWN],
        "more_faults": max(len(faults) - SHOWN, 0),
        "warnings": found.told("warnings")[:SHOWN],
        "lines": [(line, told_changes(importer, line)) for line in lines[:SHOWN]],
        "more_lines": max(len(lines) - SHOWN, 0),
        "is_refused": is_refused,
        "urls": urls_of(importer, pending.territory, pending),
    }
    return render(
        request,
        "logement/import_preview.html",
        context,
        status=422 if is_refused or (form and form.errors) else 200,
    )


def told_changes(importer, line):
    """[(label, before, after)] as the screen shows them."""
    return [
        (importer.field(name).label, imports.shown(before), imports.shown(after))
        for name, before, after in line.changes
        if line.before is not None or after is not None
    ]


def urls_of(importer, territory, pending=None):
    """The addresses that the templates link to."""
    steps = ("preview", "confirm", "give_up") if pending else ()
    own = {step: reverse(f"{importer.url}_{step}", args=[territory.code, pending.pk]) for step in steps}
    upload_url = reverse(importer.url, args=[territory.code])
    model_url = reverse(f"{importer.url}_model", args=[territory.code])
    return own | {
        "upload": upload_url,
        "model": model_url,
        "done": reverse(importer.done_url, args=[territory.code]),
    }
