"""The acts of the lead on a campaign: compose, open, remind, close."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from axes import workflow
from axes.models import Answer, Campaign, Document, Indicator, Line, Question, Submission
from axes.submissions import messages
from axes.values import Shape, shape_of
from logement import audit
from logement.locking import Conflict, save_version
from logement.models import Organisation
from logement.territories import organisation_named
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
    last = campaign_before(campaign)
    if last is None:
        return
    actions = going_on(campaign.year)
    copies = {}
    for question in still_asked(Question.objects.filter(submission__campaign=last)):
        if question.action_id in actions:
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


def campaign_before(campaign):
    """The last campaign of the territory before this one."""
    year = campaign.year
    earlier = Campaign.objects.filter(year__territory=year.territory_id, year__number__lt=year.number)
    return earlier.order_by("-year__number").first()


def going_on(year):
    """The keys of the actions that go on in an exercise, and None: what is asked of no action."""
    return {*Line.objects.filter(year=year).values_list("action", flat=True), None}


def still_asked(questions):
    """Without the figures that a register gives now."""
    return questions.exclude(indicator__source=Indicator.Source.REGISTER).select_related(
        "submission", "action", "indicator"
    )


@transaction.atomic
def save_campaign(*, campaign, version, opens_on, closes_on, instructions, by):
    """Changes the days and the instructions of the campaign read at `version`. Raises Conflict.

    A deadline moved further brings reminders of its own.
    """
    workflow.check_open(campaign.year)
    current = Campaign.objects.get(pk=campaign.pk)
    if current.closed_at:
        raise ValidationError("Cette campagne est close : ses dates ne se modifient plus.")
    has_begun = current.is_running(timezone.localdate())
    if has_begun and opens_on != current.opens_on:
        raise ValidationError(
            {"opens_on": "Les partenaires répondent déjà : la date d'ouverture ne se déplace plus."}
        )
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
def save_questionnaire(*, campaign, organisation, questions, needs_signature=False, version=None, by):
    """Asks of a partner exactly `questions`: [(kind, action or None, indicator or None, example)], in this order.

    A question that stays keeps its answer; one that has an answer cannot be taken away. None at all removes the
    questionnaire. `version`: of the submission that the form showed, 0 for none; Conflict where it changed since.
    Raises ValidationError with French sentences.
    """
    workflow.check_open(campaign.year)
    submission = locked_questionnaire(campaign, organisation)
    if submission.pk and submission.was_sent:
        raise ValidationError("Ce bilan est déjà transmis : rouvrez-le pour changer son questionnaire.")
    is_new = submission.pk is None
    if version is not None and version != (0 if is_new else submission.version):
        raise Conflict(None if is_new else submission)
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
            delete_questionnaire(submission)
        return None
    submission.needs_signature = needs_signature
    submission.version += 0 if is_new else 1
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
    if campaign.opened_at:
        obtain_from_partners(campaign, by=by)
    if is_new and campaign.is_running(timezone.localdate()):
        messages.tell_partner(submission, template="campaign_invitation", event="invitation")
    return submission


def questions_last_year(campaign, organisation):
    """The questions of a partner in the campaign before, whose actions go on: not what a register gives now."""
    last = campaign_before(campaign)
    if last is None:
        return []
    asked = Question.objects.filter(submission__campaign=last, submission__organisation=organisation)
    actions = going_on(campaign.year)
    return [question for question in still_asked(asked) if question.action_id in actions]


@transaction.atomic
def copy_questionnaire(*, submission, organisations, by):
    """Asks of other partners what one is asked, added to what they are already: nothing is taken away.

    Gives the questions left out, because several partners' answers to them do not add up.
    """
    questions = list(submission.questions.select_related("action", "indicator"))
    shared = [question for question in questions if not question.is_figure or is_additive(question.indicator)]
    for organisation in organisations:
        held = submission.campaign.submissions.filter(organisation=organisation).first()
        own = list(held.questions.select_related("action", "indicator")) if held else []
        keys = {key_of(question) for question in own}
        wanted = own + [question for question in shared if key_of(question) not in keys]
        save_questionnaire(
            campaign=submission.campaign,
            organisation=organisation,
            questions=[(q.kind, q.action, q.indicator, q.example) for q in wanted],
            needs_signature=held.needs_signature if held else submission.needs_signature,
            by=by,
        )
    return [question for question in questions if question not in shared]


@transaction.atomic
def add_partner(*, year, name, by):
    """The organisation of this name, in the territory from now on; made where nobody bears the name yet."""
    workflow.check_open(year)
    organisation = organisation_named(name, territory=year.territory, kind=Organisation.Kind.ASSOCIATION)
    audit.record(by=by, act="Ajout d'un partenaire", about=organisation, territory=year.territory)
    return organisation


def locked_questionnaire(campaign, organisation):
    """The submission of a partner, locked; a new one, not saved yet, where there is none."""
    campaign.refresh_from_db(from_queryset=Campaign.objects.select_for_update(of=("self",)))
    if campaign.closed_at:
        raise ValidationError("Cette campagne est close : ses questionnaires ne se modifient plus.")
    mine = Submission.objects.select_for_update(of=("self",)).filter(
        campaign=campaign, organisation=organisation
    )
    return mine.first() or Submission(campaign=campaign, organisation=organisation)


def delete_questionnaire(submission):
    if submission.transitions.exists() or submission.guest_links.exists():
        raise ValidationError(
            f"{submission.organisation} : ce questionnaire a déjà servi (saisie commencée ou lien envoyé), "
            "il ne peut plus être retiré."
        )
    submission.delete()


def obtain_from_partners(campaign, *, by):
    """The typed figures that an open campaign asks are obtained from the partners from this exercise on."""
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


def is_additive(indicator):
    """Whether the answers of several partners add up."""
    return shape_of(indicator) not in {Shape.SHARE, Shape.DAY} and indicator.kind not in NOT_ADDITIVE


def check_may_be_asked(indicator, campaign, organisation):
    """Refuses what a register computes, and what several partners cannot share: it would be added up wrongly."""
    if indicator.source == Indicator.Source.REGISTER:
        raise ValidationError(
            f"« {indicator.label} » est calculé d'après un registre : il n'est pas à demander."
        )
    if is_additive(indicator):
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
    if current.is_past_due(timezone.localdate()):
        raise ValidationError("La date limite est déjà passée : reculez-la avant d'ouvrir la campagne.")
    opened = save_version(current, version=current.version, by=by, opened_at=timezone.now(), opened_by=by)
    obtain_from_partners(opened, by=by)
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


def can_answer(submission):
    """Whether the partner has something to send, and may."""
    if not submission.is_with_partner or submission.is_on_behalf or not submission.campaign.year.is_open:
        return False
    is_returned = submission.state == Submission.State.RETURNED
    return is_returned or submission.campaign.is_running(timezone.localdate())


def can_take_over(submission):
    """Whether the metropole may begin to write for the partner, which has written nothing."""
    campaign = submission.campaign
    is_running = campaign.is_running(timezone.localdate()) and campaign.year.is_open
    return is_running and submission.state == Submission.State.TO_FILL and not submission.is_on_behalf


@transaction.atomic
def remind(*, submissions, by):
    """Reminds now the partners who can still answer and have not; one message per person and day.

    Gives how many were written. Not those for whom the metropole writes.
    """
    sent = 0
    for submission in submissions:
        if not can_answer(submission):
            continue
        written = messages.remind(submission, occasion=f"relance:{timezone.localdate()}")
        if written:
            audit.record(by=by, act="Relance", about=submission, territory=submission.campaign.year.territory)
        sent += written
    return sent
