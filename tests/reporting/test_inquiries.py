"""What the State asks of a report: asked in place, told to both sides, answered in words or by a version."""

from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from logement.models import Message
from reporting import inquiries, workflow
from reporting.models import Inquiry, Version
from tests.factories import EntryFactory, MembershipFactory
from tests.factories.reporting import InquiryFactory
from tests.reporting.exercise import Exercise

pytestmark = pytest.mark.postgresql


@pytest.fixture
def exercise(db):
    return Exercise()


@pytest.fixture
def officer(exercise):
    return MembershipFactory(ddets=True, territory=exercise.territory, user__full_name="Élise").user


def url(name, exercise, *args):
    return reverse(f"reporting:{name}", args=[exercise.territory.code, exercise.year.number, *args])


def words(response):
    return unescape(response.content.decode())


def row(exercise):
    return f"action-{exercise.line.pk}"


def asked(exercise, officer, **fields):
    """An inquiry on the first row of the exercise."""
    given = {"version": None, "anchor": row(exercise), "about": "Ouvrir", "question": "Où ?"} | fields
    return inquiries.ask(year=exercise.year, by=officer, **given)


def told(user):
    return sorted(Message.objects.filter(recipient=user).values_list("occasion", flat=True))


# --- The acts ---


def test_a_question_asked_twice_is_one_and_is_told_once(exercise, officer):
    first, second = asked(exercise, officer), asked(exercise, officer)

    assert first == second
    assert told(exercise.lead) == [f"inquiry:{first.pk}:asked"]
    assert told(officer) == []


def test_the_answer_is_told_to_the_office_and_stays_as_it_is(exercise, officer):
    colleague = MembershipFactory(ddets=True, territory=exercise.territory).user
    inquiry = asked(exercise, officer)

    answered = inquiries.answer(inquiry=inquiry, words=" À Ici. ", by=exercise.lead)

    assert (answered.state, answered.answer) == (Inquiry.State.ANSWERED, "À Ici.")
    assert told(officer) == told(colleague) == [f"inquiry:{inquiry.pk}:answered"]
    with pytest.raises(ValidationError, match="a déjà sa réponse"):
        inquiries.answer(inquiry=inquiry, words="Ailleurs", by=exercise.lead)
    with pytest.raises(ValidationError, match="a déjà sa réponse"):
        inquiries.withdraw(inquiry=inquiry, by=officer)
    assert Inquiry.objects.get().answer == "À Ici."


def test_a_question_is_withdrawn_and_may_be_asked_again(exercise, officer):
    inquiry = inquiries.withdraw(inquiry=asked(exercise, officer), by=officer)

    assert inquiry.state == Inquiry.State.WITHDRAWN
    assert asked(exercise, officer) != inquiry
    with pytest.raises(ValidationError):
        inquiries.answer(inquiry=inquiry, words="Trop tard", by=exercise.lead)


def test_a_version_settles_what_it_says_and_nothing_of_another_exercise(exercise, officer):
    first = exercise.transmit()
    before = first.fingerprint, first.report
    waiting = asked(exercise, officer, version=first)
    answered = inquiries.answer(
        inquiry=asked(exercise, officer, version=first, question="Quand ?"),
        words="La prochaine version le dira.",
        by=exercise.lead,
    )
    other = Exercise(number=2022, before=exercise)
    elsewhere = asked(other, officer)
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Un lieu manque")

    second = workflow.transmit(
        year=exercise.year, by=exercise.lead, correction="Le lieu", settles=(waiting, answered, elsewhere)
    )

    states = dict(Inquiry.objects.values_list("pk", "settled_by"))
    assert states == {waiting.pk: second.pk, answered.pk: second.pk, elsewhere.pk: None}
    assert Inquiry.objects.get(pk=waiting.pk).answered_at == second.frozen_at
    assert Inquiry.objects.get(pk=answered.pk).answer == "La prochaine version le dira."
    kept = Version.objects.get(pk=first.pk)
    assert (kept.fingerprint, kept.report) == before
    assert f"inquiry:{waiting.pk}:settled" in told(officer)


@pytest.mark.parametrize(
    "fields",
    [
        {"anchor": "partie-3"},
        {"question": ""},
        {"answer": "Oui"},
        {"withdrawn_at": "2024-01-01T00:00:00Z"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(exercise, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        InquiryFactory(year=exercise.year, **fields)


def test_the_database_keeps_one_waiting_question_in_the_same_words(exercise):
    InquiryFactory(year=exercise.year, question="Où ?")

    with pytest.raises(IntegrityError), transaction.atomic():
        InquiryFactory(year=exercise.year, question="Où ?")


# --- In place ---


def test_the_state_asks_under_a_row_and_the_lead_answers(client, exercise, officer):
    version = exercise.transmit()
    client.force_login(officer)
    page = words(client.get(version.get_absolute_url()))
    asking = url("ask_inquiry", exercise, row(exercise))
    assert f'href="{asking}?version=1"' in page

    answer = client.post(f"{asking}?version=1", {"words": "Où sont-elles ?"}, follow=True)

    assert answer.redirect_chain == [(version.get_absolute_url() + f"#{row(exercise)}", 302)]
    page = words(answer)
    assert "Votre demande sur « Ouvrir dix places (0) » est envoyée" in page
    assert "1 demande, sans réponse" in page
    inquiry = Inquiry.objects.get()
    assert (inquiry.version, inquiry.about) == (version, "Ouvrir dix places (0)")

    client.force_login(exercise.lead)
    dashboard = words(client.get(reverse("axes:dashboard", args=[exercise.territory.code, 2023])))
    assert "1 demande de complément" in dashboard
    # A finding keeps its guillemets on the line of their words.
    assert "Un complément est demandé sur «\xa0Ouvrir dix places (0)\xa0»" in words(
        client.get(url("rehearsal", exercise))
    )
    client.post(url("answer_inquiry", exercise, inquiry.pk), {"words": "À Ici."})

    client.force_login(officer)
    page = words(client.get(url("inquiries", exercise)))
    assert "Où sont-elles ?" in page
    assert "À Ici." in page
    assert "Demander un complément" in words(client.get(version.get_absolute_url()))


def test_a_question_on_a_figure_follows_it_into_later_versions(client, exercise, officer):
    first = exercise.transmit()
    asked(exercise, officer, version=first, anchor=f"chiffre-{exercise.indicator.pk}", about="Demandes")
    exercise.correct()
    client.force_login(officer)

    page = words(client.get(url("version_figures", exercise, 2)))

    assert "1 demande, sans réponse" in page


@pytest.mark.parametrize("anchor", ["action-999999", "chiffre-999999", "partie-1", "action-x"])
def test_what_the_report_does_not_hold_is_not_asked_about(client, exercise, officer, anchor):
    exercise.transmit()
    client.force_login(officer)

    assert client.post(url("ask_inquiry", exercise, anchor), {"words": "Où ?"}).status_code == 404
    assert Inquiry.objects.count() == 0


def test_words_that_name_somebody_warn_first_and_are_kept_in_the_field(client, exercise, officer):
    client.force_login(officer)
    asking = url("ask_inquiry", exercise, row(exercise))

    refused = client.post(asking, {"words": "Mme Durand est-elle comptée ?"})
    empty = client.post(asking, {"words": " \n"})

    assert refused.status_code == 422
    assert "semble désigner une personne : « Mme Durand »" in words(refused)
    assert "Mme Durand est-elle comptée ?</textarea>" in words(refused)
    assert (empty.status_code, "Écrivez ce que vous demandez." in words(empty)) == (422, True)
    assert Inquiry.objects.count() == 0


def test_in_the_dialog_the_same_form_comes_alone_and_says_what_was_done(client, exercise, officer):
    client.force_login(officer)
    asking, htmx = url("ask_inquiry", exercise, row(exercise)), {"HX-Request": "true"}

    opened = words(client.get(asking, headers=htmx))
    done = words(client.post(asking, {"words": "Où ?"}, headers=htmx))

    assert "<html" not in opened + done
    assert f'hx-post="{asking}"' in opened
    assert "Votre demande est envoyée" in done


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_whatever_its_rows(
    client, exercise, officer, rows, django_assert_num_queries
):
    version = exercise.transmit()
    for rank in range(rows):
        inquiry = asked(exercise, officer, version=version, question=f"Où ({rank}) ?")
        inquiries.answer(inquiry=inquiry, words="Ici", by=exercise.lead)
    Inquiry.objects.update(settled_by=version)
    client.force_login(officer)

    with django_assert_num_queries(6):
        page = words(client.get(url("inquiries", exercise)))

    assert page.count('id="demande-') == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_figures_of_a_version_take_the_same_queries_whatever_their_number(
    client, exercise, officer, rows, django_assert_num_queries
):
    for rank in range(rows - 1):
        indicator = exercise.add_context(f"Chiffre {rank}")
        EntryFactory(indicator=indicator, year=exercise.year, number=rank)
    exercise.transmit()
    client.force_login(officer)

    with django_assert_num_queries(14):
        page = words(client.get(url("version_figures", exercise, 1)))

    assert page.count('id="chiffre-') == rows
