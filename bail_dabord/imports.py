"""The association's own spreadsheet of households -> the register. A line with a code corrects, without one adds."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from bail_dabord import workflow
from bail_dabord.forms import DATES, ENTRY, LACKING, MOST_PEOPLE, PEOPLE
from bail_dabord.models import Household, Origin, Register, Tenancy
from logement import parsers
from logement.codes import show_code
from logement.imports import Fault, Field, Importer, write_each
from logement.models import Organisation

ORIGINS = {
    "115": Origin.EMERGENCY,
    "urgence": Origin.EMERGENCY,
    "hôtel": Origin.EMERGENCY,
    "à la rue": Origin.STREET,
    "squat": Origin.STREET,
    "campement": Origin.SHANTYTOWN,
    "hébergé chez un tiers": Origin.THIRD_PARTY,
    "sortie de prison": Origin.INSTITUTION,
    "sortie d'hôpital": Origin.INSTITUTION,
}
FIELDS = (
    Field("code", "Code", parsers.code, words=("code ménage", "identifiant")),
    Field("known_since", "Connu depuis", parsers.month, words=("mois d'orientation", "orienté en")),
    Field("adults", "Adultes", parsers.whole(0, MOST_PEOPLE), required=True, words=("nombre d'adultes",)),
    Field("children", "Enfants", parsers.whole(0, MOST_PEOPLE), words=("nombre d'enfants", "mineurs")),
    Field(
        "origin",
        "Provenance",
        parsers.choice(Origin, ORIGINS),
        required=True,
        words=("origine", "situation avant l'entrée"),
    ),
    Field("entered_on", "Entrée", parsers.day, words=("date d'entrée", "entrée dans le logement")),
    Field("lease", "Bail", parsers.choice(Tenancy.Lease), words=("type de bail",)),
    Field(
        "stock", "Parc", parsers.choice(Tenancy.Stock, {"HLM": Tenancy.Stock.PUBLIC}), words=("type de parc",)
    ),
    Field("transferred_on", "Glissement", parsers.day, words=("date de glissement", "bail glissé le")),
    Field("lease_ended_on", "Fin de bail", parsers.day, words=("date de fin de bail",)),
    Field(
        "support_ended_on",
        "Fin d'accompagnement",
        parsers.day,
        words=("date de fin d'accompagnement", "date de sortie", "sortie"),
    ),
)
ORDERED = (
    ("entered_on", "transferred_on", "Le glissement du bail précède l'entrée."),
    ("entered_on", "lease_ended_on", "La fin du bail précède l'entrée."),
    ("entered_on", "support_ended_on", "La fin de l'accompagnement précède l'entrée."),
    ("transferred_on", "lease_ended_on", "La fin du bail précède son glissement."),
)


def check_line(values):
    """What a line says against itself."""
    today = timezone.localdate()
    yield from (
        Fault(name, "Cette date n'est pas encore passée : notez l'acte quand il a eu lieu.")
        for name in ("known_since", "entered_on", *DATES)
        if values.get(name) and values[name] > today
    )
    for first, last, sentence in ORDERED:
        if values.get(first) and values.get(last) and values[last] < values[first]:
            yield Fault(last, f"{sentence} Corrigez l'une des deux dates.")
    if values.get("lease") == Tenancy.Lease.DIRECT and values.get("transferred_on"):
        yield Fault("transferred_on", "Un bail direct ne glisse pas : corrigez le bail, ou retirez la date.")
    if not (values.get("adults") or values.get("children")):
        yield Fault("adults", "Un ménage compte au moins une personne.")
    if not values.get("code"):
        yield from check_new(values)


def check_new(values):
    """What a new household lacks."""
    if values.get("entered_on"):
        yield from (Fault(name, sentence) for name, sentence in LACKING.items() if not values.get(name))
        return
    if not values.get("known_since"):
        yield Fault("known_since", "Écrivez le mois depuis lequel le ménage est connu, ou sa date d'entrée.")
    for name in (*ENTRY[1:], *DATES):
        if values.get(name):
            yield Fault("entered_on", "Cette ligne a un bail ou une date d'acte, mais pas de date d'entrée.")
            return


def compare(rows, *, territory, organisation):
    """Each line against the households of this association: new, changed, or of a code that is not its own."""
    register = Register.objects.filter(territory=territory, organisation=organisation, is_open=True).first()
    if register is None:
        return [Fault("", f"{organisation} ne tient pas ce registre ici.") for _ in rows]
    codes = [values["code"] for values in rows if values.get("code")]
    own = Household.objects.living().filter(register=register, code__in=codes).select_related("tenancy")
    known = {household.code: household for household in own}
    return [met(values, known, register) for values in rows]


def met(values, known, register):
    code = values.get("code")
    early = [name for name in ("entered_on", *DATES) if values.get(name) and values[name] < register.since]
    if early:
        return Fault(early[0], f"Le registre compte depuis le {register.since:%d/%m/%Y} : date antérieure.")
    if not code:
        return None
    if code not in known:
        sentence = f"{show_code(code)} n'est pas un code de votre registre : videz la cellule pour un nouveau ménage."
        return Fault("code", sentence)
    return told(known[code], values)


def told(household, values):
    """{field: value} of the household, for the columns of the file."""
    tenancy = getattr(household, "tenancy", None)
    return {
        name: getattr(household if name in {"code", *PEOPLE} else tenancy, name, None) or EMPTY.get(name)
        for name in values
    }


EMPTY = {"adults": 0, "children": 0}


def save(lines, *, territory, organisation, by):
    """Adds and corrects, by the acts of the screens; all the refusals are told, line by line."""
    register = Register.objects.get(territory=territory, organisation=organisation, is_open=True)
    write_each(lines, lambda line: (add if line.before is None else correct)(register, line.values))


def add(register, values):
    entered_on = values.get("entered_on")
    household = workflow.add_household(
        register=register,
        adults=values["adults"],
        children=values.get("children") or 0,
        origin=values["origin"],
        known_since=values.get("known_since") or entered_on,
        entry={name: values[name] for name in ENTRY} if entered_on else None,
    )
    dates = {name: values[name] for name in DATES if values.get(name)}
    if dates:
        workflow.save_tenancy(household, dates)


def correct(register, values):
    """A cell that is empty takes a date away; nothing else becomes empty."""
    household = (
        Household.objects.living().select_related("tenancy").get(register=register, code=values["code"])
    )
    people = {name: values[name] for name in PEOPLE if values.get(name) is not None}
    dates = {name: values[name] for name in DATES if name in values}
    dates |= {name: values[name] for name in ENTRY if values.get(name)}
    if not hasattr(household, "tenancy") and any(dates.values()):
        lacking = [LACKING.get(name, "Écrivez la date d'entrée.") for name in ENTRY if not values.get(name)]
        if lacking:
            raise ValidationError(lacking)
        workflow.record_entry(household=household, **{name: values[name] for name in ENTRY})
        household = Household.objects.select_related("tenancy").get(pk=household.pk)
    workflow.save_household(
        household=household,
        version=household.version,
        tenancy=dates if hasattr(household, "tenancy") else None,
        **people,
    )


def keepers(user, territory):
    """Who may import: the associations for which somebody keeps the register."""
    registers = Register.objects.visible_to(user).filter(territory=territory)
    return Organisation.objects.filter(pk__in=registers.values("organisation"))


HOUSEHOLDS = Importer(
    key="bail_dabord.households",
    label="ménages du Bail d'abord",
    fields=FIELDS,
    compare=compare,
    save=save,
    check=lambda values: tuple(check_line(values)),
    unique=("code",),
    url="bail_dabord:import_households",
    done_url="bail_dabord:households",
    keepers=keepers,
)
