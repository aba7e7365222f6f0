"""Each step of a submission tried from every state: where it leads, or the sentence that refuses and writes nothing."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from axes.models import Accepted, Answer, Document, Proposal, Question, Sending, Submission, Transition
from axes.submissions import moves
from axes.submissions.answers import add_document, remove_document, save_answer
from axes.submissions.content import figures_of, read
from axes.values import value_of
from logement.canonical import fingerprint_of
from logement.locking import Conflict
from logement.models import Message
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.campaigns import QuestionFactory, SubmissionFactory, submission_in
from tests.threads import all_at_once

State = Submission.State
TO_FILL, DRAFT, SENT, RETURNED, VALIDATED = State
pytestmark = pytest.mark.django_db
ROWS = (Submission, Question, Answer, Answer.history.model, Document, Sending, Accepted, Proposal, Transition)

#: {act: {state it starts from: state it leads to}}; every other pair is refused.
LEADS = {
    "answer": {TO_FILL: DRAFT, DRAFT: DRAFT, RETURNED: RETURNED},
    "join": {TO_FILL: DRAFT, DRAFT: DRAFT, RETURNED: RETURNED},
    "prepare": {DRAFT: DRAFT, RETURNED: RETURNED},
    "send": {DRAFT: SENT, RETURNED: SENT},
    "accept": {SENT: SENT},
    "validate": {SENT: VALIDATED},
    "request_correction": {SENT: RETURNED},
    "reopen": {VALIDATED: RETURNED},
    "take_over": {TO_FILL: TO_FILL},
    "propose": {SENT: SENT, VALIDATED: VALIDATED},
}


class Case:
    """A submission with a figure and documents, in a state, and those who act on it."""

    def __init__(self, state):
        submission = SubmissionFactory()
        self.papers = QuestionFactory(submission=submission, indicator=None, action=None, kind="documents")
        self.office, self.by = OrganisationFactory(), UserFactory()
        self.submission = submission_in(state, submission=submission, by=self.by, office=self.office)
        self.figure = self.submission.questions.get(kind="figure")

    def do(self, act):
        partner = {"submission": self.submission, "by": self.by, "organisation": self.submission.organisation}
        lead = {"submission": self.submission, "by": self.by, "organisation": self.office}
        version = getattr(Answer.objects.filter(question=self.figure).first(), "version", 0)
        match act:
            case "answer":
                save_answer(question=self.figure, version=version, by=self.by, number=Decimal(7))
            case "join":
                add_document(
                    question=self.papers,
                    name="a.pdf",
                    content=SimpleUploadedFile("a.pdf", b"%PDF"),
                    media_type="application/pdf",
                    by=self.by,
                )
            case "accept":
                moves.accept(submission=self.submission, questions=[self.figure], by=self.by)
            case "request_correction":
                moves.request_correction(comment="Vérifiez.", remarks={self.figure.pk: "Un écart."}, **lead)
            case "reopen":
                moves.reopen(reason="Erreur trouvée", remarks={}, **lead)
            case "propose":
                moves.propose(
                    question=self.figure, number=Decimal(15), reason="Liste", source="CR", by=self.by
                )
            case "prepare" | "send":
                getattr(moves, act)(**partner)
            case _:
                getattr(moves, act)(**lead)


def everything():
    """All that an act on a submission may write."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (*ROWS, Message)}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", LEADS)
def test_each_act_from_each_state(act, state):
    case = Case(state)
    before = everything()
    if state in LEADS[act]:
        case.do(act)
        assert Submission.objects.get().state == LEADS[act][state]
        assert everything() != before
    else:
        with pytest.raises(ValidationError) as refusal:
            case.do(act)
        assert refusal.value.messages[0].endswith(".")
        assert len(refusal.value.messages[0]) > 30
        assert everything() == before


def test_every_step_is_recorded_with_who_for_whom_and_why():
    case = Case(SENT)
    case.do("request_correction")
    steps = case.submission.transitions.values_list("act", "before", "after", "by", "organisation", "comment")
    partner = case.submission.organisation_id
    assert list(steps) == [
        ("Début de la saisie", TO_FILL, DRAFT, case.by.pk, partner, ""),
        ("Transmission", DRAFT, SENT, case.by.pk, partner, ""),
        ("Correction demandée", SENT, RETURNED, case.by.pk, case.office.pk, "Vérifiez."),
    ]


def test_sent_is_frozen_with_its_fingerprint():
    sending = Case(SENT).submission.sendings.get()
    assert sending.fingerprint == fingerprint_of(sending.content)
    assert [figure.number for figure in figures_of(sending).values()] == [Decimal(12)]


def test_a_partner_renamed_after_sending_keeps_its_name_in_what_was_sent():
    case = Case(SENT)
    name = case.submission.organisation.name
    case.submission.organisation.name = "Autre nom"
    case.submission.organisation.save()
    assert read(case.submission.sendings.get())["organisation"] == name


def test_validated_becomes_the_value():
    submission = submission_in(VALIDATED)
    value = value_of(submission.questions.get().indicator, submission.campaign.year)
    assert (value.number, value.coverage.asked, value.partial_words) == (Decimal(12), 1, "")


def test_a_correction_reopens_only_what_it_contests():
    submission = submission_in(SENT, figures=2)
    first, second = submission.questions.all()
    moves.request_correction(
        submission=submission,
        comment="Un écart.",
        remarks={second.pk: "Comptez les enfants"},
        by=UserFactory(),
        organisation=OrganisationFactory(),
    )
    save_answer(question=second, version=1, by=UserFactory(), number=Decimal(13))
    with pytest.raises(ValidationError, match="n'est pas à corriger"):
        save_answer(question=first, version=1, by=UserFactory(), number=Decimal(13))
    assert [q.remark for q in submission.questions.all()] == ["", "Comptez les enfants"]


def test_what_was_accepted_counts_until_its_correction_is_accepted():
    case = Case(VALIDATED)
    year, indicator = case.submission.campaign.year, case.figure.indicator
    case.do("reopen")
    save_answer(question=case.figure, version=1, by=case.by, number=Decimal(20))
    case.do("send")
    assert value_of(indicator, year).number == Decimal(12)
    case.do("validate")
    assert value_of(indicator, year).number == Decimal(20)
    assert list(Accepted.objects.values_list("number", "sending__rank")) == [(12, 1), (20, 2)]


def test_sent_again_unchanged_is_a_second_sending_and_the_acceptance_stands():
    case = Case(VALIDATED)
    case.do("reopen")
    case.do("send")
    case.do("validate")
    assert list(case.submission.sendings.values_list("rank", flat=True)) == [1, 2]
    assert Accepted.objects.count() == 1


def propose(case, **fields):
    given = {"number": Decimal(15), "reason": "Liste", "source": "Compte rendu", "by": case.by} | fields
    return moves.propose(question=case.figure, **given)


def test_an_accepted_proposal_counts_and_survives_a_later_sending():
    case = Case(SENT)
    moves.reply(proposal=propose(case), is_accepted=True, comment="", by=case.by)
    case.do("request_correction")
    case.do("send")
    case.do("validate")
    value = value_of(case.figure.indicator, case.submission.campaign.year)
    assert value.number == Decimal(15)
    sent = [next(iter(figures_of(sending).values())).number for sending in Sending.objects.all()]
    assert sent == [Decimal(12), Decimal(15)]


def test_a_refused_proposal_needs_a_reason_and_leaves_the_value_sent():
    case = Case(SENT)
    proposal = propose(case)
    with pytest.raises(ValidationError, match="pourquoi vous refusez"):
        moves.reply(proposal=proposal, is_accepted=False, comment=" ", by=case.by)
    moves.reply(proposal=proposal, is_accepted=False, comment="Nos listes disent 12", by=case.by)
    case.do("validate")
    assert value_of(case.figure.indicator, case.submission.campaign.year).number == Decimal(12)
    with pytest.raises(ValidationError, match=r"n'attend plus de réponse \(refusée\)"):
        moves.reply(proposal=proposal, is_accepted=True, comment="", by=case.by)


def test_a_pending_proposal_holds_the_validation_until_it_is_withdrawn():
    case = Case(SENT)
    proposal = propose(case)
    with pytest.raises(ValidationError, match="Une contre-proposition attend"):
        case.do("validate")
    moves.withdraw(proposal=proposal, by=case.by)
    with pytest.raises(ValidationError, match="déjà répondu"):
        moves.withdraw(proposal=proposal, by=case.by)
    with pytest.raises(ValidationError, match="retirée"):
        moves.reply(proposal=proposal, is_accepted=True, comment="", by=case.by)
    case.do("validate")
    assert Submission.objects.get().state == VALIDATED


def test_a_correction_withdraws_the_proposal_on_what_it_reopens():
    case = Case(SENT)
    propose(case)
    case.do("request_correction")
    assert Proposal.objects.get().outcome == Proposal.Outcome.WITHDRAWN


def test_on_behalf_takes_the_hand_and_asks_for_the_source():
    case = Case(TO_FILL)
    case.do("take_over")
    lead = {"by": case.by, "organisation": case.office}
    with pytest.raises(ValidationError, match="pour votre compte"):
        save_answer(question=case.figure, version=0, by=case.by, number=Decimal(1))
    save_answer(question=case.figure, version=0, number=Decimal(1), **lead)
    with pytest.raises(ValidationError, match="Joignez le document"):
        moves.send(submission=case.submission, **lead)
    moves.send(submission=case.submission, source=SimpleUploadedFile("mail\udcff.pdf", b"%PDF"), **lead)
    sending = Sending.objects.get()
    with sending.source.open() as source:
        assert (sending.is_on_behalf, sending.source_name, source.read()) == (True, "mail.pdf", b"%PDF")


def test_handed_back_the_draft_is_the_partners_again():
    case = Case(TO_FILL)
    case.do("take_over")
    save_answer(question=case.figure, version=0, by=case.by, organisation=case.office, number=Decimal(1))
    case.do("hand_back")
    save_answer(question=case.figure, version=1, by=case.by, number=Decimal(2))
    with pytest.raises(ValidationError, match="appartient au partenaire"):
        save_answer(question=case.figure, version=2, by=case.by, organisation=case.office, number=Decimal(3))
    case.do("send")
    assert Sending.objects.get().is_on_behalf is False


def test_two_steps_need_the_first_and_a_change_undoes_it():
    submission = SubmissionFactory(needs_signature=True)
    submission = submission_in(DRAFT, submission=submission)
    acting = {"submission": submission, "by": UserFactory(), "organisation": submission.organisation}
    with pytest.raises(ValidationError, match="deux temps"):
        moves.send(**acting)
    moves.prepare(**acting)
    moves.prepare(**acting)
    assert submission.transitions.filter(act="Prêt à envoyer").count() == 1
    save_answer(question=submission.questions.get(), version=1, by=acting["by"], number=Decimal(8))
    with pytest.raises(ValidationError, match="deux temps"):
        moves.send(**acting)
    moves.prepare(**acting)
    moves.send(**acting)
    assert Submission.objects.get().state == SENT


def test_a_document_taken_out_of_the_draft_stays_in_what_was_sent():
    case = Case(DRAFT)
    case.do("join")
    case.do("send")
    case.do("request_correction")
    Question.objects.update(is_contested=True)
    remove_document(document=Document.objects.get(), by=case.by)
    case.do("send")
    joined = [
        [document["name"] for answer in read(sending)["answers"] for document in answer.get("documents", ())]
        for sending in Sending.objects.all()
    ]
    assert joined == [["a.pdf"], []]


@pytest.mark.django_db(transaction=True)
def test_sent_by_twenty_at_once_is_one_sending_and_one_message_each():
    submission = submission_in(DRAFT)
    territory = submission.campaign.year.territory
    MembershipFactory(partner=True, organisation=submission.organisation, territory=territory)
    MembershipFactory(lead=True, territory=territory)
    by = UserFactory()

    def send():
        try:
            moves.send(submission=submission, by=by, organisation=submission.organisation)
        except ValidationError as error:
            return error.messages[0]
        return "sent"

    answers = all_at_once(20, send)
    assert sorted(map(answers.count, set(answers))) == [1, 19]
    assert next(a for a in answers if a != "sent").startswith("Ce bilan est à l'état « Transmis »")
    assert (Sending.objects.count(), Message.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_first_answers_at_once_keep_one_and_tell_the_others():
    question = QuestionFactory()
    by = UserFactory()
    numbers = iter(range(10))

    def answer():
        try:
            save_answer(question=question, version=0, by=by, number=Decimal(next(numbers)))
        except Conflict as conflict:
            return conflict.current.number
        return "saved"

    answers = all_at_once(10, answer)
    assert answers.count("saved") == 1
    assert {answer for answer in answers if answer != "saved"} == {Answer.objects.get().number}
