"""The lead's journey: prepare a campaign, compose, open, read what came, decide; then each page on a phone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from axes.models import Campaign, Submission
from axes.submissions import moves
from axes.submissions.answers import save_answer
from axes.values import value_of
from tests.factories import EntryFactory, UserFactory, YearFactory
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory

pytestmark = pytest.mark.once


def send(submission, number):
    """The partner answers every figure with this number, and sends."""
    by = UserFactory()
    for question in submission.questions.select_related("answer"):
        version = question.answer.version if hasattr(question, "answer") else 0
        save_answer(question=question, version=version, by=by, number=Decimal(number))
    current = Submission.objects.get(pk=submission.pk)
    moves.send(submission=current, by=by, organisation=submission.organisation)


@pytest.fixture
def sent(exercise):
    """A campaign past its deadline: one partner late, one that sent five times last year's figure."""
    today = timezone.localdate()
    campaign = CampaignFactory(
        year=exercise.year, opened=True, opens_on=today - timedelta(30), closes_on=today + timedelta(1)
    )
    before = YearFactory(number=2022, agreement=exercise.year.agreement, territory=exercise.territory)
    EntryFactory(indicator=exercise.indicator, year=before, number=10)
    exercise.indicator.source = "submitted"
    exercise.indicator.save()
    submission = SubmissionFactory(campaign=campaign, organisation=exercise.association)
    QuestionFactory(submission=submission, indicator=exercise.indicator)
    SubmissionFactory(campaign=campaign, organisation__name="L'Abri")
    send(submission, 50)
    Campaign.objects.update(closes_on=today - timedelta(4))
    return submission


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_from_the_first_day_to_the_opening(lead, exercise, axe):
    lead.goto(exercise.url("axes:dashboard"))
    lead.get_by_role("link", name="Campagne", exact=True).click()
    axe(lead)
    lead.get_by_role("link", name="Préparer la campagne 2023").click()
    today = timezone.localdate()
    lead.get_by_label("Ouverture").fill(today.isoformat())
    lead.get_by_label("Date limite").fill((today + timedelta(30)).isoformat())
    axe(lead)
    lead.get_by_role("button", name="Créer la campagne").click()
    lead.get_by_role("link", name="Ajouter un partenaire").first.click()
    axe(lead)
    lead.get_by_label("Nouveau partenaire").fill("L'Abri solidaire")
    lead.get_by_role("button", name="Composer son questionnaire").click()
    lead.get_by_text("Axe 1 : Accueillir : Ouvrir dix places", exact=True).click()
    lead.get_by_role("checkbox", name="Places", exact=True).check()
    axe(lead)
    lead.get_by_role("button", name="Enregistrer le questionnaire").click()
    lead.get_by_text("L'Abri solidaire : questionnaire enregistré, 1 question.").wait_for()
    lead.get_by_role("button", name="Ouvrir la campagne").click()
    lead.get_by_text("La campagne est ouverte.").wait_for()
    axe(lead)

    submission = Submission.objects.get()
    assert (submission.organisation.name, submission.questions.get().indicator) == (
        "L'Abri solidaire",
        exercise.indicator,
    )
    assert submission.campaign.opened_by == exercise.lead


def test_from_what_came_to_the_value(lead, exercise, sent, axe):
    lead.expected_errors.append("422")
    lead.goto(exercise.url("axes:campaign"))
    axe(lead)
    lead.get_by_role("link", name="Examiner : Le Toit").click()
    lead.get_by_text("Fort écart avec l'an dernier.").wait_for()
    axe(lead)
    lead.get_by_role("checkbox", name="Places").check()
    lead.get_by_role("button", name="Demander une correction").click()
    lead.get_by_text("Dites au partenaire ce qu'il y a à corriger.").first.wait_for()
    axe(lead)
    assert lead.get_by_role("checkbox", name="Places").is_checked()
    lead.get_by_label("Commentaire au partenaire").fill("Est-ce bien cinq fois plus ?")
    lead.get_by_role("button", name="Demander une correction").click()
    lead.get_by_text("La correction est demandée").wait_for()
    send(sent, 12)
    lead.reload()
    lead.get_by_text("envoi précédent : 50").wait_for()
    lead.get_by_role("button", name="Tout valider").click()
    lead.get_by_text("Le bilan est validé").wait_for()
    axe(lead)

    assert value_of(exercise.indicator, exercise.year).number == 12
    lead.goto(exercise.url("axes:indicator", exercise.indicator.code))
    lead.get_by_role("heading", name="Réponses des partenaires").wait_for()
    axe(lead)


def test_two_tabs_do_not_judge_twice(lead, exercise, sent):
    lead.expected_errors.append("409")
    other = lead.context.new_page()
    for page in (lead, other):
        page.goto(exercise.url("axes:review", sent.pk))
    lead.get_by_role("button", name="Tout valider").click()
    lead.get_by_text("Le bilan est validé").wait_for()
    other.get_by_label("Commentaire au partenaire").fill("Et les baux ?")
    other.get_by_role("button", name="Demander une correction").click()

    other.get_by_text("Ce bilan a changé pendant que cette page était ouverte").wait_for()
    assert other.get_by_label("Motif de la réouverture").input_value() == "Et les baux ?"
    assert Submission.objects.get(pk=sent.pk).state == "validated"


def test_it_works_without_javascript(nojs, log_in, exercise, sent):
    log_in(nojs, exercise.lead)
    nojs.goto(exercise.url("axes:review", sent.pk))
    nojs.get_by_role("checkbox", name="Places").check()
    nojs.get_by_role("button", name="Valider les chiffres cochés").click()

    assert nojs.get_by_text("Les chiffres cochés sont validés").is_visible()
    nojs.goto(exercise.url("axes:campaign"))
    nojs.get_by_role("button", name="Saisir pour son compte : L'Abri").wait_for()


@pytest.mark.parametrize(
    "name", ["campaign", "edit_campaign", "add_partner", "compose", "review", "propose", "guest_links"]
)
def test_a_phone_shows_each_page_whole(phone, log_in, exercise, sent, axe, name):
    log_in(phone, exercise.lead)
    parts = {
        "compose": [sent.organisation_id],
        "review": [sent.pk],
        "propose": [sent.pk, sent.questions.get().pk],
        "guest_links": [sent.pk],
    }
    phone.goto(exercise.url(f"axes:{name}", *parts.get(name, [])))

    assert fits(phone)
    axe(phone)
