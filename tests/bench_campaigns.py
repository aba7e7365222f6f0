"""A campaign of 60 partners x 40 figures, against bare Django views of the same size. See tests/bench.py."""

import itertools
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.urls import include, path

PARTNERS, FIGURES, WRITERS, SAVES = 60, 40, 50, 6
PAGES = {}  # what the bare view gives back: the very page that it is compared with


@login_not_required
def bare_page(request, name):
    """The same bytes, through the same middleware: what remains is what the page costs."""
    return HttpResponse(PAGES[name])


@login_not_required
def bare_save(request, key):
    """One row read and written in a transaction, as short as Django makes it."""
    from django.db import transaction

    from axes.models import Answer

    with transaction.atomic():
        answer = Answer.objects.select_for_update().get(question=key)
        answer.number = Decimal(request.POST["number"])
        answer.save(update_fields=["number"])
    return JsonResponse({"version": answer.version})


urlpatterns = [
    path("nu/<str:name>/", bare_page),
    path("nu/ecrire/<int:key>/", bare_save),
    path("", include("logement.urls")),
]


def rows():
    """The lines of the table: pages, then the workbook, then the writers, on the database in use."""
    from django.db import connection
    from django.test import override_settings

    with override_settings(ROOT_URLCONF="tests.bench_campaigns", ALLOWED_HOSTS=["*"]):
        bench = Bench()
        return [*bench.pages(), *bench.workbook(), *bench.writers(connection.vendor)]


class Bench:
    """The campaign, and somebody signed in for each side of it."""

    def __init__(self):
        from django.test import Client

        from axes.submissions import moves
        from tests.factories import (
            ActionFactory,
            IndicatorFactory,
            MembershipFactory,
            UserFactory,
            YearFactory,
        )
        from tests.factories.campaigns import (
            AnswerFactory,
            CampaignFactory,
            QuestionFactory,
            SubmissionFactory,
        )

        year = YearFactory(number=2023)
        place = year.territory
        campaign = CampaignFactory(year=year, opened=True)
        action = ActionFactory(axis__agreement=year.agreement)
        indicators = IndicatorFactory.create_batch(
            FIGURES, territory=place, action=action, source="submitted"
        )
        by = UserFactory()
        self.submissions, self.questions = [], []
        for _ in range(PARTNERS):
            submission = SubmissionFactory(campaign=campaign)
            asked = [QuestionFactory(submission=submission, indicator=held) for held in indicators]
            for question in asked:
                AnswerFactory(question=question, updated_by=by)
            type(submission).objects.filter(pk=submission.pk).update(state="draft")
            self.submissions.append(submission)
            self.questions.append(asked)
        sent = self.submissions[0]
        moves.send(submission=sent, by=by, organisation=sent.organisation)
        self.base = f"/{place.code}/{year.number}"
        self.lead, self.partners = Client(), [Client() for _ in range(WRITERS)]
        self.lead.force_login(MembershipFactory(lead=True, territory=place).user)
        for client, submission in zip(self.partners, self.submissions[1:], strict=False):
            member = MembershipFactory(partner=True, territory=place, organisation=submission.organisation)
            client.force_login(member.user)

    def pages(self):
        sent, filled = self.submissions[0].pk, self.submissions[1].pk
        return [
            self.against_bare("Tableau de 60 partenaires", self.lead, f"{self.base}/campagne/"),
            self.against_bare("Examen de 40 réponses", self.lead, f"{self.base}/bilans/{sent}/examen/"),
            self.against_bare(
                "Formulaire de 40 questions", self.partners[0], f"{self.base}/bilans/{filled}/"
            ),
        ]

    def against_bare(self, label, client, address):
        PAGES["page"] = answered(client.get(address)).content
        ratios, times = [], []
        for _ in range(7):
            page, bare = seconds(lambda: client.get(address)), seconds(lambda: client.get("/nu/page/"))
            ratios.append(page / bare)
            times.append(page)
        size = len(PAGES["page"]) // 1024
        words = f"{statistics.median(ratios):.1f}"
        return f"{label} ({statistics.median(times) * 1000:.0f} ms, {size} Ko) / vue nue", words, "imprimé"

    def workbook(self):
        """A workbook given back: read, compared and held; against a bare view that gives its bytes back."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        client, key = self.partners[0], self.submissions[1].pk
        address = f"{self.base}/bilans/{key}/tableur/"
        content = answered(client.get(address)).content
        PAGES["page"] = content
        times, ratios = [], []
        for _ in range(5):
            file = SimpleUploadedFile("bilan.xlsx", content)
            start = time.perf_counter()
            response = client.post(f"{address}deposer/", {"file": file}, follow=True)
            times.append(time.perf_counter() - start)
            answered(response)
            ratios.append(times[-1] / seconds(lambda: client.get("/nu/page/")))
        label = f"Tableur déposé et relu ({statistics.median(times) * 1000:.0f} ms) / vue nue"
        return [(label, f"{statistics.median(ratios):.0f}", "imprimé")]

    def writers(self, vendor):
        """50 people who save at once, against as many bare views that write one row each."""
        counts = [itertools.count(1) for _ in range(WRITERS)]

        def save(rank):
            question, value = self.questions[rank + 1][0], next(counts[rank])
            prefix = f"q{question.pk}-"
            fields = {"answer": "given", "number": str(100 + value), "qualifier": "exact", "version": value}
            address = f"{self.base}/bilans/{self.submissions[rank + 1].pk}/reponse/{question.pk}/"
            typed = {f"{prefix}{name}": words for name, words in fields.items()}
            return self.partners[rank].post(address, typed)

        def bare(rank):
            question = self.questions[rank + 1][1]
            return self.partners[rank].post(f"/nu/ecrire/{question.pk}/", {"number": "7"})

        (ours, refused), (theirs, bare_refused) = rate(save), rate(bare)
        label = f"{WRITERS} personnes qui enregistrent, {vendor} ({ours:.0f} par seconde) / vue nue ({theirs:.0f})"
        return [
            (label, f"{ours / theirs:.2f}", "imprimé"),
            (
                f"Dont refusés, base occupée, sur {WRITERS * SAVES} / vue nue",
                f"{refused} / {bare_refused}",
                "0",
            ),
        ]


def rate(act):
    """(acts a second, acts that the busy database refused) of as many threads that start together."""
    from django.db import OperationalError, connection

    together = threading.Barrier(WRITERS + 1)

    def write(rank):
        together.wait()
        refused = 0
        for _ in range(SAVES):
            try:
                answered(act(rank))
            except OperationalError:
                refused += 1
        connection.close()
        return refused

    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(write, rank) for rank in range(WRITERS)]
        together.wait()
        start = time.perf_counter()
        refused = sum(done.result() for done in running)
        return (WRITERS * SAVES - refused) / (time.perf_counter() - start), refused


def answered(response):
    """The response, once it is sure that the page was what is measured, and no refusal."""
    if response.status_code != 200:
        raise SystemExit(f"{response.status_code} : {response.content[:300]!r}")
    return response


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
