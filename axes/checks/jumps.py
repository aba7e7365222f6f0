"""Values that are several times those of the year before, or a fraction of them. Pure."""

from decimal import Decimal

from axes.checks.finding import Level, finding
from axes.checks.wording import percent_words
from logement.numbers import format_number, round_half_up

CODE = "evolution"
MEND = "Vérifiez la valeur ; si elle est juste, expliquez l'évolution, ou déclarez la rupture si le calcul a changé."
TIMES, ALERTING_TIMES = 2, 3
SMALLEST = 10  # units: from 1 to 3 meetings is no jump
POINTS = 30


def jumps(dossier):
    """A doubling or a halving is an information, three times an alerte; so are 30 points between two shares."""
    for figure in dossier.figures:
        if figure.previous is not None and not figure.is_new_series and not figure.is_partial:
            yield from _of_share(figure) if figure.unit == "%" else _of_number(figure)


def _of_number(figure):
    now, before = figure.exact, figure.previous.exact
    if None in {now, before} or figure.temporality == "cumulative" or figure.unit == "rang":
        return
    low, high = sorted([now, before])
    if high - low < SMALLEST or (low > 0 and high < low * TIMES):
        return
    if low > 0:
        times = format_number(round_half_up(Decimal(high) / low, 1))
        change = f"{'multiplié' if now > before else 'divisé'} par {times}"
    else:
        change = "parti de zéro" if now > before else "retombé à zéro"
    yield finding(
        CODE,
        Level.ALERT if low <= 0 or high >= low * ALERTING_TIMES else Level.INFORMATION,
        [figure.place],
        f"« {figure.label} » : {format_number(before)} l'an dernier, {format_number(now)} cette année ({change}).",
        MEND,
        numbers=[before, now],
    )


def _of_share(figure):
    now, before = figure.percent, figure.previous.percent
    if None in {now, before} or abs(now - before) < POINTS:
        return
    yield finding(
        CODE,
        Level.ALERT,
        [figure.place],
        f"« {figure.label} » : {percent_words(before)} l'an dernier, {percent_words(now)} cette année "
        f"({format_number(abs(now - before))} points d'écart).",
        MEND,
        numbers=[before, now],
    )
