"""The receipt of what a partner sent: the same bytes for who may read it, from the frozen content alone."""

import io
from decimal import Decimal

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from axes.models import Answer
from axes.submissions import guests, moves
from axes.submissions.answers import add_document, save_answer
from logement.richtext import plain
from reporting import receipts
from reporting.renderers import html, pdf
from tests.factories import ActionFactory, IndicatorFactory, MembershipFactory, UserFactory
from tests.factories.campaigns import QuestionFactory, SubmissionFactory

pytestmark = pytest.mark.django_db


def client_of(person):
    client = Client()
    if person:
        client.force_login(person)
    return client


@pytest.fixture
def sending():
    submission = SubmissionFactory(campaign__year__number=2023, organisation__name="Association A")
    place = submission.campaign.year.territory
    action = ActionFactory(label="Accompagner", axis__agreement=submission.campaign.year.agreement)
    by = UserFactory(full_name="Julien Marty")

    def asked(label, **fields):
        indicator = IndicatorFactory(
            territory=place, action=action, label=label, source="submitted", **fields
        )
        return QuestionFactory(submission=submission, indicator=indicator)

    households = asked("Ménages accompagnés", unit="ménages")
    share = asked("Sorties positives", unit="%", kind="rate")
    waiting = asked("Délai moyen", unit="mois")
    text = QuestionFactory(submission=submission, indicator=None, action=action, kind="highlights")
    papers = QuestionFactory(submission=submission, indicator=None, action=None, kind="documents")
    save_answer(
        question=households,
        version=0,
        by=by,
        number=Decimal(1234),
        qualifier="around",
        note="<b>au 31/12</b>",
    )
    save_answer(question=share, version=0, by=by, numerator=Decimal(3), denominator=Decimal(4))
    save_answer(question=waiting, version=0, by=by, blank="unavailable")
    save_answer(question=text, version=0, by=by, text="Un lieu ouvert.\n\nUne équipe stable.")
    add_document(
        question=papers,
        name="liste.pdf",
        content=ContentFile(b"%PDF", name="liste.pdf"),
        media_type="application/pdf",
        by=by,
    )
    return moves.send(submission=submission, by=by, organisation=submission.organisation)


def cells_of(document):
    return [
        tuple(plain(cell.blocks) for cell in row.cells)
        for section in document.sections
        for node in section.content
        if hasattr(node, "rows")
        for row in node.rows
    ]


def address_of(sending):
    year = sending.submission.campaign.year
    return reverse(
        "reporting:receipt", args=[year.territory.code, year.number, sending.submission_id, sending.rank]
    )


def test_says_who_sent_what_and_its_fingerprint(sending):
    document = receipts.document(sending)
    page = html.page(document)
    assert cells_of(document) == [
        ("Ménages accompagnés", "environ 1\u202f234\u00a0ménages", "<b>au 31/12</b>"),
        ("Sorties positives", "75\u00a0% (3 sur 4)", ""),
        ("Délai moyen", "non disponible", ""),
    ]
    assert [section.label for section in document.sections] == [
        "Transmission",
        "Accompagner",
        "Sans action précise",
    ]
    for words in (sending.fingerprint, "Julien Marty", "Une équipe stable.", "liste.pdf", "Association A"):
        assert words in page
    assert "<b>au" not in page


def test_reads_nothing_of_the_draft_nor_of_what_changed_since(sending):
    before = html.page(receipts.document(sending))
    Answer.objects.update(note="zqk99kqz", text="zqk98kqz")
    organisation = sending.submission.organisation
    organisation.name = "zqk97kqz"
    organisation.save()
    assert html.page(receipts.document(sending)) == before


def test_on_behalf_names_the_source(sending):
    sending.content = sending.content.replace('"is_on_behalf":false', '"is_on_behalf":true').replace(
        '"source":""', '"source":"courriel.pdf"'
    )
    page = html.page(receipts.document(sending))
    assert "pour le compte de Association A" in page
    assert "courriel.pdf" in page


def test_partner_guest_and_lead_get_the_same_pdf_and_nobody_else_any(sending):
    submission = sending.submission
    place = submission.campaign.year.territory
    partner = MembershipFactory(partner=True, organisation=submission.organisation, territory=place).user
    lead = MembershipFactory(lead=True, territory=place).user
    link = guests.invite_guest(submission=submission, email="invitee@association.example", by=lead)
    guest = client_of(None)
    guest.post(guests.path_of(link))
    answers = [client.get(address_of(sending)) for client in (client_of(partner), client_of(lead), guest)]

    assert {answer.content for answer in answers} == {pdf.render(receipts.document(sending))}
    with pikepdf.open(io.BytesIO(answers[0].content)) as file:
        assert len(file.pages) == 1
    others = [
        MembershipFactory(territory=place, **{trait: True}).user
        for trait in ("partner", "reader", "ddets", "dihal")
    ]
    assert [client_of(other).get(address_of(sending)).status_code for other in others] == [404] * 4
    assert client_of(None).get(address_of(sending)).url.startswith("/compte/login/")


def test_a_pdf_that_cannot_be_made_leads_back_to_what_was_sent(sending, monkeypatch):
    lead = MembershipFactory(lead=True, territory=sending.submission.campaign.year.territory).user
    monkeypatch.setattr("reporting.views.report.RECEIPT_SECONDS", 0.001)
    answer = client_of(lead).get(address_of(sending))
    assert (answer.status_code, answer.url) == (302, address_of(sending).removesuffix("recepisse/"))
