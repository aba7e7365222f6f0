"""Fifty people at once, then the day of the deadline, on the processes of production: a part of `make bench`.

gunicorn, a worker, beat, PostgreSQL and Redis, over loopback, the visitors in this process: all on the same cores. A
figure is a ratio to a bare Django view that goes through the same middleware, measured in the same run.
"""

import http.client
import os
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from itertools import chain
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from logement.numbers import format_number
from tests.measures import record

PEOPLE, ROUNDS = 50, 6
PARTNERS, PERIOD, SECONDS, PDFS = 60, 2.0, 20, 5


def main():
    from tests.production import SERVICES, Production

    processes = str(SERVICES["web"]["environment"]["WEB_CONCURRENCY"])
    settings = {
        "DJANGO_SETTINGS_MODULE": "tests.people_settings",
        "WEB_CONCURRENCY": processes,
        "LOG_LEVEL": "WARNING",
    }
    with Production(**settings) as running:
        os.environ |= running.environment
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("demo", stdout=StringIO())
        people = People()
        people.site, web = running.web()
        worker = running.worker("a")
        running.beat()
        for name, label, figure, unit in chain(people.at_once(), people.deadline()):
            print(f"{label:<70}  {figure:>14} {unit}", flush=True)
            record(
                f"tous.{name}", label=label, value=figure, unit=unit, command="python -m tests.bench_people"
            )
        for name, server in (("web", web), ("worker, moteur PDF compris", worker)):
            print(f"{f'Mémoire : {name}':<70}  {memory(server.process.pid) // 1024:>11} Mo")


class People:
    """A campaign of 60 partners x 10 figures, and somebody signed in for each of them; five leads of the report."""

    def __init__(self):
        from axes.models import Year
        from tests.factories import IndicatorFactory, MembershipFactory, UserFactory, YearFactory
        from tests.factories.campaigns import (
            AnswerFactory,
            CampaignFactory,
            QuestionFactory,
            SubmissionFactory,
        )

        year = YearFactory(number=2023)
        campaign, by = CampaignFactory(year=year, opened=True), UserFactory()
        indicators = IndicatorFactory.create_batch(10, territory=year.territory, source="submitted")
        self.base, self.partners = f"/{year.territory.code}/{year.number}", []
        for _ in range(PARTNERS):
            submission = SubmissionFactory(campaign=campaign)
            questions = [QuestionFactory(submission=submission, indicator=each) for each in indicators]
            for question in questions:
                AnswerFactory(question=question, updated_by=by)
            held = {"territory": year.territory, "organisation": submission.organisation}
            session = session_of(MembershipFactory(partner=True, **held).user)
            self.partners.append((session, submission.pk, [question.pk for question in questions]))
        report = Year.objects.get(territory__code="montpellier", number=2023)
        self.report = f"/montpellier/{report.number}/rapport/fichier/"
        leads = [MembershipFactory(lead=True, territory=report.territory).user for _ in range(PDFS)]
        self.leads = [session_of(user) for user in leads]
        self.versions = {}

    def page(self, visit, rank):
        return visit("GET", f"{self.base}/bilans/{self.partners[rank][1]}/")

    def save(self, visit, rank):
        _, submission, questions = self.partners[rank]
        key = questions[0]
        version = self.versions.setdefault(key, 1)
        fields = {"answer": "given", "number": 100 + version, "qualifier": "exact", "version": version}
        typed = {f"q{key}-{name}": value for name, value in fields.items()}
        status = visit("POST", f"{self.base}/bilans/{submission}/reponse/{key}/", typed)
        self.versions[key] += 1
        return status

    def at_once(self):
        """p95 of each act, fifty people doing it at once, by that of the bare view of the same kind."""
        acts = {
            "vue nue": lambda visit, rank: visit("GET", "/nu/"),
            "écriture nue": lambda visit, rank: visit(
                "POST", f"/nu/{self.partners[rank][2][1]}/", {"number": 7}
            ),
            "page": self.page,
            "enregistrement": self.save,
        }
        for act in acts.values():  # nobody measures a process that reads its templates for the first time
            self.together(act, PEOPLE, lambda done: done < 1)
        times = {name: self.together(act, PEOPLE, lambda done: done < ROUNDS) for name, act in acts.items()}
        for name, bare, words in (
            ("page", "vue nue", "temps d'une page de bilan, comparé à celui d'une page presque vide"),
            (
                "enregistrement",
                "écriture nue",
                "temps d'un enregistrement, comparé à l'écriture d'un seul nombre",
            ),
        ):
            ours, theirs = p95(times[name]), p95(times[bare])
            seconds = f"{format_number(ours, 1)} s contre {format_number(theirs, 1)} s, dépassées une fois sur vingt"
            label = f"{PEOPLE} personnes à la fois : {words} ({seconds})"
            yield f"affluence-{name}", label, round(ours / theirs, 1), "fois"

    def deadline(self):
        """Sixty partners who save every two seconds while five PDFs are made."""
        from logement.models import Job

        others = [*Job.objects.values_list("pk", flat=True)]  # those of the demonstration
        begun = time.monotonic()
        for session in self.leads:
            Visit(self.site, session)("POST", self.report, {"format": "pdf"})

        def still(done):
            time.sleep(max(0.0, begun + PERIOD * (done + 1) - time.monotonic()))
            return time.monotonic() - begun < SECONDS or Job.objects.filter(finished_at=None).exists()

        times = self.together(self.save, PARTNERS, still)
        ended = list(Job.objects.exclude(pk__in=others).values_list("state", flat=True))
        if ended != ["done"] * PDFS:
            raise SystemExit(f"PDF : {ended}")
        # Any other status has stopped everything.
        day = f"Le jour de la date limite, pendant que {PDFS} rapports se mettent en page"
        yield "echeance-erreurs", f"{day} : enregistrements en erreur", 0, f"sur {format_number(len(times))}"
        slow = f"temps des enregistrements lents (un sur vingt dépasse {format_number(p95(times), 1)} s)"
        yield (
            "echeance-p95",
            f"{day} : {slow}, comparé à celui du milieu",
            round(p95(times) / statistics.median(times), 1),
            "fois",
        )

    def together(self, act, people, goes_on):
        """The seconds of each act of that many people, who start together. SystemExit at the first error."""
        from django.db import connection

        start = threading.Barrier(people)

        def behave(rank):
            visit, times = Visit(self.site, self.partners[rank][0]), []
            start.wait()
            while goes_on(len(times)):
                begun = time.perf_counter()
                status = act(visit, rank)
                times.append(time.perf_counter() - begun)
                if status != 200:
                    raise SystemExit(f"{status} : {visit.body[:300]!r}")
            connection.close()
            return times

        with ThreadPoolExecutor(people) as pool:
            running = [pool.submit(behave, rank) for rank in range(people)]
            return [seconds for done in running for seconds in done.result()]


class Visit:
    """A session at the site, which keeps its connection as browsers do."""

    def __init__(self, site, session):
        self.host, self.session = urlsplit(site).netloc, session
        self.connection, self.body = http.client.HTTPConnection(self.host, timeout=120), b""

    def __call__(self, method, address, fields=None):
        token = "x" * 32
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={token}", "X-CSRFToken": token}
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, address, urlencode(fields or {}), headers)
            answer = self.connection.getresponse()
        except (
            http.client.RemoteDisconnected,
            ConnectionResetError,
        ):  # it was kept too long: browsers ask again
            self.connection.close()
            self.connection.request(method, address, urlencode(fields or {}), headers)
            answer = self.connection.getresponse()
        self.body = answer.read()
        return answer.status


def session_of(user):
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def p95(times):
    return statistics.quantiles(times, n=20)[-1]


def memory(pid):
    """kB of the memory of a process and its descendants, what they share counted once."""
    own = next(
        int(line.split()[1])
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        if line.startswith("Pss:")
    )
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    threads = {
        child
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    }
    return own + sum(memory(int(child)) for child in {*children, *threads})


if __name__ == "__main__":
    main()
