"""The steps of a submission: one function each, keyword-only, atomic; each is recorded, then told by e-mail."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from axes.models import Accepted, Document, Proposal, Question, Sending, Submission
from axes.submissions import messages
from axes.submissions.answers import locked
from axes.submissions.content import canonical, content_of, figures_of, fingerprint_of
from axes.submissions.steps import after, record
from axes.values import refusals
from logement.locking import save_version
from logement.roles import Permission
from logement.text import clean_text


def questions_of(submission):
    """The questions in order, with all that a page or a sending shows of them."""
    return (
        submission.questions.select_related("action__axis", "indicator__whole", "answer__updated_by")
        .prefetch_related(Prefetch("documents", Document.objects.filter(removed_at__isnull=True)))
        .order_by("position", "pk")
    )


def missing_answers(questions):
    """The figures that have no answer yet: « non disponible » and « sans objet » are answers, a text may stay empty."""
    return [
        question
        for question in questions
        if question.is_figure and not (hasattr(question, "answer") and question.answer.is_given)
    ]


def needed_comment(text, sentence):
    text = clean_text(text).strip()
    if not text:
        raise ValidationError(sentence)
    return text


@transaction.atomic
def prepare(*, submission, by, organisation):
    """Inside the association, the person who writes says that it is ready; whoever may send is told."""
    current = locked(submission)
    state = after(current, "prepare")
    check_complete(list(questions_of(current)))
    saved = save_version(current, version=current.version, by=by, prepared_at=timezone.now(), prepared_by=by)
    step = record(current, act="Prêt à envoyer", to=state, by=by, organisation=organisation)
    messages.tell_partner(
        current,
        template="submission_prepared",
        event=f"prepared:{step.pk}",
        permission=Permission.SEND_SUBMISSION,
    )
    return saved


def check_complete(questions):
    if absent := missing_answers(questions):
        labels = ", ".join(f"« {question.label} »" for question in absent[:5])
        more = f" et {len(absent) - 5} autres" if len(absent) > 5 else ""
        raise ValidationError(
            f"Il manque {len(absent)} réponse{'s' if len(absent) > 1 else ''} : {labels}{more}. "
            "Écrivez le chiffre (zéro compte), ou choisissez « non disponible » ou « sans objet »."
        )


@transaction.atomic
def send(*, submission, by, organisation, source=None):
    """Sends the draft: freezes it with its fingerprint. Gives the Sending.

    `source`, an uploaded file already checked, is demanded where the metropole wrote for the partner. Of two people
    who send at once, the second finds it sent: ValidationError.
    """
    current = locked(submission)
    state = after(current, "send")
    if not current.is_on_behalf and current.needs_signature and not current.prepared_at:
        raise ValidationError(
            "Ce bilan se transmet en deux temps : la personne qui rédige le marque d'abord prêt à envoyer."
        )
    if current.is_on_behalf and source is None:
        raise ValidationError(
            {"source": "Joignez le document du partenaire d'où viennent ces chiffres (courriel, tableau…)."}
        )
    questions = list(questions_of(current))
    check_complete(questions)
    sending = freeze(current, questions, by=by, source=source if current.is_on_behalf else None)
    current.questions.filter(is_contested=True).update(is_contested=False, remark="")
    saved = save_version(current, version=current.version, by=by, state=state, active_at=sending.sent_at)
    record(current, act="Transmission", to=state, by=by, organisation=organisation)
    if not saved.is_on_behalf:
        messages.tell_lead(current, template="submission_sent", event=f"sent:{sending.rank}")
        messages.tell_partner(current, template="submission_receipt", event=f"receipt:{sending.rank}")
    return sending


def freeze(submission, questions, *, by, source):
    rank, sent_at = submission.sendings.count() + 1, timezone.now()
    content = canonical(
        content_of(
            submission,
            questions,
            rank=rank,
            sent_at=sent_at,
            sent_by=by,
            is_on_behalf=submission.is_on_behalf,
            source_name=source.name if source else "",
        )
    )
    sending = Sending(
        submission=submission,
        rank=rank,
        content=content,
        fingerprint=fingerprint_of(content),
        sent_at=sent_at,
        sent_by=by,
        is_on_behalf=submission.is_on_behalf,
        source_name=source.name if source else "",
    )
    if source:
        sending.source.save(source.name, ContentFile(source.read()), save=False)
    sending.save()
    return sending


def last_sending(submission):
    return submission.sendings.order_by("-rank").first()


@transaction.atomic
def accept(*, submission, questions, by):
    """Accepts some figures as they were last sent: they count from now on. The rest stays to be examined."""
    current = locked(submission)
    after(current, "accept")
    write_acceptances(current, {question.pk for question in questions}, by=by)
    Submission.objects.filter(pk=current.pk).update(active_at=timezone.now())


def write_acceptances(submission, keys, *, by):
    """An acceptance per figure of the last sending, but those already in force with the same sending."""
    sending = last_sending(submission)
    held = {
        accepted.question_id: accepted
        for accepted in Accepted.objects.current().filter(question__submission=submission)
    }
    for key, figure in figures_of(sending).items():
        before = held.get(key)
        if key in keys and (before is None or before.sending_id != sending.pk):
            Accepted.objects.create(
                question_id=key, sending=sending, replaces=before, accepted_by=by, **figure.quantity
            )


@transaction.atomic
def validate(*, submission, by, organisation, comment=""):
    """Accepts all that was sent and not accepted yet; the partner is told."""
    current = locked(submission)
    state = after(current, "validate")
    if Proposal.objects.filter(question__submission=current, outcome=Proposal.Outcome.PENDING).exists():
        raise ValidationError("Une contre-proposition attend la réponse du partenaire.")
    write_acceptances(current, set(current.questions.values_list("pk", flat=True)), by=by)
    saved = save_version(current, version=current.version, by=by, state=state, active_at=timezone.now())
    step = record(
        current,
        act="Validation",
        to=state,
        by=by,
        organisation=organisation,
        comment=clean_text(comment).strip(),
    )
    messages.tell_partner(current, template="submission_validated", event=f"validated:{step.pk}")
    return saved


@transaction.atomic
def request_correction(*, submission, comment, remarks, by, organisation):
    """Returns it with a comment. `remarks`, {question.pk: words or ""}, names the contested answers: only those reopen;
    none named, all do. What was sent and accepted stays as it is meanwhile."""
    comment = needed_comment(comment, {"comment": "Dites au partenaire ce qu'il y a à corriger."})
    return give_back(
        submission, "return", "Correction demandée", comment, remarks, by=by, organisation=organisation
    )


@transaction.atomic
def reopen(*, submission, reason, remarks, by, organisation):
    """Reopens what was validated, with a reason; what was accepted counts until it is replaced."""
    reason = needed_comment(reason, {"reason": "Rouvrir un bilan validé demande un motif."})
    return give_back(submission, "reopen", "Réouverture", reason, remarks, by=by, organisation=organisation)


def give_back(submission, step, act, comment, remarks, *, by, organisation):
    current = locked(submission)
    state = after(current, step)
    own = set(current.questions.values_list("pk", flat=True))
    if not set(remarks) <= own:
        raise ValidationError("Une des réponses contestées n'est pas de ce bilan.")
    for key in remarks or own:
        words = clean_text(remarks.get(key, "")).strip()[: Question._meta.get_field("remark").max_length]
        Question.objects.filter(pk=key).update(is_contested=True, remark=words)
    saved = save_version(
        current,
        version=current.version,
        by=by,
        state=state,
        active_at=timezone.now(),
        prepared_at=None,
        prepared_by=None,
    )
    written = record(current, act=act, to=state, by=by, organisation=organisation, comment=comment)
    messages.tell_partner(current, template="submission_returned", event=f"returned:{written.pk}")
    return saved


@transaction.atomic
def take_over(*, submission, by, organisation):
    """The metropole begins to write for the partner; refused once the partner has begun: its draft is its own."""
    current = locked(submission)
    if current.state != Submission.State.TO_FILL:
        raise ValidationError("Le partenaire a commencé sa saisie : son brouillon n'appartient qu'à lui.")
    saved = save_version(current, version=current.version, by=by, is_on_behalf=True)
    record(
        current, act="Saisie pour le compte du partenaire", to=current.state, by=by, organisation=organisation
    )
    return saved


@transaction.atomic
def propose(*, question, reason, source, by, **quantity):
    """Proposes another value than the one sent, with a reason and its source; the partner is told."""
    submission = locked(question.submission)
    after_sending = {Submission.State.SENT, Submission.State.VALIDATED}
    if submission.state not in after_sending or not question.is_figure:
        raise ValidationError("Une contre-proposition porte sur un chiffre transmis.")
    proposal = Proposal(
        question=question,
        sending=last_sending(submission),
        reason=clean_text(reason).strip(),
        source=clean_text(source).strip(),
        created_by=by,
        **quantity,
    )
    amounts = {name: quantity.get(name) for name in ("number", "numerator", "denominator")}
    if sentences := refusals(question.indicator, **amounts):
        raise ValidationError(sentences)
    proposal.full_clean(exclude=["created_by", "sending"])
    proposal.save()
    messages.tell_partner(submission, template="submission_proposal", event=f"proposal:{proposal.pk}")
    return proposal


@transaction.atomic
def reply(*, proposal, is_accepted, comment, by):
    """The partner's reply; accepted, the proposed value counts in place of the one sent. Both stay."""
    submission = locked(proposal.question.submission)
    current = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if current.outcome != Proposal.Outcome.PENDING:
        raise ValidationError("Cette contre-proposition a déjà sa réponse.")
    comment = clean_text(comment).strip()
    if not is_accepted:
        comment = needed_comment(comment, {"comment": "Dites pourquoi vous refusez cette valeur."})
    current.outcome = Proposal.Outcome.ACCEPTED if is_accepted else Proposal.Outcome.REFUSED
    current.reply, current.replied_at, current.replied_by = comment[:500], timezone.now(), by
    current.save()
    if is_accepted:
        before = Accepted.objects.current().filter(question=current.question_id).first()
        Accepted.objects.create(
            question_id=current.question_id,
            sending_id=current.sending_id,
            proposal=current,
            replaces=before,
            accepted_by=current.created_by,
            **current.quantity,
        )
    messages.tell_lead(submission, template="submission_reply", event=f"reply:{current.pk}")
    return current
