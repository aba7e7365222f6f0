"""Dossiers for the tests and the bench: a few words, a few figures, or the demonstration's own."""

import csv
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path

from axes.checks import Dossier, Figure, Passage, Place
from axes.checks.report_file import dossier_of
from axes.imports.reading import read_report

DEMO = Path(__file__).resolve().parents[3] / "axes/demo"
RANKS = count(1)
TEMPORALITIES = {
    "flux": "flow",
    "cumul": "cumulative",
    "stock": "stock",
    "date": "dated",
    "contracte": "contracted",
}
KINDS = {
    "effectif": "headcount",
    "montant": "amount",
    "duree": "duration",
    "taux": "rate",
    "evenement": "event",
    "livrable": "deliverable",
    "capacite": "capacity",
    "contexte": "context",
}
QUALIFIERS = {
    "exact": "exact",
    "environ": "around",
    "pres_de": "nearly",
    "au_moins": "at_least",
    "plus_de": "more_than",
}


def place(key=None):
    key = key or f"place-{next(RANKS)}"
    return Place("cellule", f"Axe 1, {key}", key)


def texts(*written, action="action", year=2023, figures=()):
    """A dossier of texts, each the passage of one action in a place of its own."""
    passages = tuple(
        Passage(place(f"texte-{rank}"), text, action=action) for rank, text in enumerate(written, start=1)
    )
    return Dossier(year, tuple(figures), passages)


def figure(code, number=None, *, label=None, **fields):
    """A figure of the action « action »; numbers may be given as ints."""
    decimals = ("numerator", "denominator", "target")
    fields = {key: Decimal(value) if key in decimals else value for key, value in fields.items()}
    fields = {"unit": "ménages", "action": "action", **fields}
    value = None if number is None else Decimal(number)
    return Figure(
        code, label or f"Libellé de {code}", Place("indicateur", code, code), number=value, **fields
    )


def values(*figures, year=2023):
    return Dossier(year, tuple(figures))


def codes(findings):
    return [finding.code for finding in findings]


def demo_figures():
    """The 128 figures of chiffres.csv, with those of the year before."""
    with (DEMO / "chiffres.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";", strict=True))
    flows = {row["partie_de"]: row["code"] for row in rows if _is_flow_of(row, rows)}
    return tuple(_figure(row, flows) for row in rows)


def _is_flow_of(row, rows):
    whole = next((other for other in rows if other["code"] == row["partie_de"]), None)
    is_cumul = whole is not None and (whole["temporalite"], row["temporalite"]) == ("cumul", "flux")
    return is_cumul and whole["unite"] == row["unite"]


def _figure(row, flows):
    ratio = f"{row['numerateur']}/{row['denominateur']}" if row["numerateur"] else row["valeur"]
    figure = Figure(
        row["code"],
        row["libelle"],
        Place("indicateur", f"Indicateur {row['code']}", row["code"]),
        unit=row["unite"],
        action=row["action"],
        kind=KINDS[row["type"]],
        temporality=TEMPORALITIES[row["temporalite"]],
        qualifier=QUALIFIERS[row["qualificatif"]],
        whole=row["partie_de"],
        flow=flows.get(row["code"], ""),
        has_multiple_answers=row["reponses_multiples"] == "oui",
        base=row["base"],
        since=_day(row["depuis"]),
    )
    day = _day(row["date_valeur"])
    now = replace(figure, day=day) if day else replace(figure, **_number(ratio))
    before = replace(figure, **_number(row["valeur_2022"])) if row["valeur_2022"] else None
    return replace(now, previous=before)


def _number(text):
    numerator, _, denominator = text.partition("/")
    if denominator:
        return {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
    return {"number": Decimal(numerator) if numerator else None}


def _day(text):
    return date.fromisoformat(text) if text else None


def file_dossier(path, figures=()):
    return dossier_of(read_report(json.loads(Path(path).read_text(encoding="utf-8"))), figures=figures)


def demo_dossier():
    """The demonstration's text and figures."""
    return file_dossier(DEMO / "rapport-2023.json", demo_figures())
