"""The lead's reading of what was sent: its order, its findings, its acts; and who supplied a value."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from axes.models import Accepted, GuestLink, Proposal, Submission
from axes.submissions import moves
from axes.submissions.answers import save_answer
from axes.submissions.review import reading_of
from axes.values import value_of
from logement.models import Message
from logement.numbers import NO_BREAK_SPACE
from tests.factories import EntryFactory, IndicatorFactory, MembershipFactory, YearFactory
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
State = Submission.State


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
    return CampaignFactory(year=year, opened=True)


@pytest.fixture
def submission(campaign):
    return SubmissionFactory(campaign=campaign, organisation__name="Le Toit")


def url(name, submission, *args):
    year = submission.campaign.year
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, submission.pk, *args])


def words(response):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def ask(submission, label, *, last_year=None, **fields):
    """A question; `last_year`, the value that its indicator had, this partner alone being asked."""
    fields = {"unit": "ménages", "kind": "count", "label": label, "source": "submitted"} | fields
    year = submission.campaign.year
    indicator = IndicatorFactory(territory=year.territory, **fields)
    if last_year is not None:
        before = type(year).objects.filter(number=2022).first() or YearFactory(
            number=2022, agreement=year.agreement, territory=year.territory
        )
        EntryFactory(indicator=indicator, year=before, number=last_year)
    return QuestionFactory(submission=submission, indicator=indicator, action=None)


def answer(question, by, number=None, **fields):
    version = question.answer.version if hasattr(question, "answer") else 0
    amount = {} if number is None else {"number": Decimal(number)}
    return save_answer(question=question, version=version, by=by, **amount, **fields)


def send(submission, by, **numbers):
    """Answers each question by its label, then sends."""
    for question in submission.questions.select_related("indicator", "answer"):
        answer(question, by, numbers.get(question.label, 12))
    return send_again(submission, by)


def send_again(submission, by):
    current = Submission.objects.get(pk=submission.pk)
    return moves.send(submission=current, by=by, organisation=submission.organisation)


def state_of(submission):
    return Submission.objects.get(pk=submission.pk).state


def labels(sending):
    return [line.label for line in reading_of(sending).figures]


def findings(sending, label):
    line = next(line for line in reading_of(sending).figures if line.label == label)
    return [(finding.sentence, finding.calculation.replace(NO_BREAK_SPACE, " ")) for finding in line.findings]


# --- The order ---


def test_broken_rules_come_first_then_what_moved_most(submission, lead):
    for label, before in [("Stable", 100), ("Bouge", 100), ("Bondit", 10), ("Nouveau", None)]:
        ask(submission, label, last_year=before)
    ask(submission, "Partie", whole=ask(submission, "Tout", last_year=10).indicator, last_year=10)

    sending = send(submission, lead, Stable=101, Bouge=80, Bondit=100, Nouveau=3, Tout=10, Partie=11)

    assert labels(sending) == ["Partie", "Bondit", "Bouge", "Stable", "Nouveau", "Tout"]
    assert findings(sending, "Partie") == [
        ("Cette partie dépasse son tout, « Tout ».", "11 ménages > 10 ménages : 1 de trop")
    ]
    assert findings(sending, "Bondit") == [
        ("Fort écart avec l'an dernier.", "10 ménages → 100 ménages : +90 (+900 %)")
    ]
    assert findings(sending, "Bouge") == []


def test_a_small_number_that_doubles_is_no_jump(submission, lead):
    ask(submission, "Ateliers", last_year=1)

    assert findings(send(submission, lead, Ateliers=3), "Ateliers") == []


@pytest.mark.parametrize(
    ("has_multiple_answers", "before", "parts", "sentences"),
    [
        (False, (10, 4, 6), (5, 6), ["4"]),
        (True, (10, 4, 6), (5, 6), []),
        (False, (10, 4, 6), (4, 5), ["4"]),
        (False, (10, 4, 5), (4, 5), []),
    ],
    ids=["above", "several answers", "left out since last year", "never divided it"],
)
def test_parts_add_up_where_they_divide_the_whole(
    submission, lead, has_multiple_answers, before, parts, sentences
):
    whole = ask(submission, "Tout", last_year=before[0], has_multiple_answers=has_multiple_answers)
    for label, number in zip("AB", before[1:], strict=True):
        ask(submission, label, whole=whole.indicator, last_year=number)

    sending = send(submission, lead, Tout=10, A=parts[0], B=parts[1])

    told = [sentence for sentence, _ in findings(sending, "Tout") if "La somme des parties" in sentence]
    assert len(told) == len(sentences)


def test_a_rate_above_one_shows_its_calculation(submission, lead):
    question = ask(submission, "Taux", kind="rate", unit="%")
    answer(question, lead, numerator=Decimal(45), denominator=Decimal(40))

    assert findings(send_again(submission, lead), "Taux") == [
        (
            "Une part dépasse son tout : vérifiez le numérateur et le dénominateur.",
            "45 sur 40 = 113 %",
        )
    ]


def test_a_cumulative_figure_does_not_go_down(submission, lead):
    ask(submission, "Depuis 2019", cumulative=True, last_year=142)

    assert findings(send(submission, lead, **{"Depuis 2019": 140}), "Depuis 2019") == [
        ("Un cumul ne diminue pas d'une année à l'autre.", "142 ménages → 140 ménages")
    ]


def test_what_was_known_last_year_and_is_not_any_more_is_seen(submission, lead):
    question = ask(submission, "Places", last_year=12)
    answer(question, lead, blank="unavailable")

    assert findings(send_again(submission, lead), "Places") == [
        (
            "Ce chiffre était connu l'an dernier : il est déclaré « non disponible ».",
            "l'an dernier : 12 ménages",
        )
    ]


def test_last_year_is_what_this_partner_answered(submission, lead):
    indicator = ask(submission, "Places").indicator
    before = YearFactory(
        number=2022,
        agreement=submission.campaign.year.agreement,
        territory=submission.campaign.year.territory,
    )
    earlier = CampaignFactory(year=before, opened=True)
    for organisation, number in [(submission.organisation, 7), (None, 50)]:
        held = SubmissionFactory(campaign=earlier, **({"organisation": organisation} if organisation else {}))
        QuestionFactory(submission=held, indicator=indicator, action=None)
        send(held, lead, Places=number)
        moves.validate(submission=Submission.objects.get(pk=held.pk), by=lead, organisation=held.organisation)

    sending = send(submission, lead, Places=9)

    assert reading_of(sending).figures[0].before.number == 7


# --- The page reads the sending, not the draft ---


def test_the_page_shows_what_was_sent_and_not_the_draft_that_follows(client, submission, lead):
    question = ask(submission, "Places")
    send(submission, lead, Places=41)
    client.post(url("review", submission), {"act": "return", "read": 1, "comment": "Recomptez."})
    question.refresh_from_db()
    answer(question, lead, 98765)

    page = words(client.get(url("review", submission)))

    assert "41 ménages" in page
    assert not re.search("98.?765", page)


def test_what_changed_between_two_sendings_is_shown(client, submission, lead):
    question = ask(submission, "Places")
    send(submission, lead, Places=41)
    client.post(url("review", submission), {"act": "return", "read": 1, "comment": "Recomptez."})
    question.refresh_from_db()
    answer(question, lead, 14)
    send_again(submission, lead)

    response = client.get(url("review", submission))

    changes = [(change.label, change.before, change.after) for change in response.context["differences"]]
    assert [(label, before.split()[0], after.split()[0]) for label, before, after in changes] == [
        ("Places", "41", "14")
    ]
    assert "envoi précédent : 41" in words(response)


# --- The acts ---


def test_some_are_accepted_and_count_the_rest_waits(client, submission, lead):
    first, second = ask(submission, "Places"), ask(submission, "Mesures")
    send(submission, lead, Places=41, Mesures=5)

    response = client.post(
        url("review", submission), {"act": "accept", "read": 1, f"c{first.pk}": "on"}, follow=True
    )

    year = submission.campaign.year
    assert value_of(first.indicator, year).number == 41
    assert value_of(second.indicator, year).is_pending
    assert state_of(submission) == State.SENT
    assert "Les chiffres cochés sont validés" in words(response)


def test_all_are_accepted_at_once(client, submission, lead):
    for label in ("Places", "Mesures"):
        ask(submission, label)
    send(submission, lead)

    client.post(url("review", submission), {"act": "validate", "read": 1, "comment": "Merci."})

    assert (state_of(submission), Accepted.objects.count()) == (State.VALIDATED, 2)
    step = submission.transitions.last()
    assert (step.act, step.by, step.organisation.kind, step.comment) == (
        "Validation",
        lead,
        "authority",
        "Merci.",
    )


def test_a_correction_names_the_lines_checked_or_remarked_only(client, submission, lead):
    questions = [ask(submission, label) for label in ("Places", "Mesures", "Baux")]
    send(submission, lead)

    client.post(
        url("review", submission),
        {
            "act": "return",
            "read": 1,
            "comment": "Deux chiffres à revoir.",
            f"c{questions[0].pk}": "on",
            f"r{questions[1].pk}": "Personnes ou ménages ?",
        },
    )

    assert state_of(submission) == State.RETURNED
    assert list(submission.questions.order_by("pk").values_list("is_contested", "remark")) == [
        (True, ""),
        (True, "Personnes ou ménages ?"),
        (False, ""),
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"act": "accept"}, "Cochez au moins un chiffre à valider."),
        ({"act": "return"}, "Dites au partenaire ce qu'il y a à corriger."),
        ({"act": "validate", "remark": "Sûrs ?"}, "Vous avez écrit des remarques"),
        ({}, "Choisissez un des boutons"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, submission, lead, fields, sentence):
    question = ask(submission, "Places")
    send(submission, lead)
    sent = {"read": 1, f"r{question.pk}": fields.pop("remark", "")} | fields

    response = client.post(url("review", submission), sent)

    assert response.status_code == 422
    assert sentence in words(response)
    assert response.context["form"][f"r{question.pk}"].value() == sent[f"r{question.pk}"]
    assert state_of(submission) == State.SENT


def test_a_page_left_open_judges_no_later_sending(client, submission, lead):
    question = ask(submission, "Places")
    send(submission, lead, Places=41)
    client.post(url("review", submission), {"act": "return", "read": 1, "comment": "Recomptez."})
    question.refresh_from_db()
    answer(question, lead, 14)
    send_again(submission, lead)

    response = client.post(
        url("review", submission), {"act": "validate", "read": 1, "comment": "Tout est bon."}
    )

    assert (response.status_code, state_of(submission)) == (409, State.SENT)
    assert "Le partenaire a transmis de nouveau" in words(response)
    assert response.context["form"]["comment"].value() == "Tout est bon."
    assert client.post(url("review", submission), {"act": "validate", "read": 2}).status_code == 302


def test_a_step_that_is_over_is_refused_and_what_was_typed_is_shown(client, submission, lead):
    ask(submission, "Places")
    send(submission, lead)
    client.post(url("review", submission), {"act": "return", "read": 1, "comment": "Recomptez."})

    response = client.post(
        url("review", submission), {"act": "return", "read": 1, "comment": "Et les baux ?"}
    )

    assert response.status_code == 409
    assert "Commentaire au partenaire : « Et les baux ? »" in words(response)
    assert "il n'est pas possible d'en demander la correction" in words(response)
    assert submission.transitions.filter(act="Correction demandée").count() == 1


def test_reopening_needs_a_reason(client, submission, lead):
    ask(submission, "Places")
    send(submission, lead)
    client.post(url("review", submission), {"act": "validate", "read": 1})

    refused = client.post(url("review", submission), {"act": "reopen", "read": 1})
    assert (refused.status_code, state_of(submission)) == (422, State.VALIDATED)
    assert "Rouvrir un bilan validé demande un motif." in words(refused)
    client.post(url("review", submission), {"act": "reopen", "read": 1, "comment": "Erreur signalée."})

    assert state_of(submission) == State.RETURNED
    assert "« Erreur signalée. »" in words(client.get(url("review", submission)))


def test_nothing_is_judged_before_it_is_sent(client, submission, lead):
    ask(submission, "Places")

    response = client.post(url("review", submission), {"act": "validate", "read": 1})

    assert (response.status_code, state_of(submission)) == (409, State.TO_FILL)


# --- Contest ---


def proposal_fields(**fields):
    return {
        "answer": "given",
        "number": "1 030,5",
        "qualifier": "exact",
        "motive": "Le SIAO en compte plus.",
        "source": "Tableau du 12 janvier",
        "read": 1,
    } | fields


def test_another_value_is_proposed_and_both_are_seen(client, submission, lead):
    question = ask(submission, "Places")
    send(submission, lead, Places=41)

    client.post(url("propose", submission, question.pk), proposal_fields())

    proposal = Proposal.objects.get()
    assert (proposal.number, proposal.reason, proposal.source, proposal.created_by) == (
        Decimal("1030.5"),
        "Le SIAO en compte plus.",
        "Tableau du 12 janvier",
        lead,
    )
    page = words(client.get(url("review", submission)))
    assert "41 ménages" in page
    assert re.search("1.030,5", page)
    assert "Proposer une autre valeur" not in page


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"motive": ""}, "motive"), ({"source": ""}, "source"), ({"number": "trente"}, "number")],
)
def test_a_proposal_without_reason_or_source_is_refused(client, submission, lead, fields, name):
    question = ask(submission, "Places")
    send(submission, lead)

    response = client.post(url("propose", submission, question.pk), proposal_fields(**fields))

    assert (response.status_code, list(response.context["form"].errors)) == (422, [name])
    assert not Proposal.objects.exists()


def test_a_proposal_is_withdrawn(client, submission, lead):
    question = ask(submission, "Places")
    send(submission, lead)
    client.post(url("propose", submission, question.pk), proposal_fields())

    client.post(url("withdraw", submission, Proposal.objects.get().pk))

    assert Proposal.objects.get().outcome == "withdrawn"


def test_nothing_is_proposed_before_a_sending(client, submission, lead):
    question = ask(submission, "Places")

    assert client.get(url("propose", submission, question.pk)).status_code == 404


# --- For the partner ---


def test_the_lead_writes_for_who_has_not_begun_and_gives_the_hand_back(client, submission, lead):
    ask(submission, "Places")

    response = client.post(url("take_over", submission))
    assert response["Location"] == url("fill", submission)
    assert Submission.objects.get().is_on_behalf
    client.post(url("hand_back", submission))

    assert not Submission.objects.get().is_on_behalf
    assert [step.act for step in submission.transitions.all()] == [
        "Saisie pour le compte du partenaire",
        "Saisie rendue au partenaire",
    ]


def test_a_draft_that_was_begun_is_not_taken_over(client, submission, lead):
    answer(ask(submission, "Places"), lead, 3)

    response = client.post(url("take_over", submission), follow=True)

    assert "son brouillon n'appartient qu'à lui" in words(response)
    assert not Submission.objects.get().is_on_behalf


def test_a_guest_link_is_sent_seen_and_withdrawn(client, submission, lead):
    client.post(url("guest_links", submission), {"email": "aide@association.example"})
    link = GuestLink.objects.get()
    assert Message.objects.get().address == "aide@association.example"
    assert "aide@association.example" in words(client.get(url("guest_links", submission)))

    client.post(url("revoke_link", submission, link.pk))

    link.refresh_from_db()
    assert (link.is_usable, link.revoked_by) == (False, lead)
    assert "retiré le" in words(client.get(url("guest_links", submission)))


@pytest.mark.parametrize("email", ["", "aide"])
def test_a_wrong_address_is_refused(client, submission, lead, email):
    response = client.post(url("guest_links", submission), {"email": email})

    assert (response.status_code, GuestLink.objects.count()) == (422, 0)


# --- Doors ---


@pytest.mark.parametrize("role", ["partner", "reader", "ddets", "dihal", "administrator"])
@pytest.mark.parametrize("name", ["review", "guest_links"])
def test_nobody_else_reviews(client, submission, role, name):
    territory = submission.campaign.year.territory
    client.force_login(MembershipFactory(**{role: True}, territory=territory).user)

    assert client.get(url(name, submission)).status_code == 404


def test_the_lead_of_another_territory_finds_nothing(client, submission):
    client.force_login(MembershipFactory(lead=True).user)

    assert client.get(url("review", submission)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_review_queries(client, submission, lead, count, django_assert_num_queries):
    for rank in range(count):
        ask(submission, f"Chiffre {rank}", last_year=10)
    send(submission, lead)
    with django_assert_num_queries(22):
        response = client.get(url("review", submission))
    assert len(response.context["lines"]) == count


# --- Who supplied a value ---


@pytest.fixture
def shared(campaign, lead):
    """An indicator that two partners are asked, of which one was validated."""
    indicator = IndicatorFactory(
        territory=campaign.year.territory, label="Places", unit="places", kind="count", source="submitted"
    )
    for name, number in [("Abri", 41), ("Toit", 7)]:
        held = SubmissionFactory(campaign=campaign, organisation__name=name)
        QuestionFactory(submission=held, indicator=indicator, action=None)
        send(held, lead, Places=number)
    first = Submission.objects.get(organisation__name="Abri")
    moves.validate(submission=first, by=lead, organisation=first.organisation)
    return indicator


def page_of(client, indicator, year):
    return client.get(reverse("axes:indicator", args=[year.territory.code, year.number, indicator.code]))


def test_the_lead_sees_who_supplied_what_and_that_the_total_is_partial(client, shared, year):
    response = page_of(client, shared, year)

    behind = [
        (answer.submission.organisation.name, answer.value and answer.value.number)
        for answer in response.context["answers"]
    ]
    assert behind == [("Abri", 41), ("Toit", None)]
    assert "total partiel : 1 association sur 2 a répondu" in words(response)
    assert "Saisir la valeur" not in words(response)


def test_a_partner_sees_its_own_answer_and_a_reader_none(client, shared, year):
    own = Submission.objects.get(organisation__name="Abri").organisation
    type(shared).objects.filter(pk=shared.pk).update(supplier=own)
    seen = {}
    for role, fields in {"partner": {"organisation": own}, "reader": {}}.items():
        client.force_login(MembershipFactory(**{role: True}, territory=year.territory, **fields).user)
        response = page_of(client, shared, year)
        seen[role] = [answer.submission.organisation.name for answer in response.context["answers"]]

    assert seen == {"partner": ["Abri"], "reader": []}


def test_the_list_shows_a_partial_total_as_one(client, shared, year):
    address = reverse("axes:indicators", args=[year.territory.code, year.number])

    page = words(client.get(address, {"valeur": "partial"}))

    assert "41 total partiel : 1 association sur 2 a répondu" in page
    assert "1 résultat" in page


def test_a_partial_total_compares_with_nothing(client, shared, year):
    before = YearFactory(number=2022, agreement=year.agreement, territory=year.territory)
    EntryFactory(indicator=shared, year=before, number=100)

    assert page_of(client, shared, year).context["row"].change is None


def test_a_value_that_partners_supply_is_not_typed(client, shared, year):
    address = reverse("axes:enter_value", args=[year.territory.code, year.number, shared.code])

    response = client.post(address, {"answer": "given", "number": "3"}, follow=True)

    assert "il ne se saisit pas" in words(response)
    assert not shared.entries.filter(year=year).exists()


def test_nothing_is_accepted_of_a_sending_that_was_replaced(submission, lead):
    question = ask(submission, "Places")
    send(submission, lead)

    with pytest.raises(ValidationError, match="a transmis de nouveau"):
        moves.accept(submission=submission, questions=[question], read=0, by=lead)
    assert not Accepted.objects.exists()
