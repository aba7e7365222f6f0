"""What the checks cost on the demonstration's document, on ten times its actions, and on hostile texts, and what they
find: a part of `make bench`, or alone by `python -m tests.bench controles`.

The exponent is that of the length: 1 is linear, 2 quadratic.
"""

import json
import math
import statistics
import time
from dataclasses import replace

from tests.measures import record

ROUNDS = 3
TIMES = 10
HOSTILE = [
    "5 a, ",
    "1 ",
    "soit 5 a et 4 b, ",
    "sur les 5 ménages 3 ",
    "50 % des ménages en 2023 ",
    "- 5 x :\n",
    "30 % dont la moitié.\n",
    "13 % des 35 ménages.\n",
    "5 places a chacune dont 3 ménages libres.\n",
    "AB (",
    "un ménage sur deux ",
    "loi du 23 juillet 2023 ",
]


def rows():
    """Each as soon as it is known: the hostile texts take two minutes."""
    yield from truth_rows()
    once, tenfold = demo(1), demo(TIMES)
    short = timed(once)
    yield (
        f"Contrôles, document de {size(once)} caractères et {len(once.figures)} chiffres",
        f"{short:.3f} s",
        "",
    )
    long = timed(tenfold)
    yield f"Contrôles, {TIMES} x ({size(tenfold)} caractères)", f"{long:.3f} s", ""
    exponent = math.log(long / short) / math.log(size(tenfold) / size(once))
    yield "Contrôles, exposant de croissance", f"{exponent:.2f}", "1 : linéaire"
    yield from hostile_rows()


def truth_rows():
    """The facts of 2023 that do not hold, in sentences of our own, and sentences whose numbers hold."""
    from tests.axes.checks.test_run import FACTS, SENTENCES, SOUND

    found = sum(code in raised_by(text) for code, text in FACTS.items())
    alarms = sum(len(raised_by(text)) for text in (SOUND, *SENTENCES))
    command = "python -m tests.bench controles"
    label = "Incohérences connues du rapport réel de 2023 trouvées par les contrôles"
    record(
        "chiffre.incoherences",
        label=label,
        value=found,
        unit=f"sur {len(FACTS)}",
        aim="toutes",
        command=command,
    )
    label = f"Fausses alertes sur {len(SENTENCES) + 1} passages dont les chiffres sont justes"
    record("chiffre.fausses-alertes", label=label, value=alarms, aim="3 au plus", command=command)
    return [
        ("Contrôles, incohérences connues de 2023 trouvées", f"{found} sur {len(FACTS)}", "toutes"),
        (f"Contrôles, fausses alertes sur {len(SENTENCES) + 1} passages justes", str(alarms), "3 au plus"),
    ]


def raised_by(text):
    """The codes of what is found in a text, acronyms apart."""
    from axes.checks import run
    from tests.axes.checks.dossiers import texts

    return [one.code for one in run(texts(text)) if one.code != "sigle"]


def size(dossier):
    return sum(len(passage.text) for passage in dossier.passages)


def demo(times):
    """The demonstration's dossier with each action `times` times, figures and texts, under codes of their own."""
    from axes.checks.report_file import dossier_of
    from axes.imports.reading import read_report
    from tests.axes.checks.dossiers import DEMO, demo_figures
    from tests.bench import multiplied

    report = read_report(multiplied(json.loads((DEMO / "rapport-2023.json").read_text()), times))
    figures = [copied(figure, copy) for copy in range(times) for figure in demo_figures()]
    return dossier_of(report, figures=figures)


def copied(figure, copy):
    if not copy:
        return figure
    others = {
        name: f"{value}-{copy}" for name in ("code", "whole", "flow") if (value := getattr(figure, name))
    }
    return replace(figure, action=f"{figure.action} ({copy})", **others)


def timed(dossier):
    """The median of a few runs, each on passages that nobody has read yet."""
    from axes.checks import run

    def once():
        fresh = replace(dossier, passages=tuple(replace(passage) for passage in dossier.passages))
        start = time.perf_counter()
        run(fresh)
        return time.perf_counter() - start

    return statistics.median([once() for _ in range(ROUNDS)])


def hostile_rows():
    """60,000 characters of one piece again and again, against 7,500: 8 is linear, 64 quadratic."""
    from axes.checks import Dossier, Passage, Place

    def seconds(piece, length):
        text = piece * (length // len(piece))
        return timed(Dossier(2023, (), (Passage(Place("texte", "Texte", "texte"), text, action="action"),)))

    growths = {}
    for piece in HOSTILE:
        growths[piece] = seconds(piece, 60_000) / seconds(piece, 7_500)
        label = f"Contrôles, texte hostile 60 000 / 7 500 caractères : « {piece.strip()} »"
        yield label, f"{growths[piece]:.1f}", "8 : linéaire"
    yield "Contrôles, le pire des textes hostiles", f"{max(growths.values()):.1f}", "8 : linéaire"
