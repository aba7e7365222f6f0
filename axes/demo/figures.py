"""The figures of the demonstration: rows of chiffres.csv -> indicators, targets and values."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from axes.demo import campaigns, gatherings
from axes.models import Entry, Indicator, Target
from axes.models.quantity import Blank, Qualifier
from axes.values import period_of
from logement.demo import METROPOLE
from logement.models import Organisation

FILE = Path(__file__).parent / "chiffres.csv"
Type, Temporality = Indicator.Kind, Indicator.Temporality
TYPES = {
    "effectif": Type.HEADCOUNT,
    "montant": Type.AMOUNT,
    "duree": Type.DURATION,
    "taux": Type.RATE,
    "evenement": Type.EVENT,
    "livrable": Type.DELIVERABLE,
    "capacite": Type.CAPACITY,
    "contexte": Type.CONTEXT,
}
TEMPORALITIES = {
    "flux": Temporality.FLOW,
    "cumul": Temporality.CUMULATIVE,
    "stock": Temporality.STOCK,
    "date": Temporality.DATED,
    "contracte": Temporality.CONTRACTED,
}
QUALIFIERS = {
    "exact": Qualifier.EXACT,
    "environ": Qualifier.AROUND,
    "pres_de": Qualifier.NEARLY,
    "au_moins": Qualifier.AT_LEAST,
    "plus_de": Qualifier.MORE_THAN,
}
BLANKS = {"": "", "non_disponible": Blank.UNAVAILABLE, "sans_objet": Blank.NOT_APPLICABLE}
#: The day on which the Metropole typed its figures of the exercise: the print says it, and must not change each day.
TYPED_ON = date(2024, 2, 5)
#: The units whose small counts betray somebody; a rate, a sum or a length of an action may as well.
RATES = ("taux", "montant", "duree")
PEOPLE = ("personnes", "ménages", "demandes", "candidatures", "attributions", "baux", "mesures")
#: What the suppliers are; the others are other bodies.
KINDS = {
    METROPOLE: Organisation.Kind.AUTHORITY,
    "Département de l'Hérault": Organisation.Kind.AUTHORITY,
    "Adages": Organisation.Kind.ASSOCIATION,
    "Association de prévention des expulsions": Organisation.Kind.ASSOCIATION,
    "DDETS de l'Hérault": Organisation.Kind.STATE,
    "DIHAL": Organisation.Kind.STATE,
    "Insee": Organisation.Kind.STATE,
}


def read():
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";", strict=True))


def write(rows, *, year, earlier, organisations, by):
    """Indicators with their targets, the values of `year`, and the fictive ones of `earlier`; gives the indicators.

    What counts gatherings is not typed: these are written instead; nor what a partner answered.
    """
    indicators = _indicators(rows, year, organisations, by)
    Target.objects.bulk_create(
        Target(indicator=indicators[row["code"]], year=year, number=Decimal(row["cible"]))
        for row in rows
        if row["cible"]
    )
    Entry.objects.bulk_create(
        Entry(
            indicator=indicators[row["code"]],
            year=year,
            created_by=by,
            created_at=campaigns.moment(TYPED_ON),
            **fields_of(row),
            **_period(indicators[row["code"]], year, row),
        )
        for row in rows
        if not gatherings.is_computed(row) and not campaigns.is_asked(row)
    )
    gatherings.write_gatherings(rows, indicators, year=year, by=by)
    Entry.objects.bulk_create(
        Entry(
            indicator=indicators[row["code"]],
            year=earlier,
            created_by=by,
            created_at=campaigns.moment(TYPED_ON.replace(year=TYPED_ON.year - 1)),
            is_fictive=True,
            **_number(row["valeur_2022"]),
            **_period(indicators[row["code"]], earlier),
        )
        for row in rows
        if row["valeur_2022"]
    )
    return list(indicators.values())


def _indicators(rows, year, organisations, by):
    """{code: Indicator}. A part is created after its whole."""
    actions = {line.title: line.action for line in year.lines.select_related("action")}
    kinds = gatherings.write_kinds(year.territory_id)
    created, waiting = {}, list(enumerate(rows, start=1))
    while waiting:
        ready = [(rank, row) for rank, row in waiting if row["partie_de"] in {"", *created}]
        if not ready:
            raise ValueError(
                f"{FILE.name} : « partie_de » tourne en rond pour {[row['code'] for _, row in waiting]}."
            )
        batch = [
            Indicator(
                territory_id=year.territory_id,
                action=actions[row["action"]] if row["action"] else None,
                code=row["code"],
                label=row["libelle"],
                definition=row["definition"],
                unit=row["unite"],
                kind=TYPES[row["type"]],
                temporality=TEMPORALITIES[row["temporalite"]],
                since=_day(row["depuis"]),
                base=row["base"],
                perimeter=row["perimetre"],
                source_detail=row["source"],
                supplier=organisations[row["fournisseur"]],
                whole=created.get(row["partie_de"]),
                has_multiple_answers=row["reponses_multiples"] == "oui",
                position=rank,
                is_about_people=row["unite"] in PEOPLE or (row["type"] in RATES and bool(row["action"])),
                **gatherings.source_of(row, kinds),
                **({"source": Indicator.Source.SUBMITTED} if campaigns.is_asked(row) else {}),
            )
            for rank, row in ready
        ]
        bulk_create_with_history(batch, Indicator, default_user=by, default_change_reason="Démonstration")
        created |= {indicator.code: indicator for indicator in batch}
        waiting = [(rank, row) for rank, row in waiting if row["code"] not in created]
    _cumuls(rows, created, by)
    return created


def _cumuls(rows, indicators, by):
    """Which flow each cumul adds up, once both exist."""
    cumuls = []
    for row in rows:
        if row["cumul_de"]:
            indicators[row["code"]].flow = indicators[row["cumul_de"]]
            cumuls.append(indicators[row["code"]])
    bulk_update_with_history(
        cumuls, Indicator, ["flow"], default_user=by, default_change_reason="Démonstration"
    )


def fields_of(row):
    """The fields of a Quantity that says what a row says."""
    return {"qualifier": QUALIFIERS[row["qualificatif"]], "note": row["remarque"], **_value(row)}


def _value(row):
    """A number, a rate, a date, or why there is none."""
    if row["numerateur"]:
        return _number(f"{row['numerateur']}/{row['denominateur']}")
    if row["date_valeur"]:
        return {"day": _day(row["date_valeur"])}
    if row["valeur"]:
        return _number(row["valeur"])
    return {"blank": BLANKS[row["blanc"]]}


def _number(text):
    """« 12 » or « 42/62 »."""
    numerator, _, denominator = text.partition("/")
    if denominator:
        return {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
    return {"number": Decimal(numerator)}


def _period(indicator, year, row=None):
    """The day that the row gives for a stock or a dated figure, else the indicator's usual period in that exercise."""
    day = row and (_day(row["date"]) or _day(row["date_valeur"]))
    if day:
        return {"starts_on": None, "ends_on": day}
    period = period_of(indicator, year.number)
    return {"starts_on": period.start, "ends_on": period.end}


def _day(text):
    return date.fromisoformat(text) if text else None
