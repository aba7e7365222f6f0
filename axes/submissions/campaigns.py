"""The acts of the lead on a campaign: compose, open, remind, close."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from axes import workflow
from axes.models import Answer, Campaign, Document, Indicator, Line, Question, Submission
from axes.submissions import messages
from axes.values import Shape, shape_of
from logement import audit
from logement.locking import save_version
from logement.text import clean_text

#: What several partners' answers cannot be added up into.
NOT_ADDITIVE = (Indicator.Kind.DURATION, Indicator.Kind.CONTEXT)


@transaction.atomic
def create_campaign(*, year, opens_on, closes_on, instructions="", by):
    """Writes the campaign of an exercise, with last year's questionnaires where their actions go on."""
    workflow.check_open(year)
    campaign = Campaign(
        year=year, opens_on=opens_on, closes_on=closes_on, instructions=clean_text(instructions).strip()
    )
    campaign._history_user = by
    campaign.full_clean()
    campaign.save()
    copy_questionnaires(campaign)
    audit.record(by=by, act="Création de la campagne", about=campaign, territory=year.territory)
    return campaign


def copy_questionnaires(campaign):
    """Last year's questions whose action, if any, goes on this year; not the figures that a register gives now."""
    year = campaign.year
    last = (
        Campaign.objects.filter(year__territory=year.territory, year__number__lt=year.number)
        .order_by("-year__number")
        .first()
    )
    if last is None:
        return
    going_on = set(Line.objects.filter(year=year).values_list("action", flat=True)) | {None}
    asked = Question.objects.filter(submission__campaign=last).exclude(
        indicator__source=Indicator.Source.REGISTER
    )
    copies = {}
    for question in asked.select_related("submission"):
        if question.action_id in going_on:
            copies.setdefault(question.submission, []).append(question)
    for before, questions in copies.items():
        submission = Submission(
            campaign=campaign,
            organisation_id=before.organisation_id,
            needs_signature=before.needs_signature,
        )
        submission.save()
        Question.objects.bulk_create(
            Question(
                submission=submission,
                action_id=question.action_id,
                kind=question.kind,
                indicator_id=question.indicator_id,
                example=question.example,
                position=question.position,
            )
            for question in questions
        )


@transaction.atomic
def save_campaign(*, campaign, version, opens_on, closes_on, instructions, by):
    """Changes the days and the instructions of the campaign read at `version`. Raises Conflict."""
    workflow.check_open(campaign.year)
    campaign.opens_on, campaign.closes_on = opens_on, closes_on
    campaign.validate_constraints()
    return save_version(
        campaign,
        version=version,
        by=by,
        opens_on=opens_on,
        closes_on=closes_on,
        instructions=clean_text(instructions).strip(),
    )


@transaction.atomic
def save_questionnaire(*, campaign, organisation, questions, needs_signature=False, by):
    """Asks of a partner exactly `questions`: [(kind, action or None, indicator or None, example)], in this order.

    A question that stays keeps its answer; one that has an answer cannot be taken away. None at all removes the
    questionnaire. Raises ValidationError with French sentences.
    """
    workflow.check_open(campaign.year)
    submission = locked_questionnaire(campaign, organisation)
    if submission.pk and submission.state not in {Submission.State.TO_FILL, Submission.State.DRAFT}:
        raise ValidationError("Ce bilan est déjà transmis : rouvrez-le pour changer son questionnaire.")
    held = {key_of(q): q for q in submission.questions.all()} if submission.pk else {}
    wanted = [
        (kind, action, indicator, clean_text(example).strip())
        for kind, action, indicator, example in questions
    ]
    for kind, _, indicator, _ in wanted:
        if kind == Question.Kind.FIGURE:
            check_may_be_asked(indicator, campaign, organisation)
    kept = {
        (kind, getattr(action, "pk", None), getattr(indicator, "pk", None))
        for kind, action, indicator, _ in wanted
    }
    remove(q for key, q in held.items() if key not in kept)
    if not wanted:
        if submission.pk:
            submission.delete()
        return None
    submission.needs_signature = needs_signature
    submission._history_user = by
    submission.full_clean()
    submission.save()
    for position, (kind, action, indicator, example) in enumerate(wanted, start=1):
        key = (kind, getattr(action, "pk", None), getattr(indicator, "pk", None))
        question = held.get(key) or Question(
            submission=submission, kind=kind, action=action, indicator=indicator
        )
        question.position, question.example = position, example
        question.full_clean()
        question.save()
    return submission


def locked_questionnaire(campaign, organisation):
    """The submission of a partner, locked; a new one, not saved yet, where there is none."""
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    found = Submission.objects.filter(campaign=campaign, organisation=organisation).first()
    return found or Submission(campaign=campaign, organisation=organisation)


def key_of(question):
    return question.kind, question.action_id, question.indicator_id


def remove(questions):
    keys = [question.pk for question in questions]
    answered = Answer.objects.filter(question__in=keys).select_related("question__indicator").first()
    joined = Document.objects.filter(question__in=keys).select_related("question__indicator").first()
    if answered or joined:
        label = (answered or joined).question.label
        raise ValidationError(f"« {label} » a déjà reçu une réponse : la question ne peut plus être retirée.")
    Question.objects.filter(pk__in=keys).delete()


def check_may_be_asked(indicator, campaign, organisation):
    """Refuses what a register computes, and what several partners cannot share: it would be added up wrongly."""
    if indicator.source == Indicator.Source.REGISTER:
        raise ValidationError(
            f"« {indicator.label} » est calculé d'après un registre : il n'est pas à demander."
        )
    if shape_of(indicator) not in {Shape.SHARE, Shape.DAY} and indicator.kind not in NOT_ADDITIVE:
        return
    others = Question.objects.filter(submission__campaign=campaign, indicator=indicator)
    if others.exclude(submission__organisation=organisation).exists():
        raise ValidationError(
            f"« {indicator.label} » ne s'additionne pas entre partenaires : demandez-le à un seul."
        )


@transaction.atomic
def open_campaign(*, campaign, by):
    """Opens it: its figures are obtained from the partners from now on; invitations leave on the opening day."""
    workflow.check_open(campaign.year)
    current = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if current.opened_at:
        raise ValidationError("Cette campagne est déjà ouverte.")
    if not current.submissions.exists():
        raise ValidationError("Composez au moins un questionnaire avant d'ouvrir la campagne.")
    opened = save_version(current, version=current.version, by=by, opened_at=timezone.now(), opened_by=by)
    asked = Indicator.objects.filter(
        questions__submission__campaign=campaign, source=Indicator.Source.TYPED
    ).distinct()
    for indicator in asked:
        workflow.change_source(
            indicator=indicator,
            year=campaign.year,
            source=Indicator.Source.SUBMITTED,
            reason=f"Demandé aux partenaires par la campagne {campaign.year.number}",
            by=by,
        )
    audit.record(by=by, act="Ouverture de la campagne", about=opened, territory=campaign.year.territory)
    messages.invite(opened)
    return opened


@transaction.atomic
def close_campaign(*, campaign, by):
    """Closes it: partners read, and answer no more but where a correction was asked."""
    current = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not current.opened_at or current.closed_at:
        raise ValidationError("Seule une campagne ouverte peut être close.")
    closed = save_version(current, version=current.version, by=by, closed_at=timezone.now(), closed_by=by)
    audit.record(by=by, act="Clôture de la campagne", about=closed, territory=campaign.year.territory)
    return closed


@transaction.atomic
def remind(*, submissions, by):
    """Reminds now the partners that have not sent; one message per person and day. Gives how many were written."""
    sent = 0
    for submission in submissions:
        if not submission.is_with_partner:
            continue
        written = messages.remind(submission, occasion=f"relance:{timezone.localdate()}")
        if written:
            audit.record(by=by, act="Relance", about=submission, territory=submission.campaign.year.territory)
        sent += written
    return sent
