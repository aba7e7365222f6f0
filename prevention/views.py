"""The pages of the registers. An association reads its own rows; the lead, how many there are; nobody else anything."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logement import audit
from logement.access import requires
from logement.forms import ExportForm
from logement.locking import Conflict
from logement.models import AccessLog
from logement.roles import Permission as P
from logement.spreadsheets import to_xlsx
from logement.tables import arrange
from prevention import workflow
from prevention.books import BOOKS, book_named
from prevention.forms import ContactForm, EndFollowUpForm, EraseForm, StartFollowUpForm
from prevention.models import FollowUp, Register

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STALE = "Cette ligne vient d'être modifiée par quelqu'un d'autre : relisez-la, puis recommencez."


def book_page(permission):
    """Opens a view `(request, territory, book, registers, …)` to who keeps a register of that book here."""

    def decorate(view):
        @requires(permission)
        @wraps(view)
        def opened(request, territory, book, *args, **kwargs):
            found = book_named(book)
            registers = own_registers(request, territory, found.scheme) if found else []
            if not registers:
                raise Http404
            return view(request, territory, found, registers, *args, **kwargs)

        return opened

    return decorate


def own_registers(request, territory, scheme):
    registers = Register.objects.visible_to(request.user).filter(territory=territory, scheme=scheme)
    return list(registers.select_related("organisation", "territory"))


def living(request, book, registers):
    return book.rows().living().visible_to(request.user).filter(register__in=registers)


def get_row(request, book, registers, code):
    return get_object_or_404(living(request, book, registers), code=code)


def log(request, act, territory, book, registers, **details):
    audit.log_access(
        by=request.user,
        act=act,
        register=book.title,
        territory=territory,
        organisation=registers[0].organisation if len(registers) == 1 else None,
        **details,
    )


def posted(request):
    return request.POST if request.method == "POST" else None


# --- Lists ---


@require_safe
@requires((P.VIEW_OWN_REGISTERS, P.VIEW_REGISTER_COUNTS))
def index(request, territory):
    """The registers that one keeps; for the lead, who keeps them and how many rows each holds."""
    own = Register.objects.visible_to(request.user).filter(territory=territory)
    counts_all = request.user.may(P.VIEW_REGISTER_COUNTS, territory)
    kept = Register.objects.filter(territory=territory, is_open=True) if counts_all else own
    registers, schemes = list(kept.select_related("organisation")), set(own.values_list("scheme", flat=True))
    shown = [
        {
            "book": book,
            "registers": [register for register in registers if register.scheme == book.scheme],
            "count": book.model.objects.filter(register__in=kept).count(),
            "is_own": book.scheme in schemes,
        }
        for book in BOOKS
    ]
    context = {"territory": territory, "books": [found for found in shown if found["registers"]]}
    return render(request, "prevention/index.html", context)


@require_safe
@book_page(P.VIEW_OWN_REGISTERS)
def rows(request, territory, book, registers):
    filterset = book.filter(request.GET, queryset=living(request, book, registers))
    table = book.table(filterset.qs, book=book, territory=territory, registers=registers)
    arrange(table, request, per_page=50)
    filterset.form.is_valid()
    filters = {
        name: value for name, value in filterset.form.cleaned_data.items() if value not in EMPTY_VALUES
    }
    told = ", ".join(f"{name} : {value}" for name, value in filters.items() if name != "code")
    count = table.page.paginator.count
    log(request, AccessLog.Act.LIST, territory, book, registers, rows=count, detail=told)
    context = {
        "territory": territory,
        "book": book,
        "filter": filterset,
        "table": table,
        "count": count,
        "is_filtered": bool(filters),
        "may_edit": request.user.may(P.EDIT_OWN_REGISTERS, territory),
        "import_url": reverse(book.importer.url, args=[territory.code]),
    }
    return render(request, "prevention/rows.html", context)


@require_http_methods(["GET", "POST"])
@book_page(P.EDIT_OWN_REGISTERS)
def export(request, territory, book, registers):
    """The rows of the list as a spreadsheet, once its reader said what for: the journal keeps it."""
    form = ExportForm(posted(request))
    if request.method != "POST" or not form.is_valid():
        return render_form(request, territory, book, form, title="Exporter", act="Exporter en XLSX")
    exported = list(book.exported(living(request, book, registers)))
    reason = form.cleaned_data["reason"]
    log(request, AccessLog.Act.EXPORT, territory, book, registers, rows=len(exported), reason=reason)
    content = to_xlsx(book.columns(), exported, title=book.title)
    name = f"{book.slug}-{timezone.localdate():%Y-%m-%d}.xlsx"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=disposition)


# --- Writing ---


@require_http_methods(["GET", "POST"])
@book_page(P.EDIT_OWN_REGISTERS)
def add(request, territory, book, registers):
    """Quick entry: once a row is written, the same form comes back for the next one."""
    form = book.form(posted(request), registers=registers)
    if request.method == "POST" and form.is_valid():
        row = book.record(form)
        words = (
            f"C'est enregistré sous le code {row.shown_code}. Notez chez vous à quel ménage il correspond."
        )
        messages.success(request, words)
        if "more" in request.POST:
            return redirect(request.path)
        return redirect("prevention:row", territory.code, book.slug, row.code)
    options = {"title": book.add_label, "act": "Enregistrer", "has_more": True}
    return render_form(request, territory, book, form, **options)


@require_safe
@book_page(P.VIEW_OWN_REGISTERS)
def row(request, territory, book, registers, code):
    found = get_row(request, book, registers, code)
    prefetch_related_objects([found], *book.details)
    log(request, AccessLog.Act.ROW, territory, book, [found.register], rows=1)
    context = {
        "territory": territory,
        "book": book,
        "row": found,
        "acts": [act for act in book.acts if act.is_open(found)],
        "may_edit": request.user.may(P.EDIT_OWN_REGISTERS, territory),
    }
    return render(request, book.template, context)


@require_http_methods(["GET", "POST"])
@book_page(P.EDIT_OWN_REGISTERS)
def act(request, territory, book, registers, code, slug):
    """An act with its date, or (« corriger ») the correction of the whole row."""
    found = get_row(request, book, registers, code)
    chosen = book.act(slug)
    if chosen and not chosen.is_open(found):
        messages.info(request, "C'est déjà noté.")
        return redirect("prevention:row", territory.code, book.slug, code)
    if chosen is None and (slug != "corriger" or not book.acts):
        raise Http404
    options = {} if chosen else {"registers": registers}
    form = (chosen.form if chosen else book.form)(posted(request), instance=found, **options)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            workflow.change(row=form.instance, version=version_of(request), fields=list(form.fields))
        except ValidationError as error:
            form.add_error(None, error)
        except Conflict as conflict:
            form.add_error(None, STALE)
            found, status = conflict.current, 409
        else:
            messages.success(request, "C'est enregistré.")
            return redirect("prevention:row", territory.code, book.slug, code)
    title = chosen.label if chosen else "Corriger"
    extra = {"version": found.version, "row": found, "status": status}
    return render_form(request, territory, book, form, title=title, act="Enregistrer", **extra)


def version_of(request):
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


@require_http_methods(["GET", "POST"])
@book_page(P.EDIT_OWN_REGISTERS)
def erase(request, territory, book, registers, code):
    """A household asked to be erased: its code and its days go, the yearly counts stay."""
    found = get_row(request, book, registers, code)
    form = EraseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            workflow.erase(row=found, kept=book.kept, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Le ménage est effacé : il ne reste que des années et des nombres.")
            return redirect("prevention:rows", territory.code, book.slug)
    options = {"title": "Effacer à la demande du ménage", "act": "Effacer", "row": found, "is_danger": True}
    return render_form(request, territory, book, form, **options)


# --- The contacts and the supports of a household of the platform ---


def platform_page(view):
    """Opens a view `(request, territory, book, registers, household)` of the platform alone."""

    @book_page(P.EDIT_OWN_REGISTERS)
    @wraps(view)
    def opened(request, territory, book, registers, code, **kwargs):
        if book.acts:
            raise Http404
        household = get_row(request, book, registers, code)
        return view(request, territory, book, registers, household, **kwargs)

    return opened


@require_http_methods(["GET", "POST"])
@platform_page
def add_contact(request, territory, book, registers, household):
    form = ContactForm(posted(request), registers=registers, household=household)
    if request.method == "POST" and form.is_valid():
        workflow.add_contact(**form.contact())
        messages.success(request, "Le contact est enregistré.")
        return redirect("prevention:row", territory.code, book.slug, household.code)
    options = {"title": "Nouveau contact", "act": "Enregistrer", "row": household}
    return render_form(request, territory, book, form, **options)


@require_http_methods(["GET", "POST"])
@platform_page
def start_follow_up(request, territory, book, registers, household):
    form = StartFollowUpForm(posted(request), instance=FollowUp(household=household))
    if request.method == "POST" and form.is_valid():
        try:
            workflow.start_follow_up(household=household, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "L'accompagnement est commencé.")
            return redirect("prevention:row", territory.code, book.slug, household.code)
    options = {"title": "Commencer un accompagnement", "act": "Enregistrer", "row": household}
    return render_form(request, territory, book, form, **options)


@require_http_methods(["GET", "POST"])
@platform_page
def end_follow_up(request, territory, book, registers, household, follow_up_id):
    going_on = household.follow_ups.filter(ended_on__isnull=True)
    follow_up = get_object_or_404(going_on, pk=follow_up_id)
    form = EndFollowUpForm(posted(request), instance=follow_up)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            workflow.end_follow_up(follow_up=follow_up, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except Conflict:
            form.add_error(None, STALE)
            status = 409
        else:
            messages.success(request, "La fin de l'accompagnement est enregistrée.")
            return redirect("prevention:row", territory.code, book.slug, household.code)
    title = f"Terminer l'accompagnement : {follow_up.get_subject_display().lower()}"
    options = {"title": title, "act": "Enregistrer", "row": household, "status": status}
    return render_form(request, territory, book, form, **options)


@require_POST
@platform_page
def remove_contact(request, territory, book, registers, household, contact_id):
    """A contact typed by mistake leaves the register; the last one cannot: the household would be of no year."""
    contact = get_object_or_404(household.contacts, pk=contact_id)
    if household.contacts.count() == 1:
        messages.warning(
            request, "C'est le seul contact de ce ménage : ajoutez d'abord celui qui le remplace."
        )
    else:
        contact.delete()
        messages.success(request, "Le contact est retiré.")
    return redirect("prevention:row", territory.code, book.slug, household.code)


# --- Pages ---


def render_form(request, territory, book, form, *, title, act, row=None, status=200, **options):
    """The page of a form: 422 when it is sent back with what to mend."""
    if status == 200 and form.is_bound and form.errors:
        status = 422
    rows_url = reverse("prevention:rows", args=[territory.code, book.slug])
    back = reverse("prevention:row", args=[territory.code, book.slug, row.code]) if row else rows_url
    crumbs = [(book.title, rows_url), *([(row.shown_code, back)] if row else []), (title, "")]
    context = {"form": form, "title": title, "act": act, "row": row, "back": back, "crumbs": crumbs}
    context |= {"version": None, "has_more": False, "is_danger": False} | options
    return render(
        request, "prevention/form.html", context | {"territory": territory, "book": book}, status=status
    )
