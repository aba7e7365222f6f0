"""The partner's form: what it shows, what it saves, what it refuses without losing a word, who comes in."""

import json
import re
import zipfile
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from axes.models import Answer, Document, GuestLink, Question, Sending, Submission
from axes.submissions import answers, guests, moves
from axes.submissions.answers import save_answer
from logement.models import Message
from tests.factories import (
    ActionFactory,
    EntryFactory,
    IndicatorFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    YearFactory,
)
from tests.factories.campaigns import (
    AnswerFactory,
    CampaignFactory,
    QuestionFactory,
    SubmissionFactory,
    submission_in,
)

SPACE, THIN = "\u00a0", "\u202f"
State = Submission.State
pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def submission():
    return SubmissionFactory(campaign__year__number=2023, organisation__name="Le Toit")


@pytest.fixture
def partner(client, submission):
    """The referent of the association, signed in."""
    return sign_in(client, submission)


def member(submission, role="partner", **fields):
    place = {"territory": submission.campaign.year.territory, "organisation": submission.organisation}
    return MembershipFactory(**place | {"role": role} | fields).user


def sign_in(client, submission, role="partner", **fields):
    user = member(submission, role, **fields)
    client.force_login(user)
    return user


def url(name, submission, *args):
    year = submission.campaign.year
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, submission.pk, *args])


def figure(submission, label="Ménages", **fields):
    number = fields.pop("position", submission.questions.count() + 1)
    asked = {name: fields.pop(name) for name in ("example", "is_contested", "remark") if name in fields}
    return QuestionFactory(
        submission=submission,
        position=number,
        indicator=IndicatorFactory(
            territory=submission.campaign.year.territory,
            source="submitted",
            **{"label": label, "unit": "ménages"} | fields,
        ),
        **asked,
    )


def text(submission, kind="highlights"):
    return QuestionFactory(submission=submission, kind=kind, indicator=None, action=None)


def typed(question, version=0, **fields):
    """What the page sends of an answer."""
    fields = {"answer": "given"} | fields if question.is_figure else fields
    return {f"q{question.pk}-{name}": value for name, value in ({"version": version} | fields).items()}


def words(response):
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()).replace("&#x27;", "'"))


# --- What it shows ---


def test_form_shows_each_question_under_its_action_with_last_year_definition_unit_and_example(
    client, submission, partner
):
    year = submission.campaign.year
    before = YearFactory(agreement=year.agreement, number=2022)
    action = ActionFactory(label="Capter des logements")
    asked = figure(submission, action=action, definition="Ceux qui entrent.", example="12")
    EntryFactory(indicator=asked.indicator, year=before, number=1234)
    text(submission)

    page = client.get(url("fill", submission))

    read = words(page)
    assert "Capter des logements" in read
    for expected in ("Ceux qui entrent.", "Valeur (ménages)", "Exemple : 12.", f"1{THIN}234{SPACE}ménages"):
        assert expected in read
    assert (
        read.index("Capter des logements") < read.index("Ensemble de l'année") < read.index("Faits marquants")
    )
    assert "0 réponse sur 1" in read


def test_last_year_of_other_partners_is_not_shown(client, submission, partner):
    """The indicator had a total of several partners last year: a partner asked alone this year reads none of it."""
    year = submission.campaign.year
    before = YearFactory(agreement=year.agreement, number=2022)
    asked = figure(submission)
    earlier = CampaignFactory(year=before, opened=True)
    for _ in range(2):
        other = SubmissionFactory(campaign=earlier)
        question = QuestionFactory(submission=other, indicator=asked.indicator)
        save_answer(question=question, version=0, by=UserFactory(), number=Decimal(4321))
        moves.send(submission=other, by=UserFactory(), organisation=other.organisation)
        moves.validate(submission=other, by=UserFactory(), organisation=other.organisation)

    read = words(client.get(url("fill", submission)))

    assert "321" not in read
    assert "642" not in read
    assert "pas de valeur" in read


def test_last_year_is_the_partners_own_sent_answer_before_it_is_accepted(client, submission, partner):
    year = submission.campaign.year
    before = YearFactory(agreement=year.agreement, number=2022)
    asked = figure(submission)
    earlier = SubmissionFactory(
        campaign=CampaignFactory(year=before, opened=True), organisation=submission.organisation
    )
    question = QuestionFactory(submission=earlier, indicator=asked.indicator)
    save_answer(question=question, version=0, by=partner, number=Decimal(57))
    moves.send(submission=earlier, by=partner, organisation=earlier.organisation)

    assert f"57{SPACE}ménages" in words(client.get(url("fill", submission)))


def test_parts_stand_under_their_whole_with_their_running_total(client, submission, partner):
    whole = figure(submission, "Personnes", unit="personnes")
    adults = figure(submission, "Adultes", unit="personnes", whole=whole.indicator)
    children = figure(submission, "Enfants", unit="personnes", whole=whole.indicator)

    def save(question, number):
        answer = client.post(url("save_answer", submission, question.pk), typed(question, number=number))
        return answer.json()["places"]

    save(whole, "56")
    save(adults, "45")
    assert "Total des parties : 45 personnes sur 56. Reste 11 à répartir." in save_notes(
        client, submission, whole
    )
    places = save(children, "13")

    assert "Total des parties : 58 personnes sur 56. C'est 2 de trop" in unescape(places[f"avis-{whole.pk}"])
    assert "3 réponses sur 3" in places["avancement"]


def save_notes(client, submission, question):
    page = client.get(url("fill", submission)).content.decode()
    found = re.search(rf'id="avis-{question.pk}">(.*?)</div>', page, re.DOTALL)
    return unescape(re.sub(r"\s+", " ", found[1]))


def unescape(html):
    return html.replace("&#x27;", "'")


def test_multiple_answers_have_no_sum_check_but_a_part_above_its_whole_warns(client, submission, partner):
    whole = figure(submission, "Ménages suivis", has_multiple_answers=True)
    phone = figure(submission, "Par téléphone", whole=whole.indicator)
    visit = figure(submission, "À domicile", whole=whole.indicator)
    for question, number in ((whole, 10), (phone, 9), (visit, 8)):
        AnswerFactory(question=question, number=number)
    assert "Total des parties" not in save_notes(client, submission, whole)

    response = client.post(url("save_answer", submission, visit.pk), typed(visit, version=1, number="11"))

    notes = response.json()["places"][f"avis-{visit.pk}"]
    assert f"« À domicile » (11{SPACE}ménages) dépasse « Ménages suivis »" in notes


@pytest.mark.parametrize("count", [1, 3])
def test_form_and_save_ask_the_same_queries_whatever_the_number_of_questions(
    client, submission, partner, count, django_assert_num_queries
):
    before = YearFactory(agreement=submission.campaign.year.agreement, number=2022)
    earlier = SubmissionFactory(
        campaign=CampaignFactory(year=before, opened=True),
        organisation=submission.organisation,
        state=State.DRAFT,
    )
    whole = None
    for _ in range(count):
        question = figure(submission, whole=whole and whole.indicator)
        AnswerFactory(question=question)
        AnswerFactory(question=QuestionFactory(submission=earlier, indicator=question.indicator))
        whole = whole or question
        Document.objects.create(
            question=text(submission, ["highlights", "difficulties", "documents"][_]),
            file="x",
            name="x.pdf",
            media_type="application/pdf",
            size=1,
            digest=str(_),
            added_by=partner,
        )
    moves.send(submission=earlier, by=partner, organisation=submission.organisation)

    with django_assert_num_queries(13):
        client.get(url("fill", submission))
    with django_assert_num_queries(24):
        response = client.post(
            url("save_answer", submission, question.pk), typed(question, version=1, number="13")
        )
    assert response.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_queries_whatever_the_number_of_submissions(
    client, submission, partner, count, django_assert_num_queries
):
    for _ in range(count - 1):
        other = SubmissionFactory(campaign=submission.campaign)
        MembershipFactory(
            user=partner,
            role="partner",
            organisation=other.organisation,
            territory=submission.campaign.year.territory,
        )
    year = submission.campaign.year
    with django_assert_num_queries(6):
        page = client.get(reverse("axes:submissions", args=[year.territory.code, year.number]))
    assert page.content.decode().count("card-title") == count


# --- One answer at a time ---


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"number": f"1{THIN}234,5"}, {"number": Decimal("1234.5")}),
        ({"number": f"1{SPACE}234"}, {"number": Decimal(1234)}),
        ({"number": "0"}, {"number": Decimal(0)}),
        ({"number": "500", "qualifier": "around"}, {"number": Decimal(500), "qualifier": "around"}),
        ({"answer": "unavailable"}, {"number": None, "blank": "unavailable"}),
        ({"answer": "not_applicable"}, {"number": None, "blank": "not_applicable"}),
        ({"number": "3", "note": " Sans mars. "}, {"number": Decimal(3), "note": "Sans mars."}),
    ],
)
def test_an_answer_is_saved_as_the_french_write_it(client, submission, partner, sent, stored):
    question = figure(submission)

    response = client.post(url("save_answer", submission, question.pk), typed(question, **sent))

    answer = Answer.objects.get(question=question)
    assert (response.status_code, response.json()["version"]) == (200, 1)
    assert {name: getattr(answer, name) for name in stored} == stored
    assert answer.updated_by == partner


def test_a_rate_keeps_both_and_shows_its_percentage(client, submission, partner):
    question = figure(submission, kind="rate", unit="%")
    half = client.post(url("save_answer", submission, question.pk), typed(question, numerator="40"))
    assert "Il manque le dénominateur." in half.json()["places"][f"avis-{question.pk}"]
    assert "0 réponse sur 1" in half.json()["places"]["avancement"]

    whole = client.post(
        url("save_answer", submission, question.pk),
        typed(question, version=1, numerator="40", denominator="56"),
    )

    assert f"soit 71{SPACE}%" in whole.json()["places"][f"avis-{question.pk}"]
    assert Answer.objects.get().denominator == 56


@pytest.mark.parametrize(
    ("fields", "sent", "name", "sentence"),
    [
        ({}, {"number": "douze"}, "number", "« douze » n'est pas un nombre"),
        ({}, {"number": "-1"}, "number", "Un nombre négatif est impossible"),
        ({}, {"answer": "unavailable", "number": "1"}, "answer", "gardez l'un des deux"),
        ({"kind": "rate"}, {"numerator": "1", "denominator": "0"}, "denominator", "supérieur à zéro"),
        ({"unit": "date"}, {"day": "31/02/2023"}, "day", "Cette date n'existe pas"),
        (
            {"unit": "%", "kind": "context"},
            {"number": "19", "numerator": "1"},
            "number",
            "Gardez soit le pourcentage",
        ),
        ({}, {"note": "x" * 501}, "note", "501 caractères"),
        ({}, {"version": "abc"}, "version", "rechargez la page"),
    ],
)
def test_a_wrong_answer_is_refused_by_a_sentence_at_its_field(
    client, submission, partner, fields, sent, name, sentence
):
    question = figure(submission, **fields)

    response = client.post(
        url("save_answer", submission, question.pk), typed(question) | typed(question, **sent)
    )

    assert response.status_code == 422
    [found] = response.json()["errors"][f"q{question.pk}-{name}"]
    assert sentence in found
    assert not Answer.objects.exists()


def test_the_same_content_twice_is_one_save(client, submission, partner):
    question = figure(submission)
    for _ in range(2):
        response = client.post(url("save_answer", submission, question.pk), typed(question, number="7"))
        assert (response.status_code, response.json()["version"]) == (200, 1)

    assert Answer.history.count() == 1


def test_a_conflict_gives_both_answers_and_saves_neither(client, submission, partner):
    question = figure(submission)
    save_answer(question=question, version=0, by=UserFactory(full_name="Ana Roy"), number=Decimal(14))

    response = client.post(url("save_answer", submission, question.pk), typed(question, number="12"))

    assert response.status_code == 409
    given = response.json()
    assert "Ana Roy a enregistré une autre réponse" in given["html"]
    assert f"14{SPACE}ménages" in given["html"]
    assert given["fields"] == typed(question) | {
        f"q{question.pk}-{name}": value
        for name, value in {"version": "1", "number": "14", "qualifier": "exact", "note": ""}.items()
    }
    assert Answer.objects.get().number == 14


def test_a_text_that_names_somebody_is_saved_and_warns(client, submission, partner):
    question = text(submission)

    response = client.post(
        url("save_answer", submission, question.pk), typed(question, text="Mme Durand\0 a emménagé.\r\nOui")
    )

    assert Answer.objects.get().text == "Mme Durand a emménagé.\nOui"
    assert "« Mme Durand » semble désigner une personne" in response.json()["places"][f"avis-{question.pk}"]


def test_markup_typed_never_becomes_markup_of_a_fragment(client, submission, partner):
    question = text(submission)
    bad = "M. <img src=x>Durand, tel 06 11 22 33 44 <script>alert(1)</script>"

    response = client.post(url("save_answer", submission, question.pk), typed(question, text=bad))

    assert not re.search("<(script|img)", "".join(response.json()["places"].values()))


# --- All at once, without JavaScript ---


def test_all_is_saved_but_what_is_wrong_which_stays_as_typed(client, submission, partner):
    good, wrong, free = figure(submission, "Bons"), figure(submission, "Faux"), text(submission)
    sent = typed(good, number="5") | typed(wrong, number="cinq <b>") | typed(free, text="Une année.")

    page = client.post(url("fill", submission), sent)

    assert page.status_code == 422
    assert {a.question_id for a in Answer.objects.all()} == {good.pk, free.pk}
    html = page.content.decode()
    assert "error-summary" in html
    assert "2 réponses enregistrées." in html
    assert f'href="#id_q{wrong.pk}-number"' in html
    assert 'value="cinq &lt;b&gt;"' in html


def test_two_pages_saved_whole_conflict_only_where_both_wrote(client, submission, partner):
    first, second = figure(submission, "Un"), figure(submission, "Deux")
    for question in (first, second):
        AnswerFactory(question=question, number=1)
        Answer.history.update(number=1)
    colleague = Client()
    sign_in(colleague, submission)
    sent = typed(first, 1, number="10") | typed(second, 1, number="1")
    assert colleague.post(url("fill", submission), sent).status_code == 302

    untouched = client.post(
        url("fill", submission), typed(first, 1, number="1") | typed(second, 1, number="20")
    )
    assert untouched.status_code == 302
    assert [a.number for a in Answer.objects.order_by("question")] == [10, 20]

    page = client.post(url("fill", submission), typed(first, 1, number="30"))
    assert page.status_code == 409
    html = page.content.decode()
    assert 'value="30"' in html
    assert f"10{SPACE}ménages" in html

    kept = client.post(url("fill", submission), typed(first, 2, number="30") | {"keep": first.pk})
    assert kept.status_code == 302
    assert Answer.objects.get(question=first).number == 30
    taken = client.post(url("fill", submission), typed(first, 1, number="40") | {"take": first.pk})
    assert taken.status_code == 302
    assert Answer.objects.get(question=first).number == 30


def test_a_correction_opens_only_what_is_contested_with_its_remark(client, submission, partner):
    contested, settled = figure(submission, "Contestée"), figure(submission, "Réglée")
    for question in (contested, settled):
        save_answer(question=question, version=0, by=partner, number=Decimal(1))
    moves.send(submission=submission, by=partner, organisation=submission.organisation)
    moves.request_correction(
        submission=submission,
        comment="Revoyez le premier.",
        remarks={contested.pk: "Est-ce bien 1 ?"},
        by=UserFactory(),
        organisation=submission.organisation,
    )

    page = client.get(url("fill", submission))
    refused = client.post(url("save_answer", submission, settled.pk), typed(settled, 1, number="2"))

    read = words(page)
    assert "Revoyez le premier." in read
    assert "Est-ce bien 1 ?" in read
    assert f"q{contested.pk}-number" in page.content.decode()
    assert f"q{settled.pk}-number" not in page.content.decode()
    assert (refused.status_code, Answer.objects.get(question=settled).number) == (422, 1)
    assert "n'est pas à corriger" in refused.json()["errors"][""][0]
    assert (
        client.post(url("save_answer", submission, contested.pk), typed(contested, 1, number="2")).json()[
            "version"
        ]
        == 2
    )


def test_what_was_typed_after_the_sending_is_shown_and_not_saved(client, submission, partner):
    question = figure(submission)
    save_answer(question=question, version=0, by=partner, number=Decimal(1))
    moves.send(submission=submission, by=partner, organisation=submission.organisation)

    page = client.post(url("fill", submission), typed(question, 1, number="987"))

    assert page.status_code == 422
    assert "Ce bilan est transmis" in words(page)
    assert "987" in words(page)
    assert Answer.objects.get().number == 1


# --- Documents ---


def archive(*names, mimetype=None):
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "<x/>")
    return content.getvalue()


def bytes_of(response):
    """Read whole: the test client closes the file at its end."""
    return b"".join(response.streaming_content)


PDF = b"%PDF-1.7\n" + b"x" * 64
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
ODT = archive("content.xml", mimetype="application/vnd.oasis.opendocument.text")


def join(client, submission, question, name, content):
    return client.post(
        url("add_document", submission, question.pk),
        {f"q{question.pk}-file": SimpleUploadedFile(name, content, content_type="text/html")},
    )


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("bilan.pdf", PDF, "application/pdf"),
        ("TABLEAU.XLSX", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("note.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("suivi.csv", "mois;entrées\nmai;3".encode("cp1252"), "text/csv"),
        ("photo.jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF" + b"x" * 64, "image/jpeg"),
    ],
)
def test_a_document_is_told_by_its_content_and_given_back_as_an_attachment(
    client, submission, partner, name, content, media_type
):
    question = text(submission, "documents")

    response = join(client, submission, question, name, content)

    document = Document.objects.get()
    assert (response.status_code, document.media_type, document.name) == (200, media_type, name)
    given = client.get(url("document", submission, document.pk))
    assert bytes_of(given) == content
    assert given["Content-Type"].startswith(media_type)
    assert given["Content-Disposition"].startswith("attachment")
    assert given["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bilan.pdf", b"MZ\x90\0" + b"\0" * 300, "n'est pas d'un type accepté"),
        ("page.csv", b"<!DOCTYPE html><script>alert(1)</script>", "n'est pas d'un type accepté"),
        ("bilan.docx", PDF, "son contenu est au format .pdf"),
        ("macros.xlsx", archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        ("abime.xlsx", XLSX[:-30], "abîmé"),
        ("vide.pdf", b"", "vide"),
        ("gros.pdf", PDF + b"x" * 10 * 1024**2, "dépasse 10 Mo"),
    ],
)
def test_another_document_is_refused_with_what_to_do(client, submission, partner, name, content, sentence):
    question = text(submission, "documents")

    response = join(client, submission, question, name, content)

    assert response.status_code == 422
    assert sentence in response.json()["errors"][f"q{question.pk}-file"][0]
    assert not Document.objects.exists()


def test_documents_have_an_end_and_the_same_file_twice_is_one(client, submission, partner, monkeypatch):
    monkeypatch.setattr(answers, "MAX_DOCUMENTS", 2)
    question = text(submission, "documents")

    joined = [join(client, submission, question, f"{n}.pdf", PDF + n.encode()) for n in "1123"]

    assert [response.status_code for response in joined] == [200, 200, 200, 422]
    assert "2 fichiers sont déjà joints" in joined[-1].json()["errors"][f"q{question.pk}-file"][0]
    assert Document.objects.count() == 2


def test_without_javascript_files_come_with_the_page_and_nothing_typed_is_lost(client, submission, partner):
    question, asked = text(submission, "documents"), figure(submission)
    client.post(
        url("fill", submission),
        typed(asked, number="8") | {f"q{question.pk}-file": SimpleUploadedFile("a.pdf", PDF)},
    )
    document = Document.objects.get()

    client.post(url("fill", submission), typed(asked, 1, number="9") | {"remove": document.pk})

    assert Answer.objects.get().number == 9
    document.refresh_from_db()
    assert document.removed_at


# --- Ready, sent ---


def send_page(client, submission, **fields):
    page = client.get(url("send", submission))
    found = re.search(r'name="seen"\s+value="(\w+)"', page.content.decode())
    seen = {"seen": found[1]} if found else {}
    return client.post(url("send", submission), seen | fields)


def test_sending_lists_what_is_missing_then_what_goes_and_a_second_click_finds_it_done(
    client, submission, partner
):
    question = figure(submission)
    page = client.get(url("send", submission))
    assert "Il manque 1 réponse" in words(page)
    assert f"#q{question.pk}" in page.content.decode()
    assert "Transmettre à la métropole" not in words(page)

    save_answer(question=question, version=0, by=partner, number=Decimal(12))
    page = client.get(url("send", submission))
    assert f"12{SPACE}ménages" in words(page)
    first = send_page(client, submission)
    second = client.post(url("send", submission))

    sent = Sending.objects.get()
    assert first["Location"] == second["Location"] == url("sending", submission, 1)
    receipt = words(client.get(first["Location"]))
    assert sent.fingerprint in receipt
    assert f"12{SPACE}ménages" in receipt
    assert "Transmission" in receipt
    assert Message.objects.filter(recipient=partner, occasion__contains="receipt").count() == 1


def test_what_changed_since_the_page_was_read_is_shown_before_it_leaves(client, submission, partner):
    question = figure(submission)
    save_answer(question=question, version=0, by=partner, number=Decimal(12))
    seen = re.search(r'name="seen"\s+value="(\w+)"', client.get(url("send", submission)).content.decode())[1]
    save_answer(question=question, version=1, by=UserFactory(), number=Decimal(13))

    page = client.post(url("send", submission), {"seen": seen})

    assert page.status_code == 409
    assert "ont changé" in words(page)
    assert f"13{SPACE}ménages" in words(page)
    assert not Sending.objects.exists()


def test_a_writer_prepares_and_the_direction_sends(client, submission):
    submission.needs_signature = True
    submission.save()
    question = figure(submission)
    writer, director = Client(), client
    sign_in(writer, submission, "writer")
    sign_in(director, submission)
    writer.post(url("save_answer", submission, question.pk), typed(question, number="3"))

    assert writer.post(url("send", submission)).status_code == 403
    assert "Marquer prêt à envoyer" in words(writer.get(url("send", submission)))
    assert "Transmettre à la métropole" not in words(director.get(url("send", submission)))
    writer.post(url("prepare", submission))
    assert "prêt à envoyer" in words(director.get(url("fill", submission)))
    assert send_page(director, submission).status_code == 302

    assert Submission.objects.get().state == State.SENT


def test_the_lead_that_writes_for_a_partner_must_join_the_source(client, submission):
    lead = sign_in(client, submission, "lead", organisation=OrganisationFactory())
    question = figure(submission)
    assert client.get(url("fill", submission)).status_code == 404
    office = lead.memberships.get().organisation
    moves.take_over(submission=submission, by=lead, organisation=office)
    client.post(url("save_answer", submission, question.pk), typed(question, number="3"))

    without = send_page(client, submission)
    assert without.status_code == 422
    assert "Joignez le document" in words(without)
    sent = send_page(client, submission, source=SimpleUploadedFile("mail.pdf", PDF))

    assert sent.status_code == 302
    assert Sending.objects.get().source_name == "mail.pdf"
    source = client.get(url("sent_source", submission, 1))
    assert bytes_of(source) == PDF


def test_while_the_lead_writes_the_partner_reads(client, submission, partner):
    question = figure(submission)
    moves.take_over(submission=submission, by=UserFactory(), organisation=OrganisationFactory())

    page = client.get(url("fill", submission))
    refused = client.post(url("save_answer", submission, question.pk), typed(question, number="3"))

    assert "La métropole saisit ce bilan pour votre compte" in words(page)
    assert f"q{question.pk}-number" not in page.content.decode()
    assert (refused.status_code, Answer.objects.exists()) == (422, False)


# --- Another value ---


@pytest.fixture
def proposal(submission):
    question = figure(submission)
    save_answer(question=question, version=0, by=UserFactory(), number=Decimal(56))
    moves.send(submission=submission, by=UserFactory(), organisation=submission.organisation)
    return moves.propose(
        question=question,
        reason="Deux comptés deux fois.",
        source="SIAO",
        by=UserFactory(),
        number=Decimal(54),
    )


def test_a_refusal_needs_its_reason_and_both_values_stay(client, submission, partner, proposal):
    page = words(client.get(url("fill", submission)))
    assert f"56{SPACE}ménages" in page
    assert f"54{SPACE}ménages" in page
    assert "Deux comptés deux fois." in page
    where = url("reply", submission, proposal.pk)
    bare = client.post(where, {"reply": "refuse"})
    assert bare.status_code == 422
    assert "Dites pourquoi" in words(bare)

    client.post(where, {"reply": "refuse", f"p{proposal.pk}-comment": "Recompté : 56."})

    read = words(client.get(url("sending", submission, 1)))
    assert f"56{SPACE}ménages" in read
    assert f"54{SPACE}ménages" in read
    assert "Refusée" in read
    assert "Recompté : 56." in read


def test_only_who_may_send_replies(client, submission, proposal):
    sign_in(client, submission, "writer")
    assert client.post(url("reply", submission, proposal.pk), {"reply": "accept"}).status_code == 403
    sign_in(client, submission)
    assert client.post(url("reply", submission, proposal.pk), {"reply": "accept"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.outcome == "accepted"


# --- Who comes in ---


@pytest.fixture
def link(submission):
    return guests.invite_guest(submission=submission, email="invitee@asso.example", by=UserFactory())


def test_a_guest_link_opens_by_a_button_just_this_questionnaire(client, submission, link):
    question = figure(submission)
    other = SubmissionFactory(campaign=submission.campaign)
    assert client.get(url("fill", submission)).status_code == 302
    page = client.get(guests.path_of(link))
    assert "Ouvrir le questionnaire" in words(page)
    assert client.get(url("fill", submission)).status_code == 302

    opened = client.post(guests.path_of(link), follow=True)
    assert opened.redirect_chain == [(url("fill", submission), 302)]
    saved = client.post(url("save_answer", submission, question.pk), typed(question, number="6"))

    assert (saved.status_code, Answer.objects.get().updated_by) == (200, link.user)
    assert client.get(url("fill", other)).status_code == 404
    assert send_page(client, submission).status_code == 302
    assert client.get(url("sending", submission, 1)).status_code == 200


def test_expired_withdrawn_and_forged_links_answer_the_same_and_close_what_was_open(client, submission, link):
    question = figure(submission)
    client.post(guests.path_of(link))
    assert client.get(url("fill", submission)).status_code == 200
    guests.revoke(link=link, by=UserFactory())
    withdrawn = client.get(guests.path_of(link))
    closed = client.post(url("save_answer", submission, question.pk), typed(question, number="6"))

    late = guests.invite_guest(submission=submission, email="autre@asso.example", by=UserFactory())
    GuestLink.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    answers = [withdrawn, client.get(guests.path_of(late)), client.get(reverse("guest", args=["faux:jeton"]))]

    assert closed.status_code == 404
    assert {answer.status_code for answer in answers} == {404}
    assert len({words(answer) for answer in answers}) == 1
    assert not Answer.objects.exists()


@pytest.mark.parametrize("role", ["partner", "lead", "reader", "ddets", "administrator"])
def test_another_persons_draft_answers_as_what_does_not_exist(client, submission, role):
    """Another partner's, the lead's, the State's: the same words as for a number drawn at random."""
    question, documents = figure(submission), text(submission, "documents")
    AnswerFactory(question=question, note="CANARI")
    document = Document.objects.create(
        question=documents, file="x", name="x.pdf", media_type="", size=1, digest="", added_by=UserFactory()
    )
    MembershipFactory(role=role, territory=submission.campaign.year.territory, user=(user := UserFactory()))
    client.force_login(user)
    gets = {"fill": (), "send": (), "document": (document.pk,), "sending": (1,)}
    posts = {"save_answer": (question.pk,), "prepare": (), "add_document": (documents.pk,)}

    for name, args in gets.items():
        found = client.get(url(name, submission, *args))
        assert (name, found.status_code) == (name, 404)
        assert "CANARI" not in found.content.decode()
    for name, args in posts.items():
        assert client.post(url(name, submission, *args), typed(question, number="1")).status_code == 404


def test_a_questionnaire_is_not_there_before_its_campaign_opens(client, partner, submission):
    type(submission.campaign).objects.update(opened_at=None, opened_by=None)

    assert client.get(url("fill", submission)).status_code == 404
    year = submission.campaign.year
    page = client.get(reverse("axes:submissions", args=[year.territory.code, year.number]))
    assert "Aucun bilan ne vous est demandé" in words(page)


def test_what_was_sent_is_read_by_the_lead_and_the_draft_since_is_not(client, submission):
    sent = submission_in(State.RETURNED, submission=submission, number=Decimal(31))
    question = sent.questions.get()
    save_answer(question=question, version=1, by=UserFactory(), number=Decimal(7777))
    sign_in(client, submission, "lead")

    read = words(client.get(url("sending", submission, 1)))

    assert "31" in read
    assert not re.search(r"\b7\s?777\b", read)
    assert client.get(url("sending", submission, 2)).status_code == 404


def test_home_gives_the_partner_its_questionnaire_first(client, submission, partner):
    figure(submission)

    page = client.get(reverse("home"))

    assert url("fill", submission) in page.content.decode()
    assert "0 réponse sur 1, à transmettre avant le" in words(page)


def test_each_kind_of_question_has_its_place(client, submission, partner):
    """Every kind in the form, then read-only once sent, without an undefined word in any template."""
    rows = [
        figure(submission),
        figure(submission, kind="rate", unit="%"),
        figure(submission, kind="context", unit="%"),
        figure(submission, unit="date"),
        *(text(submission, kind) for kind in ("highlights", "difficulties", "outlook", "documents")),
    ]
    for question in rows[:4]:
        fields = {"blank": "unavailable"}
        save_answer(question=question, version=0, by=partner, **fields)
    save_answer(question=rows[4], version=0, by=partner, text="Belle année.")
    join(client, submission, rows[7], "a.pdf", PDF)
    assert client.get(url("fill", submission)).status_code == 200
    assert send_page(client, submission).status_code == 302

    for name, args in {"fill": (), "sending": (1,)}.items():
        read = words(client.get(url(name, submission, *args)))
        assert "Belle année." in read
        assert "a.pdf" in read
        assert "non disponible" in read
    document = Document.objects.get()
    assert bytes_of(client.get(url("sent_document", submission, 1, document.pk))) == PDF
    assert json.loads(Sending.objects.get().content)["answers"][7]["documents"][0]["name"] == "a.pdf"
    assert Question.objects.count() == 8
