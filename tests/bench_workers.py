"""`python -m tests.services -- python -m tests.bench_workers`: the PDFs of `TERRITORIES` through one worker, then two.

The workers are those of production (docker-compose.yml), with one thread each: Celery, its Redis, PostgreSQL, and a PDF
engine of their own. Nothing is measured before each has made a first PDF, and no PDF is found in a cache. What two
processes that only count gain over one, on the same cores in the same run, is the most that two workers could.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

from tests.bench_instance import instance
from tests.measures import record

TERRITORIES = int(os.environ.get("TERRITORIES", "44"))
COUNTING = (sys.executable, "-c", "for _ in range(40_000_000): pass")
WORKER = (
    "celery",
    "-A",
    "logement",
    "worker",
    "--pool",
    "threads",
    "--concurrency",
    "1",
    "--loglevel",
    "ERROR",
)


def main():
    with instance():
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        by, years = world()
        print(f"{len(years)} exercices à mettre en page.", flush=True)
        one, two = (seconds(by, years, workers) for workers in (1, 2))
        gain, most = round(one / two, 2), 2 * counting(1) / counting(2)
    print(f"{f'{len(years)} PDF, un worker':<62}  {one:>10.1f} s")
    print(f"{'Les mêmes, deux workers : gain':<62}  {gain:>12.2f}  >= 1,8")
    print(f"{'Deux processus qui ne font que compter : gain':<62}  {most:>12.2f}")
    record(
        "tous.deux-workers",
        label=f"Rapports de {len(years)} territoires mis en page par deux processus plutôt qu'un, sur deux cœurs : "
        "gain de temps",
        value=gain,
        unit="fois",
        aim="1,8 au moins",
        command="python -m tests.services -- python -m tests.bench_workers",
    )


def world():
    """(the person who asks, an exercise of each territory): that of the demonstration's report, copied."""
    from axes.imports import load_report
    from axes.models import Year
    from logement.models import Territory, User
    from tests.bench import DEMO
    from tests.copies import copy_territory

    by = User.objects.create_user("bench@metropole.example")
    original = Territory.objects.create(code="metropole", name="Métropole")
    load_report(json.loads(DEMO.read_text()), territory=original, number=2023, by=by)
    copy_territory(original, TERRITORIES - 1)
    return by, list(Year.objects.select_related("territory"))


def seconds(by, years, workers):
    """How long the workers take, the first PDFs of each left out."""
    with ExitStack() as running:
        for rank in range(workers):
            running.enter_context(worker(rank))
        done(by, years[: 2 * workers])
        start = time.perf_counter()
        done(by, years)
        return time.perf_counter() - start


@contextmanager
def worker(rank):
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.people_settings"}
    command = [sys.executable, "-m", *WORKER, "--hostname", f"bench{rank}@%h"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def done(by, years):
    """Asks for the PDF of each exercise, and waits for them all."""
    from logement import jobs
    from logement.models import Job

    asked = [
        jobs.enqueue(
            kind="report", territory=year.territory, by=by, year=year.pk, format="pdf", public=False
        ).pk
        for year in years
    ]
    waiting = Job.objects.filter(pk__in=asked).exclude(state=Job.State.DONE)
    while left := list(waiting.values_list("state", "message")):
        if failed := [message for state, message in left if state == Job.State.FAILED]:
            raise AssertionError(failed)
        time.sleep(0.2)


def counting(processes):
    """Seconds that so many processes take, side by side."""
    start = time.perf_counter()
    for process in [subprocess.Popen(COUNTING) for _ in range(processes)]:
        process.wait()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
