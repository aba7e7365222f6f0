"""The pages of the spreadsheet road: download, give back, look, save; and whose door they are behind."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from axes.models import Answer
from axes.submissions import guests, moves
from axes.submissions.answers import EMPTY
from logement.models import PendingImport
from tests.axes.sheets_world import ANSWERS, ARREARS, PLACES, World, with_cell
from tests.axes.test_hostile_sheets import hostile
from tests.factories import MembershipFactory, UserFactory
from tests.factories.campaigns import QuestionFactory, SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DOWNLOAD, PREVIEW = 7, 7  # queries


@pytest.fixture
def world(client):
    made = World()
    client.force_login(made.by)
    return made


def url(world, name, *args):
    year = world.submission.campaign.year
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, world.submission.pk, *args])


def give(client, world, raw, name="bilan.xlsx"):
    return client.post(url(world, "upload_sheet"), {"file": SimpleUploadedFile(name, raw)})


def text_of(response):
    """The words of a page, every space plain."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def numbers(world):
    return dict(
        Answer.objects.filter(question__submission=world.submission).values_list("question", "number")
    )


def test_the_whole_road(client, world):
    downloaded = client.get(url(world, "download_sheet"))
    assert downloaded["Content-Disposition"] == 'attachment; filename="bilan-2023-le-toit.xlsx"'

    given = give(client, world, world.filled(ANSWERS))
    page = client.get(given.url)
    assert "5 réponses enregistrées" not in text_of(page)
    assert numbers(world) == {900_001: 1234.5}
    seen = page.context["preview"].seen
    pending = PendingImport.objects.get()
    saved = client.post(url(world, "confirm_sheet", pending.pk), {"seen": seen})

    assert saved.url == url(world, "fill")
    assert [str(message) for message in saved.wsgi_request._messages] == ["5 réponses enregistrées."]
    assert numbers(world)[900_001] == 1300
    again = client.post(url(world, "confirm_sheet", pending.pk), {"seen": seen})
    assert again.url == url(world, "fill")


def test_the_preview_names_what_changes_and_counts_the_rest(client, world):
    raw = world.filled({PLACES: {"value": 9}})

    page = text_of(client.get(give(client, world, raw).url))

    assert "Places Bail d'abord environ 1 234,5 places (remarque : hors hôtel) environ 9 places" in page
    assert "Chiffres, F6" in page
    assert "Réponses qui changent 1 Inchangées 4 Cases à corriger 0" in page


def test_a_wrong_cell_leads_to_the_workbook_with_its_faults_and_nothing_is_saved(client, world):
    raw = world.filled(ANSWERS | {ARREARS: {"numerator": 3}})
    page = client.get(give(client, world, raw).url)
    pending = PendingImport.objects.get()

    assert "Chiffres H7 Écrivez aussi le dénominateur" in text_of(page)
    assert "Tout enregistrer" not in text_of(page)
    refused = client.post(url(world, "confirm_sheet", pending.pk), {"seen": page.context["preview"].seen})
    assert (refused.status_code, numbers(world)) == (409, {900_001: 1234.5})
    back = client.get(url(world, "sheet_faults", pending.pk))
    assert back["Content-Disposition"] == 'attachment; filename="a-corriger-2023-le-toit.xlsx"'
    assert back.content[:2] == b"PK"


def test_a_change_meanwhile_is_shown_and_nothing_is_saved(client, world):
    page = client.get(give(client, world, world.filled(ANSWERS)).url)
    world.save(ARREARS, numerator=1, denominator=2)
    before = numbers(world)

    refused = client.post(
        url(world, "confirm_sheet", PendingImport.objects.get().pk), {"seen": page.context["preview"].seen}
    )

    assert (refused.status_code, numbers(world)) == (409, before)
    assert "Rien n'a été enregistré" in text_of(refused)
    assert "Impayés Bail d'abord 50 % 60 % Aussi modifiée ailleurs" in text_of(refused)


def test_giving_up_leaves_nothing(client, world):
    give(client, world, world.filled(ANSWERS))
    client.post(url(world, "cancel_sheet", PendingImport.objects.get().pk))

    assert (PendingImport.objects.count(), numbers(world)) == (0, {900_001: 1234.5})


def test_every_hostile_file_ends_by_a_page(client, world):
    for case, (raw, name, sentence) in hostile(world.filled(ANSWERS)).items():
        response = give(client, world, raw, name or "x")
        assert response.status_code == (422 if sentence else 302), case
    error = with_cell(world.made(), "F6", 't="e"><v>#REF!</v>')
    assert "#REF!" in text_of(client.get(give(client, world, error).url))


def test_a_form_without_a_file_says_so(client, world):
    response = client.post(url(world, "upload_sheet"))

    assert (response.status_code, "Choisissez le tableur rempli." in text_of(response)) == (422, True)


def test_what_was_sent_is_read_and_not_given_back(client, world):
    raw = world.filled(ANSWERS)
    for question in world.submission.questions.filter(answer=None, indicator__isnull=False):
        world.save(f"q{question.pk}", **EMPTY | {"blank": "unavailable"})
    moves.send(submission=world.submission, by=world.by, organisation=world.submission.organisation)

    assert client.get(url(world, "download_sheet")).status_code == 200
    assert "le tableur se télécharge, mais ne se redonne pas" in text_of(
        client.get(url(world, "upload_sheet"))
    )
    refused = give(client, world, raw)
    assert (refused.status_code, PendingImport.objects.count()) == (422, 0)


def test_the_door_is_the_one_of_the_submission(client, world):
    """Another partner, the lead, the State: nothing is there. A colleague downloads, and sees no other's preview."""
    give(client, world, world.filled(ANSWERS))
    pending = PendingImport.objects.get().pk
    place = {"territory": world.submission.campaign.year.territory}
    pages = [("download_sheet",), ("upload_sheet",), ("preview_sheet", pending), ("sheet_faults", pending)]
    for role in ("partner", "lead", "ddets", "reader"):
        client.force_login(MembershipFactory(**{role: True}, **place).user)
        assert [client.get(url(world, *page)).status_code for page in pages] == [404] * 4, role
        assert client.post(url(world, "confirm_sheet", pending)).status_code == 404
        assert client.post(url(world, "cancel_sheet", pending)).status_code == 404
    colleague = MembershipFactory(partner=True, organisation=world.submission.organisation, **place).user
    client.force_login(colleague)
    assert [client.get(url(world, *page)).status_code for page in pages] == [200, 200, 404, 404]
    client.post(url(world, "cancel_sheet", pending))
    client.logout()
    assert [unquote(client.get(url(world, *page)).url).startswith("/compte/") for page in pages] == [True] * 4
    assert PendingImport.objects.filter(pk=pending).exists()


def test_a_guest_takes_the_whole_road(client, world):
    client.logout()
    lead = UserFactory()
    link = guests.invite_guest(submission=world.submission, email="guichet@toit.example", by=lead)
    client.post(guests.path_of(link))

    page = client.get(give(client, world, world.filled(ANSWERS)).url)
    seen = page.context["preview"].seen
    client.post(url(world, "confirm_sheet", PendingImport.objects.get().pk), {"seen": seen})

    assert numbers(world)[900_001] == 1300
    assert Answer.objects.get(question=900_001).updated_by == link.user


def test_the_lead_takes_it_on_behalf(client):
    world = World.__new__(World)
    submission = SubmissionFactory()
    QuestionFactory(submission=submission)
    membership = MembershipFactory(lead=True, territory=submission.campaign.year.territory)
    moves.take_over(submission=submission, by=membership.user, organisation=membership.organisation)
    world.submission = type(submission).objects.get(pk=submission.pk)
    client.force_login(membership.user)

    key = f"q{submission.questions.get().pk}"
    page = client.get(give(client, world, world.filled({key: {"value": 3}})).url)
    seen = page.context["preview"].seen
    client.post(url(world, "confirm_sheet", PendingImport.objects.get().pk), {"seen": seen})

    assert [answer.number for answer in Answer.objects.all()] == [3]


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_do_not_grow(client, django_assert_num_queries, count):
    submission = SubmissionFactory()
    QuestionFactory.create_batch(count, submission=submission)
    territory = submission.campaign.year.territory
    user = MembershipFactory(partner=True, territory=territory, organisation=submission.organisation).user
    world = World.__new__(World)
    world.submission = submission
    client.force_login(user)
    keys = [f"q{pk}" for pk in submission.questions.values_list("pk", flat=True)]
    preview = give(client, world, world.filled({key: {"value": 3} for key in keys})).url

    with django_assert_num_queries(DOWNLOAD):
        client.get(url(world, "download_sheet"))
    with django_assert_num_queries(PREVIEW):
        client.get(preview)
