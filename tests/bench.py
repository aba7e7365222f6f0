"""`make bench`: what the report and a campaign cost, as ratios measured within one run. It prints a table and judges
nothing. With the word « formats », « campagnes » or « controles », that part alone.

Figures of one run are compared with one another only: the machine may be slow, or shared.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = int(os.environ.get("ROUNDS", "7"))
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
    with tempfile.TemporaryDirectory(prefix="logement-bench-") as folder:
        os.environ |= {
            "VAR_DIR": folder,
            "SECRET_KEY": "bench" * 10,
            "HTTPS": "0",
            "DEBUG": "0",
            "LOG_LEVEL": "ERROR",
        }
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logement.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from tests import bench_campaigns, bench_checks, bench_formats

        parts = {
            "rapport": report_and_texts,
            "formats": bench_formats.rows,
            "controles": bench_checks.rows,
            "campagnes": bench_campaigns.rows,
        }
        call_command("migrate", verbosity=0)
        rows = [row for name in sys.argv[1:] or parts for row in parts[name]()]
    width = max(len(label) for label, _, _ in rows)
    print(f"{'Mesure'.ljust(width)}  {'Médiane':>12}  Visé")
    for label, figure, aim in rows:
        print(f"{label.ljust(width)}  {figure:>12}  {aim}")


def report_and_texts():
    once, tenfold = load()
    return [*report_rows(once), *growth_rows(once, tenfold), *hostile_rows()]


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


def report_rows(year_id):
    """The whole report against the bare engine, warm, in turn: A B A B…"""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from reporting import snapshot
    from reporting.assembly import assemble
    from reporting.renderers import html, pdf

    def prepare():
        return html.page(assemble(snapshot.take(year_id)))

    page = prepare()
    naked = bare_engine()
    whole_over_bare, prepare_over_pdf, wholes = [], [], []
    for _ in range(ROUNDS + 1):
        whole = seconds(lambda: pdf.render(assemble(snapshot.take(year_id))))
        bare = seconds(lambda: naked(page))
        wholes.append(whole)
        whole_over_bare.append(whole / bare)
        prepare_over_pdf.append(seconds(prepare) / bare)
    with CaptureQueriesContext(connection) as queries:
        snapshot.take(year_id)
    return [
        ("Rapport entier (base -> PDF), à chaud", f"{median(wholes):.3f} s", ""),
        ("Rapport entier / WeasyPrint nu sur le même HTML", f"{median(whole_over_bare):.2f}", "<= 1,10"),
        ("Instantané + assemblage + HTML / temps du PDF", f"{median(prepare_over_pdf):.1%}", "<= 5 %"),
        ("Requêtes SQL de l'instantané", str(len(queries)), "<= 20"),
    ]


def growth_rows(once, tenfold):
    """Ten times the actions against once, for the PDF and for the rest apart."""
    from reporting import snapshot
    from reporting.assembly import assemble
    from reporting.renderers import html, pdf

    def rest(year_id):
        return html.page(assemble(snapshot.take(year_id)))

    pages = rest(once), rest(tenfold)
    engine, others = [], []
    for _ in range(3):
        engine.append(seconds(lambda: pdf.render_page(pages[1])) / seconds(lambda: pdf.render_page(pages[0])))
        others.append(seconds(lambda: rest(tenfold)) / seconds(lambda: rest(once)))
    return [
        ("PDF de 10 x les actions / 1 x", f"{median(engine):.1f}", "imprimé"),
        ("Instantané + assemblage + HTML de 10 x les actions / 1 x", f"{median(others):.1f}", "imprimé"),
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


def bare_engine():
    """WeasyPrint as anyone would call it, kept warm in this process: fonts and stylesheets read once, no limits."""
    from django.conf import settings
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    folder = settings.BASE_DIR / "static/css"
    sheets = [CSS(filename=folder / name, font_config=fonts) for name in ("report.css", "report-print.css")]
    return lambda page: HTML(string=page).write_pdf(
        stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1"
    )


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(figures):
    """The median, the first round (cold caches) left out where there are rounds to spare."""
    return statistics.median(figures[1:] if len(figures) > 3 else figures)


if __name__ == "__main__":
    sys.exit(main())
