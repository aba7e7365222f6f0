"""What keeps a report from being frozen: the one list that every way to a version reads."""

from axes.models import Line

SHOWN = 5  # titles in one sentence


def obstacles(year) -> list[str]:
    """French sentences, each saying what to do; none where the report of an exercise may be frozen."""
    return [*lines_without_state(year)]


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
