"""The lead's pages of a campaign: settings, questionnaires, board, opening, reminders."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from axes.models import Campaign, Question, Submission
from axes.submissions.answers import save_answer
from logement.models import Message, Organisation
from tests.factories import (
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    OrganisationFactory,
    YearFactory,
)
from tests.factories.campaigns import AnswerFactory, CampaignFactory, QuestionFactory, SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
DAY = timedelta(days=1)


@pytest.fixture
def year():
    return YearFactory(number=2023)


@pytest.fixture
def lead(client, year):
    user = MembershipFactory(lead=True, territory=year.territory).user
    client.force_login(user)
    return user


@pytest.fixture
def campaign(year):
    return CampaignFactory(year=year)


@pytest.fixture
def running(year):
    today = timezone.localdate()
    return CampaignFactory(year=year, opened=True, opens_on=today - 30 * DAY, closes_on=today + 5 * DAY)


@pytest.fixture
def partner(year):
    organisation = OrganisationFactory(name="Le Toit")
    organisation.territories.add(year.territory)
    return organisation


@pytest.fixture
def indicator(year):
    return IndicatorFactory(
        territory=year.territory, action=LineFactory(year=year).action, label="Places", unit="places"
    )


def url(name, year, *args):
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, *args])


def words(response):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def past_due(campaign, days=4):
    today = timezone.localdate()
    Campaign.objects.filter(pk=campaign.pk).update(closes_on=today - days * DAY)


# --- Settings ---


def test_no_campaign_yet_says_what_to_do(client, lead, year):
    assert "Préparer la campagne 2023" in words(client.get(url("campaign", year)))


def test_a_campaign_is_created_with_the_questionnaires_of_last_year(client, lead, year, indicator, partner):
    before = YearFactory(number=2022, agreement=year.agreement, territory=year.territory)
    asked = SubmissionFactory(campaign__year=before, organisation=partner)
    QuestionFactory(submission=asked, indicator=indicator)

    response = client.post(
        url("edit_campaign", year),
        {"version": 0, "opens_on": "2024-01-08", "closes_on": "09/02/2024", "instructions": "Merci."},
        follow=True,
    )

    made = Campaign.objects.get(year=year)
    assert (made.opens_on, made.closes_on, made.instructions) == (
        date(2024, 1, 8),
        date(2024, 2, 9),
        "Merci.",
    )
    assert made.submissions.get().questions.get().indicator == indicator
    assert "Les questionnaires de l'an dernier sont repris : 1." in words(response)


def test_wrong_days_are_refused_and_what_was_typed_stays(client, lead, year):
    response = client.post(
        url("edit_campaign", year),
        {"version": 0, "opens_on": "2024-02-09", "closes_on": "2024-01-08", "instructions": "Merci."},
    )

    assert response.status_code == 422
    assert "La date limite précède l'ouverture" in words(response)
    assert response.context["form"]["instructions"].value() == "Merci."
    assert not Campaign.objects.exists()


def test_settings_saved_elsewhere_meanwhile_are_shown_and_what_was_typed_stays(client, lead, year, campaign):
    fields = {"opens_on": "2024-01-08", "closes_on": "2024-02-09"}
    client.post(url("edit_campaign", year), fields | {"version": 1, "instructions": "Première"})
    response = client.post(url("edit_campaign", year), fields | {"version": 1, "instructions": "Seconde"})

    assert (response.status_code, response.context["form"]["instructions"].value()) == (409, "Seconde")
    assert "« Première »" in words(response)
    assert Campaign.objects.get().instructions == "Première"


# --- Questionnaires ---


def test_a_questionnaire_is_composed_in_the_order_of_its_ranks(
    client, lead, year, campaign, partner, indicator
):
    other = IndicatorFactory(territory=year.territory, action=indicator.action)
    fields = {
        "version": 0,
        f"i{indicator.pk}": "on",
        f"i{indicator.pk}-rang": "2",
        f"i{indicator.pk}-exemple": "12 places",
        f"i{other.pk}": "on",
        f"i{other.pk}-rang": "1",
        f"t{indicator.action_id}-outlook": "on",
        "t0-documents": "on",
        "needs_signature": "on",
    }
    client.post(url("compose", year, partner.pk), fields)

    submission = Submission.objects.get()
    questions = submission.questions.order_by("position")
    assert submission.needs_signature
    assert [(q.kind, q.action_id, q.indicator_id, q.example) for q in questions] == [
        ("figure", indicator.action_id, other.pk, ""),
        ("figure", indicator.action_id, indicator.pk, "12 places"),
        ("outlook", indicator.action_id, None, ""),
        ("documents", None, None, ""),
    ]
    form = client.get(url("compose", year, partner.pk)).context["form"]
    assert [form[f"i{key}-rang"].value() for key in (indicator.pk, other.pk)] == [2, 1]


def test_what_a_register_computes_is_not_to_ask(client, lead, year, campaign, partner):
    line = LineFactory(year=year)
    computed = IndicatorFactory(gatherings=True, action=line.action, gathering_kind__territory=year.territory)

    client.post(url("compose", year, partner.pk), {"version": 0, f"i{computed.pk}": "on", "t0-outlook": "on"})
    page = client.get(url("compose", year, partner.pk))

    assert [question.kind for question in Question.objects.all()] == ["outlook"]
    assert "Calculé d'après un registre : il n'est pas à demander." in words(page)
    assert page.context["form"].fields[f"i{computed.pk}"].disabled


def test_two_people_compose_and_the_second_sees_it_with_nothing_lost(
    client, lead, year, campaign, partner, indicator
):
    address = url("compose", year, partner.pk)
    client.post(address, {"version": 0, "t0-outlook": "on"})
    response = client.post(
        address, {"version": 0, f"i{indicator.pk}": "on", f"i{indicator.pk}-exemple": "12"}
    )

    assert response.status_code == 409
    assert response.context["form"][f"i{indicator.pk}-exemple"].value() == "12"
    assert "a changé pendant que cette page était ouverte" in words(response)
    assert [question.kind for question in Question.objects.all()] == ["outlook"]


def test_a_question_with_an_answer_stays(client, lead, year, running, partner, indicator):
    submission = SubmissionFactory(campaign=running, organisation=partner)
    question = QuestionFactory(submission=submission, indicator=indicator)
    AnswerFactory(question=question)

    response = client.post(url("compose", year, partner.pk), {"version": 1, "t0-outlook": "on"})

    assert response.status_code == 422
    assert "« Places » a déjà reçu une réponse" in words(response)
    assert submission.questions.get() == question


def test_last_year_is_shown_without_being_saved(client, lead, year, campaign, partner, indicator):
    before = YearFactory(number=2022, agreement=year.agreement, territory=year.territory)
    asked = SubmissionFactory(campaign__year=before, organisation=partner)
    QuestionFactory(submission=asked, indicator=indicator, example="Dix")

    form = client.get(url("compose", year, partner.pk), {"reprendre": "1"}).context["form"]

    assert form[f"i{indicator.pk}"].value() is True
    assert form[f"i{indicator.pk}-exemple"].value() == "Dix"
    assert not campaign.submissions.exists()


def test_one_questionnaire_is_copied_to_others_but_for_what_does_not_add_up(
    client, lead, year, campaign, indicator
):
    first, second, third = OrganisationFactory.create_batch(3)
    for organisation in (second, third):
        organisation.territories.add(year.territory)
    duration = IndicatorFactory(
        territory=year.territory, action=indicator.action, kind="duration", unit="mois", label="Durée"
    )
    submission = SubmissionFactory(campaign=campaign, organisation=first)
    for asked in (indicator, duration):
        QuestionFactory(submission=submission, indicator=asked)
    QuestionFactory(
        submission=SubmissionFactory(campaign=campaign, organisation=second),
        kind="outlook",
        indicator=None,
        action=None,
    )

    response = client.post(
        url("copy_questionnaire", year, first.pk), {"organisations": [second.pk, third.pk]}, follow=True
    )

    asked = {
        organisation: [
            question.label
            for question in Question.objects.filter(submission__organisation=organisation).order_by(
                "position"
            )
        ]
        for organisation in (second, third)
    }
    assert asked == {second: ["Perspectives", "Places"], third: ["Places"]}
    assert "« Durée » n'est pas copié" in words(response)


def test_a_new_partner_is_named_once_whatever_its_case(client, lead, year, campaign):
    for name in ("  L'Abri  solidaire ", "l'abri SOLIDAIRE"):
        response = client.post(url("add_partner", year), {"name": name})

    made = Organisation.objects.get(name="L'Abri solidaire")
    assert made.territories.get() == year.territory
    assert response["Location"] == url("compose", year, made.pk)


@pytest.mark.parametrize("is_both", [True, False])
def test_a_partner_is_chosen_or_named(client, lead, year, campaign, partner, is_both):
    fields = {"organisation": partner.pk, "name": "Autre"} if is_both else {}
    response = client.post(url("add_partner", year), fields)

    assert response.status_code == 422
    assert "Choisissez un partenaire de la liste, ou nommez-en un nouveau." in words(response)


def test_a_partner_of_another_territory_is_not_found(client, lead, year, campaign):
    assert client.get(url("compose", year, OrganisationFactory().pk)).status_code == 404


# --- Opening, reminders, closing ---


def test_opening_sends_the_invitations_once(client, lead, year, campaign, partner):
    member = MembershipFactory(partner=True, territory=year.territory, organisation=partner).user
    QuestionFactory(submission=SubmissionFactory(campaign=campaign, organisation=partner))

    for _ in range(2):
        response = client.post(url("open_campaign", year), follow=True)

    assert Campaign.objects.get().opened_by == lead
    assert [message.recipient for message in Message.objects.all()] == [member]
    assert "Cette campagne est déjà ouverte." in words(response)


def test_one_click_reminds_all_the_late_and_a_second_click_nobody(client, lead, year, running):
    states = {"draft": "Un", "to_fill": "Deux", "sent": "Trois", "validated": "Quatre"}
    for state, name in states.items():
        submission = SubmissionFactory(campaign=running, state=state, organisation__name=name)
        MembershipFactory(
            partner=True,
            territory=year.territory,
            organisation=submission.organisation,
            user__email=f"{state}@organisme.example",
        )
    past_due(running)

    first = words(client.post(url("remind", year), follow=True))
    second = words(client.post(url("remind", year), follow=True))

    assert sorted(Message.objects.values_list("address", flat=True)) == [
        "draft@organisme.example",
        "to_fill@organisme.example",
    ]
    assert ("2 rappels envoyés." in first, "Aucun rappel n'est parti" in second) == (True, True)


def test_one_partner_is_reminded_alone(client, lead, year, running):
    submissions = SubmissionFactory.create_batch(2, campaign=running)
    for submission in submissions:
        MembershipFactory(partner=True, territory=year.territory, organisation=submission.organisation)

    client.post(url("remind", year), {"bilan": submissions[0].pk})

    assert f"submission:{submissions[0].pk}:" in Message.objects.get().occasion


def test_a_closed_campaign_composes_no_more(client, lead, year, running, partner):
    client.post(url("close_campaign", year))
    response = client.post(url("compose", year, partner.pk), {"version": 0, "t0-outlook": "on"})

    assert (response.status_code, Question.objects.count()) == (422, 0)
    assert "Cette campagne est close" in words(response)


# --- The board ---


def test_the_late_come_first_then_what_waits_for_the_lead(client, lead, year, running):
    for state, name in [("validated", "A"), ("to_fill", "B"), ("sent", "C"), ("returned", "D")]:
        SubmissionFactory(campaign=running, state=state, organisation__name=name)
    past_due(running)

    response = client.get(url("campaign", year))

    rows = [
        (row.record.submission.organisation.name, row.record.days_late)
        for row in response.context["table"].rows
    ]
    assert rows == [("D", 4), ("B", 4), ("C", 0), ("A", 0)]
    assert "4 jours de retard" in words(response)


def test_the_last_day_is_not_late(client, lead, year, running):
    SubmissionFactory(campaign=running)
    past_due(running, days=0)

    assert "C'est le dernier jour." in words(client.get(url("campaign", year)))
    assert client.get(url("campaign", year)).context["board"].late == []


def test_progress_is_a_percentage_and_never_what_the_draft_holds(client, lead, year, running):
    submission = SubmissionFactory(campaign=running)
    first, _ = QuestionFactory.create_batch(2, submission=submission)
    text = QuestionFactory(submission=submission, kind="outlook", indicator=None, action=None)
    save_answer(question=first, version=0, by=lead, number=98765)
    save_answer(question=text, version=0, by=lead, text="canari-du-brouillon")

    pages = [
        words(client.get(url("campaign", year))),
        words(client.get(url("review", year, submission.pk))),
        words(client.get(url("compose", year, submission.organisation_id))),
        words(client.get(url("indicator", year, first.indicator.code))),
    ]

    assert "50 %" in pages[0]
    assert "50 % des chiffres" in pages[1]
    assert not any("98765" in page or "98 765" in page or "canari" in page for page in pages)


def test_a_partner_to_whom_nobody_can_write_is_shown(client, lead, year, running):
    reached, alone = SubmissionFactory.create_batch(2, campaign=running)
    MembershipFactory(partner=True, territory=year.territory, organisation=reached.organisation)

    rows = client.get(url("campaign", year)).context["board"].rows

    assert {row.pk: row.has_readers for row in rows} == {reached.pk: True, alone.pk: False}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"texte": "ecole"}, ["École"]),
        ({"etat": "sent"}, ["Abri"]),
        ({"retard": "oui"}, ["École"]),
        ({"retard": "non"}, ["Abri"]),
    ],
)
def test_the_board_is_narrowed(client, lead, year, running, query, names):
    SubmissionFactory(campaign=running, organisation__name="École")
    SubmissionFactory(campaign=running, organisation__name="Abri", state="sent")
    past_due(running)

    rows = client.get(url("campaign", year), query).context["table"].rows

    assert [row.record.submission.organisation.name for row in rows] == names


@pytest.mark.parametrize("role", ["partner", "reader", "ddets", "dihal", "administrator"])
@pytest.mark.parametrize("name", ["campaign", "edit_campaign", "add_partner"])
def test_nobody_else_opens_the_pages(client, year, running, role, name):
    client.force_login(MembershipFactory(**{role: True}, territory=year.territory).user)

    assert client.get(url(name, year)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_board_queries(client, lead, year, running, count, django_assert_num_queries):
    for submission in SubmissionFactory.create_batch(count, campaign=running):
        AnswerFactory(question__submission=submission)
    with django_assert_num_queries(10):
        response = client.get(url("campaign", year))
    assert len(response.context["table"].rows) == count


@pytest.mark.parametrize("count", [1, 3])
def test_compose_queries(client, lead, year, running, partner, count, django_assert_num_queries):
    submission = SubmissionFactory(campaign=running, organisation=partner)
    for _ in range(count):
        action = LineFactory(year=year).action
        indicator = IndicatorFactory(territory=year.territory, action=action)
        QuestionFactory(submission=submission, indicator=indicator)
        QuestionFactory(submission__campaign=running, indicator=indicator)
    with django_assert_num_queries(12):
        response = client.get(url("compose", year, partner.pk))
    assert sum(section.asked for section in response.context["form"].sections) == count


def test_the_dashboard_says_where_the_campaign_is(client, lead, year, running):
    SubmissionFactory(campaign=running, state="sent")
    SubmissionFactory(campaign=running, state="validated")
    SubmissionFactory(campaign=running)
    past_due(running)

    page = client.get(url("dashboard", year))

    item = next(item for item in page.context["items"] if item.title == "Campagne")
    assert (item.done, item.total, item.missing) == (1, 3, ("1 bilan à examiner", "1 en retard"))
