"""The gatherings of the demonstration: as many as chiffres.csv counts. The other registers have their own `demo.py`."""

from datetime import date, timedelta

from simple_history.utils import bulk_create_with_history

from axes.models import Gathering, GatheringKind, Indicator, SeriesBreak

BREAK_REASON = (
    "Les événements sont notés un par un depuis 2023 ; la valeur de 2022 avait été saisie (fictive)."
)
#: The indicators that count gatherings: their kind.
KINDS = {
    "A1-08": "Soirée de présentation",
    "A1-09": "Soirée de restitution",
    "A1-10": "Atelier",
    "A2-03": "Réunion avec les opérateurs",
    "A3-01": "Journée professionnelle",
    "A3-03": "Formation, première journée",
    "A3-05b": "Analyse des pratiques",
    "A3-26": "Réunion avec les orienteurs",
    "A3-30": "Groupe de travail",
    "A3-31": "Petit déjeuner",
    "A3-33": "Analyse des pratiques",
    "A3-40": "Réunion de veille sociale",
    "A3-42": "Comité de coordination",
    "A3-46": "Session du module B.a-ba",
    "A3-47": "Rencontre Parlons clichés",
    "A3-48": "Temps d'échange",
    "A3-49": "Session de sensibilisation",
    "A3-51": "Rencontre Santé",
    "A5-02": "Groupe projet",
    "A5-03": "Réunion entre territoires",
    "A5-04": "Comité stratégique partenarial",
}
#: The indicators that count their participants: the kind, and how many there were.
PARTICIPANTS = {
    "A3-04": ("Formation, première journée", 3),
    "A3-05": ("Formation, seconde journée", 3),
    "A3-50": ("Session de sensibilisation", 2),
}


def is_computed(row):
    """Whether a row of chiffres.csv takes its value from the gatherings."""
    return row["code"] in {*KINDS, *PARTICIPANTS}


def source_of(row, kinds):
    """The fields of an indicator that say how it is obtained."""
    code = row["code"]
    if not is_computed(row):
        return {}
    fields = {"source": Indicator.Source.REGISTER}
    if code in KINDS:
        return fields | {"figure_key": "axes.gatherings", "gathering_kind": kinds[KINDS[code]]}
    return fields | {"figure_key": "axes.participants", "gathering_kind": kinds[PARTICIPANTS[code][0]]}


def write_kinds(territory_id):
    """{label: GatheringKind}."""
    labels = sorted({*KINDS.values(), *(kind for kind, _ in PARTICIPANTS.values())})
    return {
        label: GatheringKind.objects.get_or_create(territory_id=territory_id, label=label)[0]
        for label in labels
    }


def write_gatherings(rows, indicators, *, year, by):
    """As many gatherings, and as many participants, as the rows say; and the break with the year before."""
    numbers = {row["code"]: int(row["valeur"]) for row in rows if row["code"] in {*KINDS, *PARTICIPANTS}}
    gatherings = []
    for code, label in KINDS.items():
        attendance = next((other for other, (kind, _) in PARTICIPANTS.items() if kind == label), None)
        shares = even_shares(numbers[attendance], numbers[code]) if attendance else [None] * numbers[code]
        gatherings += held(indicators[code], shares, year)
    counted = set(KINDS.values())
    for code, (label, times) in PARTICIPANTS.items():
        if label not in counted:
            gatherings += held(indicators[code], even_shares(numbers[code], times), year)
    for gathering in gatherings:
        gathering.created_by = by
    bulk_create_with_history(gatherings, Gathering, default_user=by, default_change_reason="Démonstration")
    SeriesBreak.objects.bulk_create(
        SeriesBreak(
            indicator=indicators[row["code"]],
            number=year.number,
            source_before=Indicator.Source.TYPED,
            source_after=Indicator.Source.REGISTER,
            reason=BREAK_REASON,
            created_by=by,
        )
        for row in rows
        if row["valeur_2022"] and is_computed(row)
    )


def held(indicator, attendances, year):
    """Gatherings of the kind and the action of an indicator, spread over the year, on Tuesdays."""
    step = 364 // len(attendances)
    first = date(year.number, 1, 3)
    first += timedelta((1 - first.weekday()) % 7)
    return [
        Gathering(
            action_id=indicator.action_id,
            kind=indicator.gathering_kind,
            held_on=first + timedelta(7 * (rank * step // 7)),
            participants=attendance,
            participants_blank="" if attendance is not None else "unavailable",
        )
        for rank, attendance in enumerate(attendances)
    ]


def even_shares(total, count):
    """`total` in `count` whole shares, as equal as can be: 83 in 3 -> [28, 28, 27]."""
    return [total // count + (rank < total % count) for rank in range(count)]
