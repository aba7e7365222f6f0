"""What keeps a report from being frozen: the one list that every way to a version reads."""

from axes.computation import one_reading
from axes.justifications import verdict_of
from axes.models import Line
from axes.staleness import stale_of

SHOWN = 5  # titles in one sentence, findings of one kind
PAGE = "Répétition générale"


@one_reading()
def obstacles(year) -> list[str]:
    """French sentences, each saying what to do; none where the report of an exercise may be frozen."""
    verdict = verdict_of(year)
    return [
        *lines_without_state(year),
        *stale_figures(year),
        *findings(verdict.blocking, "Constat bloquant", f"Corrigez-le : page « {PAGE} »."),
        *findings(verdict.alerts, "Alerte", f"Corrigez-la, ou justifiez-la : page « {PAGE} »."),
    ]


def lines_without_state(year):
    titles = list(Line.objects.filter(year=year, state=None).values_list("title", flat=True))
    if not titles:
        return
    shown = ", ".join(f"« {title} »" for title in titles[:SHOWN])
    others = f" et {len(titles) - SHOWN} autres" if len(titles) > SHOWN else ""
    if len(titles) == 1:
        yield f"Une action n'a pas d'état de réalisation : {shown}. Choisissez-le dans le tableau de son axe."
    else:
        yield (
            f"{len(titles)} actions n'ont pas d'état de réalisation : {shown}{others}. "
            "Choisissez-les dans les tableaux des axes."
        )


def stale_figures(year):
    count = len(stale_of(year))
    if count == 1:
        yield f"Un chiffre cité a changé : acceptez-le ou gardez l'ancien, page « {PAGE} »."
    elif count:
        yield f"{count} chiffres cités ont changé : acceptez-les ou gardez les anciens, page « {PAGE} »."


def findings(found, name, mend):
    for finding in found[:SHOWN]:
        yield f"{name} : {finding.sentence} {mend}"
    if len(found) > SHOWN:
        yield f"{name} : {len(found) - SHOWN} de plus, page « {PAGE} »."
