"""What it costs to freeze a report and to verify its chain: a part of `make bench`. `VERSIONS` is how many.

Times are of the processor: the machine may be shared."""

import os
import time
from io import StringIO

from tests.bench_instance import instance
from tests.measures import record

VERSIONS = int(os.environ.get("VERSIONS", "1000"))


def main():
    with instance():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("demo", stdout=StringIO())
        for label, figure, aim in rows():
            print(f"{label:<62}  {figure:>12}  {aim}")
        record(
            "transmis.verification",
            label="Rapports transmis vérifiés en une seconde, du premier au dernier de la chaîne",
            value=int(figure),
            aim="500 au moins",
            command="python -m tests.bench_versions",
        )


def rows():
    """The report of 2023, frozen once for good, then its content under as many links as asked for."""
    from django.db import transaction

    from axes.models import Year
    from logement.models import User
    from reporting import chain, frozen, workflow
    from reporting.models import Version

    year = Year.objects.get(number=2023, territory__code="montpellier")
    lead = User.objects.get(email="cheffe@metropole.example")
    freezing = seconds(lambda: workflow.freeze(year, number=1, correction="", by=lead))
    chained = Version.objects.filter(territory=year.territory).order_by("rank")
    version = chained.last()
    with transaction.atomic():
        for _ in range(VERSIONS - chained.count()):
            version = link(version)
    reading = seconds(lambda: frozen.snapshot_of(version))
    verdict = None

    def verify():
        nonlocal verdict
        verdict = chain.verify(year.territory)

    verifying = seconds(verify)
    if (verdict.versions, verdict.fault) != (VERSIONS, ""):
        raise AssertionError(verdict)
    return [
        ("Figer le rapport 2023 (fichiers à part)", f"{freezing:.2f} s", ""),
        (f"Lire un instantané figé ({len(version.report) // 1024} ko)", f"{reading * 1000:.0f} ms", ""),
        ("Versions vérifiées par seconde", f"{VERSIONS / verifying:.0f}", ">= 500"),
    ]


def link(previous):
    """The next version, of the same content: what `freeze` writes, without reading the plan again."""
    from dataclasses import replace

    from logement.canonical import fingerprint_of
    from reporting import canonical
    from reporting.models import Version

    act = replace(
        previous.facts, number=previous.number + 1, rank=previous.rank + 1, previous=previous.fingerprint
    )
    version = Version(
        territory_id=previous.territory_id,
        year_id=previous.year_id,
        rank=act.rank,
        number=act.number,
        act=canonical.write(act),
        report=previous.report,
        frozen_at=act.frozen_at,
        frozen_by=previous.frozen_by,
    )
    version.fingerprint = fingerprint_of(version.content)
    version.save(force_insert=True)
    return version


def seconds(act):
    start = time.process_time()
    act()
    return time.process_time() - start


if __name__ == "__main__":
    main()
