"""Two partners and a lead act in any order: the states stay legal, and the value is the sum of what was accepted."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from axes.models import Submission
from axes.submissions import moves
from axes.submissions.answers import save_answer
from axes.values import value_of
from tests.factories import OrganisationFactory, UserFactory
from tests.factories.campaigns import QuestionFactory, SubmissionFactory

State = Submission.State
partners = st.integers(0, 1)
numbers = st.integers(0, 50)


class Model:
    """What a partner's bilan should be: its state, its draft, what it sent, what counts."""

    def __init__(self):
        self.state = State.TO_FILL
        self.draft = self.sent = self.accepted = self.proposed = None
        self.rank = self.accepted_rank = 0

    def accept(self):
        if self.accepted_rank != self.rank and self.accepted != self.sent:
            self.accepted, self.accepted_rank = self.sent, self.rank


class Campaigning(RuleBasedStateMachine):
    """Each rule does the act, and the model says whether it had to be refused."""

    @initialize()
    def begin(self):
        first = SubmissionFactory()
        self.question = QuestionFactory(submission=first)
        second = SubmissionFactory(campaign=first.campaign)
        QuestionFactory(submission=second, indicator=self.question.indicator)
        self.pks = [first.pk, second.pk]
        self.year, self.indicator = first.campaign.year, self.question.indicator
        self.models = [Model(), Model()]
        self.by, self.office = UserFactory(), OrganisationFactory()

    def attempt(self, is_legal, act):
        """Does the act; whether it was done. A refusal that the model did not expect fails, and the contrary."""
        refused = ""
        try:
            with transaction.atomic():
                act()
        except ValidationError as refusal:
            refused = refusal.messages[0]
        assert (not refused) == is_legal, refused
        return is_legal

    def row(self, who):
        return Submission.objects.select_related("campaign__year", "organisation").get(pk=self.pks[who])

    def partner(self, who):
        row = self.row(who)
        return {"submission": row, "by": self.by, "organisation": row.organisation}

    def lead(self, who):
        return {"submission": self.row(who), "by": self.by, "organisation": self.office}

    @rule(who=partners, number=numbers)
    def answer(self, who, number):
        model, question = self.models[who], self.row(who).questions.get()
        version = question.answer.version if hasattr(question, "answer") else 0
        is_legal = model.state in Submission.WITH_PARTNER
        if self.attempt(
            is_legal,
            lambda: save_answer(question=question, version=version, by=self.by, number=Decimal(number)),
        ):
            model.draft = number
            model.state = State.DRAFT if model.state == State.TO_FILL else model.state

    @rule(who=partners)
    def send(self, who):
        model = self.models[who]
        if self.attempt(
            model.state in {State.DRAFT, State.RETURNED}, lambda: moves.send(**self.partner(who))
        ):
            model.state, model.sent, model.rank = State.SENT, model.draft, model.rank + 1

    @rule(who=partners)
    def accept(self, who):
        model, row = self.models[who], self.row(who)
        if self.attempt(
            model.state == State.SENT,
            lambda: moves.accept(submission=row, questions=row.questions.all(), by=self.by),
        ):
            model.accept()

    @rule(who=partners)
    def validate(self, who):
        model = self.models[who]
        if self.attempt(
            model.state == State.SENT and model.proposed is None, lambda: moves.validate(**self.lead(who))
        ):
            model.accept()
            model.state = State.VALIDATED

    @rule(who=partners)
    def give_back(self, who):
        model = self.models[who]
        is_validated = self.row(who).state == State.VALIDATED
        words = {"reason" if is_validated else "comment": "Un écart", "remarks": {}}
        act = moves.reopen if is_validated else moves.request_correction
        if self.attempt(model.state in {State.SENT, State.VALIDATED}, lambda: act(**self.lead(who), **words)):
            model.state, model.proposed = State.RETURNED, None

    @rule(who=partners, number=numbers)
    def propose(self, who, number):
        model, question = self.models[who], self.row(who).questions.get()
        given = {"reason": "Liste", "source": "Compte rendu", "by": self.by, "number": Decimal(number)}
        if self.attempt(
            model.state in {State.SENT, State.VALIDATED} and model.proposed is None,
            lambda: moves.propose(question=question, **given),
        ):
            model.proposed = number

    @rule(who=partners, is_accepted=st.booleans())
    def reply(self, who, is_accepted):
        model, question = self.models[who], self.row(who).questions.get()
        proposal = question.proposals.order_by("-pk").first()
        if proposal is None:
            return
        if self.attempt(
            model.proposed is not None,
            lambda: moves.reply(proposal=proposal, is_accepted=is_accepted, comment="Vu", by=self.by),
        ):
            if is_accepted:
                model.accepted = model.draft = model.proposed
                model.accepted_rank = model.rank
            model.proposed = None

    @invariant()
    def states_and_value_are_those_of_the_model(self):
        if not hasattr(self, "models"):
            return
        assert [self.row(who).state for who in range(2)] == [model.state for model in self.models]
        value = value_of(self.indicator, self.year)
        accepted = [model.accepted for model in self.models if model.accepted is not None]
        assert value.number == (sum(accepted) if accepted else None)
        assert (value.coverage.answered, value.coverage.asked) == (len(accepted), 2)
        assert ("total partiel" in value.display) == (len(accepted) == 1)


@pytest.mark.django_db
def test_no_order_of_the_acts_leads_astray():
    class InTransaction(Campaigning):
        """Each run is undone: the next begins in an empty database."""

        def __init__(self):
            super().__init__()
            self.undo = transaction.atomic()
            self.undo.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    run_state_machine_as_test(
        InTransaction,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
