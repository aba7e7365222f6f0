"""The cumul of this year is that of last year and the flow of this one. Pure."""

from axes.checks.finding import Level, finding
from logement.numbers import format_number

CODE = "cumul"
MEND = "Corrigez le cumul, le flux, ou la valeur de l'an dernier ; si le mode de calcul a changé, déclarez la rupture."


def cumuls(dossier):
    """cumul(N) = cumul(N-1) + flow(N) where all three are known and the series is not broken; a cumul never falls."""
    for figure in dossier.figures:
        before = figure.previous.exact if figure.previous else None
        if figure.temporality != "cumulative" or figure.is_new_series or None in {before, figure.exact}:
            continue
        flow = dossier.by_code.get(figure.flow)
        if flow is not None and flow.exact is not None and not flow.is_new_series:
            yield from _with_flow(figure, before, flow)
        elif figure.number < before:
            yield _falling(figure, before)


def _with_flow(figure, before, flow):
    if before + flow.number == figure.number:
        return
    yield finding(
        CODE,
        Level.ALERT,
        [figure.place, flow.place],
        f"« {figure.label} » : {format_number(before)} l'an dernier + {format_number(flow.number)} cette année = "
        f"{format_number(before + flow.number)}, et non {format_number(figure.number)}.",
        MEND,
        numbers=[before, flow.number, figure.number],
    )


def _falling(figure, before):
    return finding(
        CODE,
        Level.ALERT,
        [figure.place],
        f"« {figure.label} » est un cumul et baisse : {format_number(before)} l'an dernier, "
        f"{format_number(figure.number)} cette année.",
        MEND,
        numbers=[before, figure.number],
    )
