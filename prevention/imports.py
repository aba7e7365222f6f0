"""What the associations' own spreadsheets bring into the registers; the engine is logement/imports.py.

A line with a code is that household's. A support or a rehousing without code that the register already holds in every
point is that row, once for each: the same file given twice changes nothing. The platform has its own file,
platform_imports.py.
"""

from collections import defaultdict
from itertools import pairwise

from django.utils import timezone

from logement import parsers
from logement.imports import Fault, Field, Importer, write_each
from logement.models import Organisation
from logement.parsers import folded
from prevention import workflow
from prevention.models import (
    Outcome,
    Reason,
    Register,
    Rehousing,
    Scheme,
    Stage,
    Support,
)

CODE = Field("code", "Code", parsers.code, words=("code du ménage", "code ménage"))
UNKNOWN_CODE = Fault("code", "Aucun ménage de votre registre n'a ce code : recopiez-le depuis la liste.")


def past_day(value):
    """A day that has come."""
    day = parsers.day(value)
    if day > timezone.localdate():
        raise ValueError(f"Le {day:%d/%m/%Y} n'est pas encore passé.")
    return day


def in_order(*steps):
    """A check of the lines: these days, where they are given, follow one another. `steps`: (field, French words)."""

    def check(values):
        given = [(name, words, values[name]) for name, words in steps if values.get(name)]
        return tuple(
            Fault(name, f"{words} précède {earlier_words.lower()} : corrigez l'une des deux dates.")
            for (_, earlier_words, earlier), (name, words, day) in pairwise(given)
            if day < earlier
        )

    return check


def keepers(scheme):
    """Who may import: the associations for which somebody keeps this register."""

    def kept(user, territory):
        registers = Register.objects.visible_to(user).filter(territory=territory, scheme=scheme)
        return Organisation.objects.filter(pk__in=registers.values("organisation"))

    return kept


def register_of(scheme, territory, organisation):
    return Register.objects.get(scheme=scheme, territory=territory, organisation=organisation)


def match(lines, rows, fields):
    """What each line meets among the rows: that of its code, else an equal one that no line has met yet, else None."""
    by_code = {row.code: row for row in rows}
    alike = defaultdict(list)
    for row in rows:
        alike[_said(row, fields)].append(row)
    for values in lines:
        if values.get("code"):
            row = by_code.get(values["code"])
            yield _before(row, fields) if row else UNKNOWN_CODE
        else:
            twins = alike.get(tuple(values.get(name) or "" for name in fields))
            yield _before(twins.pop(), fields, code=None) if twins else None


def _said(row, fields):
    return tuple(getattr(row, name) or "" for name in fields)


def _before(row, fields, **others):
    return {"code": row.code} | {name: getattr(row, name) or None for name in fields} | others


def write(model, register, lines, fields):
    """Adds the new rows and changes the others, by their code."""
    rows = {row.code: row for row in model.objects.living().filter(register=register)}

    def write_line(line):
        row = rows.get(line.values.get("code")) or model(register=register)
        given = [name for name in fields if name in line.values]
        for name in given:
            value = line.values[name]
            setattr(row, name, model._meta.get_field(name).get_default() if value is None else value)
        if row.pk is None:
            workflow.add(row=row)
        else:
            workflow.change(row=row, version=row.version, fields=given)

    write_each(lines, write_line)


# --- Reinforced supports ---

SUPPORT_FIELDS = (
    "landlord",
    "referred_on",
    "stage",
    "reason",
    "entered_on",
    "exited_on",
    "outcome",
    "declined_on",
)
SUPPORT_DAYS = in_order(
    ("referred_on", "Le signalement"), ("entered_on", "L'entrée"), ("exited_on", "La sortie")
)


def check_support(values):
    faults = list(SUPPORT_DAYS(values))
    entered, exited, declined = (values.get(name) for name in ("entered_on", "exited_on", "declined_on"))
    if exited and not entered:
        faults.append(Fault("exited_on", "Une sortie demande une date d'entrée."))
    if bool(exited) != bool(values.get("outcome")):
        faults.append(Fault("outcome", "La sortie et son issue se donnent ensemble."))
    if declined and (entered or declined < values["referred_on"]):
        faults.append(
            Fault(
                "declined_on",
                "Un signalement se classe sans suite avant toute entrée, et pas avant sa réception.",
            )
        )
    return tuple(faults)


def compare_supports(lines, *, territory, organisation):
    register = register_of(Scheme.SUPPORT, territory, organisation)
    landlords = {}
    for landlord in Organisation.objects.filter(territories=territory).exclude(pk=organisation.pk):
        landlords |= {folded(landlord.name): landlord, folded(landlord.short_name): landlord}
    landlords.pop("", None)
    for values in lines:
        if isinstance(values["landlord"], str):
            values["landlord"] = landlords.get(folded(values["landlord"]), values["landlord"])
    rows = Support.objects.living().select_related("landlord")
    found = match(lines, rows.filter(register=register), SUPPORT_FIELDS)
    return [
        unknown_landlord(values["landlord"]) if isinstance(values["landlord"], str) else met
        for values, met in zip(lines, found, strict=True)
    ]


def unknown_landlord(name):
    sentence = (
        f"« {name} » n'est pas un organisme du territoire : demandez à la cheffe de projet de l'ajouter."
    )
    return Fault("landlord", sentence)


def save_supports(lines, *, territory, organisation, by):
    write(Support, register_of(Scheme.SUPPORT, territory, organisation), lines, SUPPORT_FIELDS)


SUPPORTS = Importer(
    key="prevention.supports",
    label="accompagnements renforcés",
    fields=(
        CODE,
        Field(
            "landlord",
            "Bailleur",
            parsers.text(200),
            required=True,
            words=("bailleur orienteur", "organisme"),
        ),
        Field(
            "referred_on",
            "Signalé le",
            past_day,
            required=True,
            words=("date du signalement", "date de signalement", "date d'orientation", "signalement"),
        ),
        Field("stage", "Stade", parsers.choice(Stage), required=True, words=("stade de la procédure",)),
        Field(
            "reason",
            "Motif",
            parsers.choice(
                Reason, {"impayé": Reason.ARREARS, "impayés": Reason.ARREARS, "autre": Reason.OTHER}
            ),
            required=True,
            words=("motif du signalement",),
        ),
        Field("entered_on", "Entré le", past_day, words=("date d'entrée", "entrée", "début du suivi")),
        Field("exited_on", "Sorti le", past_day, words=("date de sortie", "sortie", "fin du suivi")),
        Field(
            "outcome",
            "Issue",
            parsers.choice(Outcome, {"stabilisée": Outcome.STABILISED, "rétablie": Outcome.RESTORED}),
            words=("issue à la sortie", "situation à la sortie", "résultat"),
        ),
        Field("declined_on", "Classé sans suite le", past_day, words=("sans suite",)),
    ),
    compare=compare_supports,
    save=save_supports,
    check=check_support,
    unique=("code",),
    url="prevention:import_supports",
    done_url="prevention:supports",
    keepers=keepers(Scheme.SUPPORT),
)


# --- Rehousings ---

REHOUSING_FIELDS = ("allocated_on", "lease_transferred_on", "ended_on")


def compare_rehousings(lines, *, territory, organisation):
    register = register_of(Scheme.REHOUSING, territory, organisation)
    return list(match(lines, Rehousing.objects.living().filter(register=register), REHOUSING_FIELDS))


def save_rehousings(lines, *, territory, organisation, by):
    write(Rehousing, register_of(Scheme.REHOUSING, territory, organisation), lines, REHOUSING_FIELDS)


REHOUSINGS = Importer(
    key="prevention.rehousings",
    label="relogements",
    fields=(
        CODE,
        Field(
            "allocated_on",
            "Attribué le",
            past_day,
            required=True,
            words=("date d'attribution", "attribution"),
        ),
        Field("lease_transferred_on", "Bail glissé le", past_day, words=("date de glissement", "glissement")),
        Field("ended_on", "Suivi achevé le", past_day, words=("fin du suivi", "fin de l'accompagnement")),
    ),
    compare=compare_rehousings,
    save=save_rehousings,
    check=in_order(
        ("allocated_on", "L'attribution"),
        ("lease_transferred_on", "Le glissement"),
        ("ended_on", "La fin du suivi"),
    ),
    unique=("code",),
    url="prevention:import_rehousings",
    done_url="prevention:rehousings",
    keepers=keepers(Scheme.REHOUSING),
)
