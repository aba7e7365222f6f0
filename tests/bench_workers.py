"""`python -m tests.services -- python -m tests.bench_workers`: the PDFs of `TERRITORIES` through one worker, then two.

The workers are those of production (docker-compose.yml), with one thread each: Celery, its Redis, PostgreSQL, and a PDF
engine of their own. Nothing is measured before each has made a first PDF, and no PDF is found in a cache.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

from tests.bench_instance import instance

TERRITORIES = int(os.environ.get("TERRITORIES", "44"))
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
        one, two = (seconds(*world(workers), workers) for workers in (1, 2))
    print(f"{f'{TERRITORIES} territoires, un worker':<62}  {one:>10.1f} s")
    print(f"{'Les mêmes, deux workers : gain':<62}  {one / two:>12.2f}  >= 1,8")


def world(workers):
    """(the person who asks, exercises of territories of their own) for a passage with that many workers."""
    from axes.imports import load_report
    from logement.models import Territory, User
    from tests.bench import DEMO

    by = User.objects.create_user(f"bench-{workers}@metropole.example")
    data = json.loads(DEMO.read_text())
    years = []
    for rank in range(TERRITORIES + 2 * workers):
        territory = Territory.objects.create(code=f"t{workers}-{rank}", name=f"Métropole {workers}-{rank}")
        years.append(load_report(data, territory=territory, number=2023, by=by))
    return by, years


def seconds(by, years, workers):
    """How long the workers take, the first PDFs of each left out."""
    with ExitStack() as running:
        for rank in range(workers):
            running.enter_context(worker(rank))
        done(by, years[TERRITORIES:])
        start = time.perf_counter()
        done(by, years[:TERRITORIES])
        return time.perf_counter() - start


@contextmanager
def worker(rank):
    process = subprocess.Popen([sys.executable, "-m", *WORKER, "--hostname", f"bench{rank}@%h"])
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
    while waiting.exists():
        if failed := waiting.filter(state=Job.State.FAILED).first():
            raise AssertionError(failed.message)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
