"""`python -m tests.bench formats`: the time of each other format of the demonstration's report over that of its PDF."""

import statistics
import time
from io import StringIO

ROUNDS = 5
AIM = "<= 0,10"


def rows():
    from django.core.management import call_command

    from axes.models import Year
    from reporting import renderers, snapshot
    from reporting.assembly import assemble
    from reporting.renderers import html, pdf

    call_command("demo", stdout=StringIO())
    year = Year.objects.get(number=2023, territory__code="montpellier")
    document = assemble(snapshot.take(year.pk))
    page = html.page(document)
    others = [renderer for renderer in renderers.ALL if renderer.name != "pdf"]
    wholes, ratios = [], {renderer: [] for renderer in others}
    for turn in range(ROUNDS + 1):
        # Never twice the same page: what was laid out once is not laid out again.
        wholes.append(seconds(lambda turn=turn: pdf.render_page(f"{page}<!-- {turn} -->")))
        for renderer in others:
            ratios[renderer].append(seconds(lambda made=renderer: made.render(document)) / wholes[-1])
    return [
        ("PDF du rapport 2023 avec l'annexe des chiffres", f"{statistics.median(wholes[1:]):.2f} s", ""),
        *(
            (f"{renderer.label} / PDF", f"{statistics.median(held[1:]):.3f}", AIM)
            for renderer, held in ratios.items()
        ),
    ]


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
