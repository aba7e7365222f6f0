"""A report sent: an officer of the State reads, asks, is answered; then anyone reads what is published."""

import pytest

from logement.models import Message
from reporting import publications, workflow
from tests.factories import MembershipFactory
from tests.factories.reporting import PublicFileFactory, VersionFileFactory
from tests.looking import WIDER, check, look

pytestmark = pytest.mark.once


@pytest.fixture
def officer(exercise):
    return MembershipFactory(ddets=True, territory=exercise.territory, user__full_name="Élise Rouquet").user


@pytest.fixture
def version(exercise, officer):
    """An exercise that was sent, with its PDF; the officer was told."""
    exercise.write()
    exercise.enter()
    exercise.year.state = "review"
    exercise.year.save()
    version = workflow.transmit(year=exercise.year, by=exercise.lead)
    VersionFileFactory(version=version, format="pdf", label="PDF")
    return version


def link_for(user):
    """The address that the last message to this person opens."""
    text = Message.objects.filter(recipient=user).latest("created_at").text
    address = next(line for line in text.splitlines() if line.startswith("http"))
    return "/" + address.split("/", 3)[3]


def test_an_officer_reads_asks_and_is_answered(exercise, version, officer, lead, open_page, log_in, axe):
    problems = []
    state = open_page()
    log_in(state, officer)
    state.goto(link_for(officer))
    assert state.get_by_role("link", name="Télécharger le rapport (PDF").is_visible()
    look(state, axe, problems, "the report that was sent")

    state.get_by_role("link", name="Les chiffres").click()
    look(state, axe, problems, "its figures")
    state.get_by_role("link", name="Comment le savez-vous ? Habitants").press("Enter")
    dialog = state.get_by_role("dialog")
    dialog.get_by_text("Saisi par Camille Ferrand").wait_for()
    dialog.get_by_role("link", name="Demander un complément sur ce chiffre").press("Enter")
    field = dialog.get_by_label("Ce que vous demandez")
    field.wait_for()
    look(state, axe, problems, "the question, in the dialog")
    field.fill("M. Durand est-il compté ?")
    dialog.get_by_role("button", name="Envoyer la demande").click()
    dialog.get_by_role("heading", name="Corrigez ce qui suit").wait_for()
    state.expected_errors.append("422")
    assert field.input_value() == "M. Durand est-il compté ?"
    field.fill("De quelle année est ce nombre ?")
    field.press("Tab")
    state.keyboard.press("Enter")
    dialog.get_by_role("heading", name="Votre demande est envoyée").wait_for()
    look(state, axe, problems, "the question sent")

    lead.goto(link_for(exercise.lead))
    look(lead, axe, problems, "the inquiries")
    lead.get_by_role("link", name="Répondre : Habitants").click()
    lead.get_by_label("Votre réponse").fill("Du recensement de 2020.")
    look(lead, axe, problems, "the answer")
    lead.get_by_role("button", name="Envoyer la réponse").click()
    lead.get_by_text("Votre réponse est envoyée.").wait_for()

    state.goto(link_for(officer))
    assert state.get_by_text("Du recensement de 2020.").is_visible()
    check(problems)


def test_without_javascript_a_row_is_asked_about_on_a_page_of_its_own(
    exercise, version, officer, nojs, log_in
):
    log_in(nojs, officer)
    nojs.goto(version.get_absolute_url())

    nojs.get_by_role("link", name="Demander un complément : Ouvrir dix places").click()
    nojs.get_by_label("Ce que vous demandez").fill("Où sont-elles ?")
    nojs.get_by_role("button", name="Envoyer la demande").click()

    assert nojs.get_by_text("Votre demande sur « Ouvrir dix places » est envoyée").is_visible()
    assert nojs.get_by_role("link", name="1 demande, sans réponse : Ouvrir dix places").is_visible()


def test_anyone_reads_what_is_published_on_a_phone_without_javascript(exercise, version, open_page, axe):
    publication = publications.publish(year=exercise.year, by=exercise.lead)
    PublicFileFactory(publication=publication, format="csv", label="CSV", name="chiffres.csv")
    problems = []
    anyone = open_page(viewport={"width": 390, "height": 844}, is_mobile=True)

    anyone.goto("/publications/")
    look(anyone, axe, problems, "the list")
    anyone.get_by_role("link", name="Métropole d'Ici, 2023").click()
    look(anyone, axe, problems, "what is published")
    wider = anyone.evaluate(WIDER)
    with anyone.expect_download() as download:
        anyone.get_by_role("link", name="CSV").first.click()

    assert download.value.suggested_filename == "chiffres.csv"
    assert wider == []
    check(problems)


def test_the_pages_of_the_state_fit_a_phone(exercise, version, officer, phone, log_in, axe):
    dihal = MembershipFactory(dihal=True, territory=exercise.territory).user
    log_in(phone, dihal)
    problems, wider = [], {}

    for path in (
        version.get_absolute_url(),
        exercise.url("reporting:version_figures", 1),
        exercise.url("reporting:inquiries"),
        "/territoires/?indicateurs=tous",
    ):
        phone.goto(path)
        look(phone, axe, problems, path)
        if found := phone.evaluate(WIDER):
            wider[path] = found

    assert wider == {}
    check(problems)
