"""The pages of the register: an association works on its own rows, the lead sees counts, nobody else sees it."""

from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from axes.figures import FIGURES
from axes.models import Year
from axes.periods import Period
from bail_dabord import forms, tables, workflow
from bail_dabord.filters import HouseholdFilter
from bail_dabord.models import Claim, Commission, ContractedPlaces, Household, Referral, Register
from logement import audit
from logement.access import requires
from logement.codes import read_code, show_code
from logement.forms import ExportForm, refuse
from logement.locking import Conflict
from logement.models import AccessLog
from logement.roles import Permission as P
from logement.spreadsheets import to_xlsx
from logement.tables import arrange

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ANY = require_http_methods(["GET", "HEAD", "POST"])
OWN = P.VIEW_OWN_REGISTERS
HOUSEHOLDS = "ménages"  # the list, as the access log names it


@dataclass(frozen=True, slots=True)
class Section:
    """A list of rows without household: its address, its words, its form."""

    slug: str
    title: str
    add: str
    empty: str
    model: type[Model]
    table: type
    form: type
    fields: tuple[str, ...]


SECTIONS = {
    section.slug: section
    for section in (
        Section(
            "candidatures",
            "Candidatures",
            "Ajouter une candidature",
            "Notez la première candidature qu'un service vous a adressée : elle comptera dans le rapport.",
            Referral,
            tables.ReferralTable,
            forms.ReferralForm,
            ("received_on", "service", "status"),
        ),
        Section(
            "fonds",
            "Fonds de sécurisation",
            "Ajouter une demande",
            "Notez la première demande adressée au fonds, même si rien n'est encore décidé.",
            Claim,
            tables.ClaimTable,
            forms.ClaimForm,
            ("claimed_on", "nature", "asked", "granted"),
        ),
        Section(
            "commissions",
            "Commissions de suivi",
            "Ajouter une commission",
            "Notez la date de la première commission tenue.",
            Commission,
            tables.CommissionTable,
            forms.CommissionForm,
            ("held_on",),
        ),
        Section(
            "places",
            "Places conventionnées",
            "Ajouter une année",
            "Notez les places et les ETP de votre convention : les places libres s'en déduisent.",
            ContractedPlaces,
            tables.PlacesTable,
            forms.PlacesForm,
            ("year", "places", "staff"),
        ),
    )
}

#: The acts of a household that has entered: the date that each writes, and its words.
ACTS = {
    "glissement": ("transferred_on", "Glissement du bail", "Le bail est passé au nom du ménage."),
    "fin-de-bail": ("lease_ended_on", "Fin du bail", "Le bail, ou la sous-location, a pris fin."),
    "fin-accompagnement": (
        "support_ended_on",
        "Fin de l'accompagnement",
        "La place se libère ce jour-là. Deux ans plus tard, le ménage est anonymisé.",
    ),
}


# --- Doors ---


def register_page(permission):
    """Opens a view `(request, territory, registers, …)` to who keeps an open register there; 404 to anybody else."""

    def decorate(view):
        @requires(permission)
        @wraps(view)
        def opened(request, territory, *args, **kwargs):
            registers = registers_of(request.user, territory)
            if not registers:
                raise Http404
            return view(request, territory, registers, *args, **kwargs)

        return opened

    return decorate


def registers_of(user, territory):
    kept = Register.objects.visible_to(user).filter(territory=territory)
    return list(kept.select_related("organisation", "territory"))


def section_page(view):
    """Opens a view of one of the SECTIONS, by its slug."""

    @wraps(view)
    def opened(request, territory, registers, slug, *args, **kwargs):
        if slug not in SECTIONS:
            raise Http404
        return view(request, territory, registers, SECTIONS[slug], *args, **kwargs)

    return opened


def own_households(request, territory):
    rows = Household.objects.visible_to(request.user).of(territory).living()
    return rows.select_related("tenancy", "register__organisation")


def get_household(request, territory, code):
    try:
        read = read_code(code)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(own_households(request, territory), code=read)


# --- Households ---


@require_safe
@requires((OWN, P.VIEW_REGISTER_COUNTS))
def index(request, territory):
    """The door of the register: the list for who keeps it, the counts for the lead."""
    name = "households" if registers_of(request.user, territory) else "counts"
    return redirect(f"bail_dabord:{name}", territory.code)


@require_safe
@register_page(OWN)
def households(request, territory, registers):
    everything = own_households(request, territory)
    filterset = HouseholdFilter(request.GET, queryset=everything)
    table = tables.HouseholdTable(filterset.qs, territory=territory)
    arrange(table, request, per_page=PER_PAGE)
    log(request, AccessLog.Act.LIST, registers, HOUSEHOLDS, rows=len(table.page))
    context = page(
        request, territory, "households", filter=filterset, table=table, is_bare=not everything.exists()
    )
    return render(request, "bail_dabord/households.html", context)


@require_safe
@register_page(OWN)
def household(request, territory, registers, code):
    household = get_household(request, territory, code)
    log(request, AccessLog.Act.ROW, [household.register], HOUSEHOLDS, rows=1)
    tenancy = tables.tenancy_of(household)
    acts = [
        (slug, label, getattr(tenancy, field))
        for slug, (field, label, _) in ACTS.items()
        if tenancy and not (field == "transferred_on" and tenancy.lease == tenancy.Lease.DIRECT)
    ]
    context = page(
        request,
        territory,
        "households",
        household=household,
        tenancy=tenancy,
        code=show_code(household.code),
        stage=tables.stage(household),
        acts=acts,
    )
    return render(request, "bail_dabord/household.html", context)


@ANY
@register_page(P.EDIT_OWN_REGISTERS)
def add_household(request, territory, registers):
    this_month = timezone.localdate().replace(day=1)
    form = forms.HouseholdForm(request.POST or None, initial={"known_since": this_month}, registers=registers)
    if form.is_valid():
        try:
            household = workflow.add_household(register=form.chosen, entry=form.entry(), **form.people())
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(
                request,
                f"Ménage {show_code(household.code)} ajouté : notez ce code dans votre dossier, lui seul le retrouve.",
            )
            if "again" in request.POST:
                return redirect("bail_dabord:add_household", territory.code)
            return redirect("bail_dabord:household", territory.code, household.code)
    context = page(request, territory, "households", form=form)
    return render(request, "bail_dabord/add_household.html", context, status=status_of(form))


@ANY
@register_page(P.EDIT_OWN_REGISTERS)
def enter(request, territory, registers, code):
    household = get_household(request, territory, code)
    form = forms.EntryForm(request.POST or None, initial={"entered_on": timezone.localdate()})
    words = {
        "title": "Entrée dans le logement",
        "help": "Le ménage compte parmi les entrées de cette année-là.",
    }
    return carry(
        request,
        household,
        form,
        words=words,
        save=lambda data: workflow.record_entry(household=household, **data),
    )


@ANY
@register_page(P.EDIT_OWN_REGISTERS)
def act(request, territory, registers, code, slug):
    """Writes the date of a transfer, of the end of a lease or of a support."""
    household = get_household(request, territory, code)
    if slug not in ACTS or not hasattr(household, "tenancy"):
        raise Http404
    field, title, help_text = ACTS[slug]
    initial = {
        "day": getattr(household.tenancy, field) or timezone.localdate(),
        "version": household.version,
    }
    form = forms.ActForm(request.POST or None, initial=initial)
    return carry(
        request,
        household,
        form,
        words={"title": title, "help": help_text},
        save=lambda data: workflow.record_act(household=household, field=field, **data),
    )


@ANY
@register_page(P.EDIT_OWN_REGISTERS)
def correct(request, territory, registers, code):
    household = get_household(request, territory, code)
    form = forms.CorrectionForm(
        request.POST or None, initial=forms.initial_of(household), household=household
    )
    return carry(
        request,
        household,
        form,
        words={"title": "Corriger", "help": "Une date effacée ici n'est plus comptée nulle part."},
        save=lambda data: workflow.save_household(
            household=household, version=data["version"], tenancy=form.dates(), **form.people()
        ),
    )


def carry(request, household, form, *, words, save):
    """Shows the form of an act on a household, or carries it out; somebody else's act meanwhile is told, not lost."""
    territory, status, is_stale = household.register.territory, status_of(form), False
    if form.is_valid():
        try:
            save(form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
            status = 422
        except Conflict:
            is_stale, status = True, 409
        else:
            messages.success(request, f"Enregistré pour le ménage {show_code(household.code)}.")
            return redirect("bail_dabord:household", territory.code, household.code)
    context = page(
        request, territory, "households", form=form, household=household, is_stale=is_stale, **words
    )
    context["code"] = show_code(household.code)
    return render(request, "bail_dabord/act.html", context, status=status)


@ANY
@register_page(P.EDIT_OWN_REGISTERS)
def erase(request, territory, registers, code):
    """Erases a household that asks for it: its code goes, the yearly counts stay."""
    household = get_household(request, territory, code)
    refusal = ""
    if request.method == "POST":
        try:
            workflow.erase(household=household, by=request.user)
        except ValidationError as error:
            refusal = error.message
        else:
            messages.success(
                request, "Le ménage est effacé. Les chiffres des années passées n'ont pas bougé."
            )
            return redirect("bail_dabord:households", territory.code)
    context = page(request, territory, "households", household=household, refusal=refusal)
    context["code"] = show_code(household.code)
    return render(request, "bail_dabord/erase.html", context, status=422 if refusal else 200)


@ANY
@register_page(P.EDIT_OWN_REGISTERS)
def export(request, territory, registers):
    form = ExportForm(request.POST or None)
    if not form.is_valid():
        context = page(request, territory, "households", form=form)
        return render(request, "bail_dabord/export.html", context, status=status_of(form))
    rows = list(own_households(request, territory).order_by("pk"))
    log(
        request,
        AccessLog.Act.EXPORT,
        registers,
        HOUSEHOLDS,
        rows=len(rows),
        reason=form.cleaned_data["reason"],
    )
    name = f"bail-dabord-{territory.code}-{timezone.localdate():%Y-%m-%d}.xlsx"
    content = to_xlsx(tables.COLUMNS, rows, title="Ménages")
    return HttpResponse(content, XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


# --- Referrals, risk fund, commissions, places ---


@require_safe
@register_page(OWN)
@section_page
def records(request, territory, registers, section):
    rows = (
        section.model.objects.visible_to(request.user).of(territory).select_related("register__organisation")
    )
    table = section.table(rows, section=section, territory=territory)
    arrange(table, request, per_page=PER_PAGE)
    log(request, AccessLog.Act.LIST, registers, section.title.lower(), rows=len(table.page))
    context = page(request, territory, section.slug, section=section, table=table)
    return render(request, "bail_dabord/records.html", context)


@ANY
@register_page(P.EDIT_OWN_REGISTERS)
@section_page
def add_record(request, territory, registers, section):
    form = section.form(request.POST or None, registers=registers)
    if form.is_valid() and save_record(request, form, section, section.model(register=form.chosen)):
        name = "add_record" if "again" in request.POST else "records"
        return redirect(f"bail_dabord:{name}", territory.code, section.slug)
    context = page(request, territory, section.slug, section=section, form=form, record=None)
    return render(request, "bail_dabord/record.html", context, status=status_of(form))


@ANY
@register_page(P.EDIT_OWN_REGISTERS)
@section_page
def edit_record(request, territory, registers, section, pk):
    record = get_record(request, territory, section, pk)
    initial = {name: getattr(record, name) for name in section.fields}
    form = section.form(request.POST or None, initial=initial, registers=[record.register])
    if request.method != "POST":
        log(request, AccessLog.Act.ROW, [record.register], section.title.lower(), rows=1)
    if form.is_valid() and save_record(request, form, section, record):
        return redirect("bail_dabord:records", territory.code, section.slug)
    context = page(request, territory, section.slug, section=section, form=form, record=record)
    return render(request, "bail_dabord/record.html", context, status=status_of(form))


@require_http_methods(["POST"])
@register_page(P.EDIT_OWN_REGISTERS)
@section_page
def remove_record(request, territory, registers, section, pk):
    get_record(request, territory, section, pk).delete()
    messages.success(request, "La ligne est retirée.")
    return redirect("bail_dabord:records", territory.code, section.slug)


def get_record(request, territory, section, pk):
    rows = section.model.objects.visible_to(request.user).of(territory)
    return get_object_or_404(rows.select_related("register__organisation", "register__territory"), pk=pk)


def save_record(request, form, section, record):
    """Saves what was typed; a refusal goes beside its field. Gives success."""
    try:
        workflow.save_record(record=record, **{name: form.cleaned_data[name] for name in section.fields})
    except ValidationError as error:
        refuse(form, error)
        return False
    messages.success(request, "Enregistré.")
    return True


# --- Counts ---


@require_safe
@requires(P.VIEW_REGISTER_COUNTS)
def counts(request, territory, year=None):
    """What the register counts in a year, all associations together: no row, no association.

    Without a year, that of the last exercise.
    """
    if not Register.objects.filter(territory=territory, is_open=True).exists():
        raise Http404
    last = (
        Year.objects.filter(territory=territory).order_by("-number").values_list("number", flat=True).first()
    )
    year = year or last or timezone.localdate().year
    if not 2000 <= year <= 2100:
        raise Http404
    rows = [
        (figure, figure.number(territory, Period.of_year(year)), figure.base(territory, Period.of_year(year)))
        for key, figure in FIGURES.items()
        if key.startswith("bail_dabord.")
    ]
    context = {"territory": territory, "year": year, "rows": rows}
    return render(request, "bail_dabord/counts.html", context)


def log(request, act, registers, words, **fields):
    """Writes in the access log what was read or exported: one line for each association whose list it is."""
    for register in registers:
        audit.log_access(
            by=request.user,
            act=act,
            register=f"Bail d'abord : {words}",
            territory=register.territory,
            organisation=register.organisation,
            **fields,
        )


def page(request, territory, tab, **context):
    """What every page of an association has: its tabs, and itself."""
    tabs = [("households", "Ménages", None)]
    tabs += [(section.slug, section.title, section.slug) for section in SECTIONS.values()]
    return {"territory": territory, "tab": tab, "tabs": tabs, **context}


def status_of(form):
    return 422 if form.is_bound and not form.is_valid() else 200
