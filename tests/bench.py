"""`make bench`: what the report and a campaign cost, as ratios measured within one run. It prints a table and judges
nothing. With the word « formats », « campagnes » or « controles », that part alone.

Figures of one run are compared with one another only: the machine may be slow, or shared.
"""

import json
import os
import statistics
import sys
import time
from functools import partial
from pathlib import Path

from tests.bench_instance import instance

ROUNDS = int(os.environ.get("ROUNDS", "7"))
WIDTH = 88
HOSTILE = [
    "[[note:",
    "^{",
    "**",
    "- ",
    "  ",
    "\\\\",
    "]]",
    "<ul>",
    "<b>",
    "<!--",
    "</li>",
    "<p a='",
    "&",
    "1. ",
]
DEMO = Path(__file__).resolve().parent.parent / "axes/demo/rapport-2023.json"


def main():
    with instance() as folder:
        from django.core.management import call_command

        from tests import bench_campaigns, bench_checks, bench_formats

        parts = {
            "rapport": partial(report_and_texts, folder),
            "formats": bench_formats.rows,
            "controles": bench_checks.rows,
            "campagnes": bench_campaigns.rows,
        }
        call_command("migrate", verbosity=0)
        print(f"{'Mesure':<{WIDTH}}  {'Médiane':>12}  Visé", flush=True)
        for name in sys.argv[1:] or parts:
            for label, figure, aim in parts[name]():
                print(f"{label:<{WIDTH}}  {figure:>12}  {aim}", flush=True)


def report_and_texts(folder):
    from reporting import snapshot
    from reporting.assembly import assemble
    from tests import bench_pdf

    once, tenfold = load()
    document = assemble(snapshot.take(once))
    return [
        *report_rows(once, tenfold),
        *bench_pdf.rows(document, folder),
        *bench_pdf.growth_rows(document, folder),
        *hostile_rows(),
    ]


def load():
    """The demonstration's text as it is, and with ten times the actions: the keys of two exercises."""
    from axes.imports import load_report
    from logement.models import Territory, User

    by = User.objects.create_user("bench@metropole.example")
    data = json.loads(DEMO.read_text())
    keys = []
    for code, times in (("un", 1), ("dix", 10)):
        territory = Territory.objects.create(code=code, name=f"Métropole {code}")
        keys.append(load_report(multiplied(data, times), territory=territory, number=2023, by=by).pk)
    return keys


def multiplied(data, times):
    """The report with each action `times` times, under titles of their own."""
    data = json.loads(json.dumps(data))
    for block in (
        block for section in data["sections"] for block in section["blocs"] if isinstance(block, dict)
    ):
        rows = block["tableau"]["lignes"]
        block["tableau"]["lignes"] = [
            {**row, "action": f"{row['action']} ({copy})" if copy else row["action"]}
            for copy in range(times)
            for row in rows
        ]
    return data


def report_rows(once, tenfold):
    """From the database to the page of HTML, against the PDF of that page and against ten times the actions."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from reporting import snapshot
    from reporting.assembly import assemble
    from reporting.renderers import html, pdf

    def prepare(year_id):
        return html.page(assemble(snapshot.take(year_id)))

    page = prepare(once)
    shares, growth = [], []
    for _ in range(ROUNDS + 1):
        shares.append(seconds(lambda: prepare(once)) / seconds(lambda: pdf.render_page(page)))
        growth.append(seconds(lambda: prepare(tenfold)) / seconds(lambda: prepare(once)))
    with CaptureQueriesContext(connection) as queries:
        snapshot.take(once)
    return [
        ("Instantané + assemblage + HTML / temps du PDF", f"{median(shares):.1%}", "<= 5 %"),
        ("Les mêmes, 10 x les actions / 1 x", f"{median(growth):.1f}", "imprimé"),
        ("Requêtes SQL de l'instantané", str(len(queries)), "<= 20"),
    ]


def hostile_rows():
    """The longest text that a field takes, made of one piece again and again, against half of it: 2 is linear."""
    from logement.richtext import from_markup, parse, to_html, to_markup
    from logement.text import MAX_RICH

    def growth(piece):
        whole, half = (piece * (size // len(piece)) for size in (MAX_RICH, MAX_RICH // 2))
        return round_trip(whole) / round_trip(half)

    def round_trip(text):
        return min(seconds(lambda: (to_markup(from_markup(text)), to_html(parse(text)))) for _ in range(3))

    worst = max(growth(piece) for piece in HOSTILE)
    return [("Texte riche hostile, 60 000 caractères / 30 000 (le pire)", f"{worst:.1f}", "2 : linéaire")]


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(figures):
    """The median, the first round (cold caches) left out where there are rounds to spare."""
    return statistics.median(figures[1:] if len(figures) > 3 else figures)


if __name__ == "__main__":
    sys.exit(main())
