"""The conventions of a territory, set up in small steps, each saved: itself, its lists, its first exercise."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from axes import agreement_forms as forms
from axes.agreements import acts, lists, outline, steps
from axes.agreements.from_file import load_agreement
from axes.crossing import previous_of
from axes.doors import agreement_page, check_still_open, year_page
from axes.imports import ReportFileError, read_json
from axes.models import Agreement, Layout
from axes.views.plan import status_of
from logement.access import acting_for, requires
from logement.forms import refuse
from logement.locking import Conflict
from logement.models import Organisation
from logement.roles import Permission as P
from logement.territories import organisation_named

PAGE = ["GET", "HEAD", "POST"]


def data_of(request):
    """What a form is bound to: an empty one that is sent is bound all the same."""
    return request.POST if request.method == "POST" else None


@require_safe
@requires(P.SET_UP)
def index(request, territory):
    agreements = Agreement.objects.filter(territory=territory).select_related("territory")
    agreements = agreements.prefetch_related("years", "axes")
    return render(request, "axes/agreements.html", {"territory": territory, "agreements": agreements})


@require_http_methods(PAGE)
@requires(P.SET_UP)
def add(request, territory):
    last = Agreement.objects.filter(territory=territory).first()
    form = forms.NewAgreementForm(data_of(request), territory=territory, initial={"like": last})
    if request.method == "POST" and form.is_valid():
        own = acting_for(request.user, P.SET_UP, territory)
        try:
            made = acts.create_agreement(
                territory=territory, signatories=own, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(
                request, "La convention est créée : son cadre est proposé, il vous reste ses axes."
            )
            return redirect(made)
    context = {
        "territory": territory,
        "agreement": None,
        "form": form,
        "heading": "Nouvelle convention",
        "lead": "Son cadre est proposé d'emblée ; vous le corrigez ensuite, étape par étape.",
        "seen": "",
        "is_stale": False,
    }
    return render(request, "axes/agreement_form.html", context, status=status_of(form))


@require_http_methods(PAGE)
@requires(P.SET_UP)
def upload(request, territory):
    """A convention from its file: all of it, or every error with its place."""
    form = forms.FileForm(data_of(request), request.FILES or None)
    errors = ()
    if request.method == "POST" and form.is_valid():
        try:
            data = read_json(form.cleaned_data["file"].read())
            made = load_agreement(data, territory=territory, by=request.user)
        except ReportFileError as error:
            errors = error.errors
        else:
            messages.success(request, "La convention est créée d'après le fichier.")
            return redirect(made)
    context = {
        "territory": territory,
        "agreement": None,
        "form": form,
        "errors": errors,
        "heading": "Convention d'après un fichier",
        "lead": "Un fichier JSON dit les signataires, les axes, les colonnes, les états et le premier exercice.",
    }
    status = 422 if errors else status_of(form)
    return render(request, "axes/agreement_file.html", context, status=status)


@require_safe
@agreement_page
def agreement(request, agreement):
    items = steps.steps_of(agreement)
    context = {
        "agreement": agreement,
        "territory": agreement.territory,
        "items": items,
        "next_item": next((item for item in items if not item.is_complete), None),
        "years": agreement.years.all(),
    }
    return render(request, "axes/agreement.html", context)


@require_http_methods(PAGE)
@agreement_page
def edit(request, agreement):
    initial = {name: getattr(agreement, name) for name in acts.FIELDS}
    form = forms.AgreementForm(data_of(request), initial=initial)
    seen, is_stale = request.POST.get("seen") or acts.seen_of(agreement), False
    if request.method == "POST" and form.is_valid():
        try:
            acts.save_agreement(agreement=agreement, seen=seen, by=request.user, **form.cleaned_data)
        except Conflict:
            is_stale, seen = True, acts.seen_of(agreement)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, "La convention est enregistrée.")
            return redirect(agreement)
    context = {
        "territory": agreement.territory,
        "agreement": agreement,
        "form": form,
        "heading": "Intitulé et dates",
        "lead": "",
        "seen": seen,
        "is_stale": is_stale,
    }
    return render(request, "axes/agreement_form.html", context, status=409 if is_stale else status_of(form))


@require_http_methods(PAGE)
@agreement_page
def axes(request, agreement):
    page = {
        "heading": "Axes",
        "lead": "Un axe sans numéro (« Autres actions ») s'écrit sans « Axe … ». Chacun a son tableau dans le rapport.",
    }
    save = partial(lists.save_axes, agreement=agreement)
    return edit_listing(request, agreement, page, listing=lists.AXES, row=forms.AxisRow, save=save)


@require_http_methods(PAGE)
@agreement_page
def columns(request, agreement, layout_id):
    layout = get_object_or_404(
        Layout.objects.select_related("agreement__territory"), pk=layout_id, agreement=agreement
    )
    page = {
        "heading": f"Colonnes : {layout}",
        "lead": "De gauche à droite. « {annee} » dans un titre devient l'année de l'exercice.",
    }
    save = partial(lists.save_columns, layout=layout)
    return edit_listing(
        request, agreement, page, listing=lists.COLUMNS, row=forms.ColumnRow, save=save, parent=layout
    )


@require_http_methods(PAGE)
@agreement_page
def states(request, agreement):
    page = {
        "heading": "États de réalisation",
        "lead": "Les mots de la convention, accordés avec l'intitulé d'une action. Un accord laissé vide se déduit du "
        "féminin ; le sens dit aux contrôles ce qui est fini, reporté ou abandonné.",
    }
    save = partial(lists.save_states, agreement=agreement)
    return edit_listing(request, agreement, page, listing=lists.STATES, row=forms.StateRow, save=save)


@require_http_methods(PAGE)
@agreement_page
def signatories(request, agreement):
    held = agreement.signatories.select_related("organisation")
    initial = [{"key": one.pk, "name": one.organisation.name, "kind": one.organisation.kind} for one in held]
    page = {
        "heading": "Signataires",
        "lead": "Dans l'ordre des signatures. Un nom déjà connu du territoire se choisit dans la liste.",
        "organisations": Organisation.objects.filter(territories=agreement.territory),
    }

    def save(*, rows, **common):
        organisations = [organisation_named(territory=agreement.territory, **fields) for _, fields in rows]
        lists.save_signatories(agreement=agreement, organisations=organisations, **common)

    return edit_list(
        request,
        agreement,
        page,
        row=forms.SignatoryRow,
        initial=initial,
        seen=lists.SIGNATORIES.seen(agreement),
        save=save,
    )


@require_http_methods(PAGE)
@year_page(P.SET_UP)
def parts(request, year):
    check_still_open(year)
    initial = year.chapters.values("number", "title", key=forms.KEY)
    save = partial(outline.save_outline, year=year)
    page = {
        "heading": f"Parties du rapport {year.number}",
        "lead": "Leur titre et leur ordre. Une partie ajoutée porte un texte ; une partie vide peut se retirer.",
        "year": year,
        "back": reverse("axes:chapters", args=[year.territory.code, year.number]),
    }
    return edit_list(
        request,
        year.agreement,
        page,
        row=forms.PartRow,
        initial=initial,
        seen=outline.seen_of(year),
        save=save,
    )


def edit_listing(request, agreement, page, *, listing, row, save, parent=None):
    """A list of the convention, or of `parent`, whose form has the very fields of its rows."""
    parent = parent or agreement
    initial = listing.held(parent).values(*listing.fields, key=forms.KEY)
    return edit_list(request, agreement, page, row=row, initial=initial, seen=listing.seen(parent), save=save)


def edit_list(request, agreement, page, *, row, initial, seen, save):
    """The one way in which a list is edited, whole: its rows, their order, what is added, what goes."""
    back = page.get("back") or agreement.get_absolute_url()
    current, status = seen, 200
    rows = forms.rows_form(row, data=data_of(request), initial=initial)
    if request.method == "POST":
        status = 422
        if rows.is_valid():
            try:
                save(rows=rows.read(), seen=request.POST.get("seen", ""), by=request.user)
            except Conflict:
                status = 409
            except ValidationError as error:
                forms.refuse_rows(rows, error)
            else:
                messages.success(request, f"« {page['heading']} » : c'est enregistré.")
                return redirect(back)
        if status == 422:
            current = request.POST.get("seen", "")
    context = {
        "agreement": agreement,
        "territory": agreement.territory,
        "rows": rows,
        "seen": current,
        "is_stale": status == 409,
        "stored": [words_of(held) for held in initial] if status == 409 else (),
        "organisations": (),
        **page,
        "back": back,
    }
    template = "axes/outline.html" if "year" in page else "axes/agreement_list.html"
    return render(request, template, context, status=status)


def words_of(held):
    """A stored row in words, for who changed the list at the same time."""
    return ", ".join(
        str(value) for name, value in held.items() if name != "key" and value not in {None, "", True}
    )


@require_http_methods(PAGE)
@agreement_page
def first_year(request, agreement):
    number = outline.proposed_number(agreement)
    form = forms.FirstYearForm(data_of(request), initial={"number": number})
    obstacle = outline.obstacle(agreement)
    if request.method == "POST" and form.is_valid():
        try:
            year = outline.open_first(
                agreement=agreement,
                number=form.cleaned_data["number"],
                sections=form.sections,
                by=request.user,
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(
                request, f"L'exercice {year.number} est ouvert : ajoutez ses actions, axe par axe."
            )
            return redirect("axes:dashboard", year.territory.code, year.number)
    context = {
        "agreement": agreement,
        "territory": agreement.territory,
        "heading": "Premier exercice",
        "lead": "Son année, et les parties de son rapport.",
        "form": form,
        "obstacle": obstacle,
        "previous": previous_of(agreement),
    }
    return render(request, "axes/agreement_first_year.html", context, status=status_of(form))
