"""The steps of a submission: one function each, keyword-only, atomic; each is recorded, then told by e-mail."""

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from axes import workflow
from axes.models import Accepted, Answer, Document, Proposal, Question, Sending, Submission
from axes.submissions import messages
from axes.submissions.answers import check_figure, check_hand, locked
from axes.submissions.content import content_of, figures_of
from axes.submissions.steps import after, record
from logement.canonical import canonical, fingerprint_of
from logement.locking import save_version
from logement.roles import Permission
from logement.text import clean_text

MAX_WORDS = 500  # characters of a remark or of a reply


def questions_of(submission):
    """The questions in order, with all that a page or a sending shows of them."""
    return (
        submission.questions.select_related("action__axis", "indicator__whole", "answer__updated_by")
        .prefetch_related(Prefetch("documents", Document.objects.filter(removed_at__isnull=True)))
        .order_by("position", "pk")
    )


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
    check_exercise(current)
    check_hand(current, organisation)
    check_running(current)
    check_complete(list(questions_of(current)))
    if current.prepared_at:
        return current
    saved = save_version(current, version=current.version, by=by, prepared_at=timezone.now(), prepared_by=by)
    step = record(current, act="Prêt à envoyer", to=state, by=by, organisation=organisation)
    messages.tell_partner(
        current,
        template="submission_prepared",
        event=f"prepared:{step.pk}",
        permission=Permission.SEND_SUBMISSION,
    )
    return saved


def check_exercise(submission):
    """Refuses to send in an exercise that was sent itself.

    Without its lock, unlike what changes a value: a sending changes none, and its page locks the submission first.
    """
    if not submission.campaign.year.is_open:
        raise ValidationError("Cet exercice a été transmis : il ne reçoit plus de réponses.")


def check_running(submission):
    """What was closed takes no first sending; a correction that the lead asked for still comes in."""
    is_asked = submission.state == Submission.State.RETURNED or submission.is_on_behalf
    if not is_asked and not submission.campaign.is_running(timezone.localdate()):
        raise ValidationError(
            "La campagne n'est pas ouverte aux réponses : votre saisie est gardée, écrivez à la métropole."
        )


def check_complete(questions):
    if absent := [question for question in questions if question.is_missing]:
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
    check_exercise(current)
    check_hand(current, organisation)
    check_running(current)
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
    source_name = clean_text(source.name)[:200] if source else ""
    content = canonical(
        content_of(
            submission,
            questions,
            rank=rank,
            sent_at=sent_at,
            sent_by=by,
            is_on_behalf=submission.is_on_behalf,
            source_name=source_name,
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
        source_name=source_name,
    )
    if source:
        sending.source.save(source_name, ContentFile(source.read()), save=False)
    sending.save()
    return sending


def last_sending(submission):
    return submission.sendings.order_by("-rank").first()


def check_read(submission, read):
    """Refuses to judge a sending that a later one replaced while the page was open: `read` is the rank it showed."""
    if read is not None and submission.sendings.filter(rank__gt=read).exists():
        raise ValidationError(
            "Le partenaire a transmis de nouveau pendant que cette page était ouverte : relisez les réponses "
            "ci-dessous, rien n'est encore décidé.",
            code="stale",
        )


@transaction.atomic
def accept(*, submission, questions, read=None, by):
    """Accepts some figures as they were last sent: they count from now on. The rest stays to be examined."""
    workflow.check_open(submission.campaign.year)
    current = locked(submission)
    after(current, "accept")
    check_read(current, read)
    keys = {question.pk for question in questions}
    if not keys <= figures_of(last_sending(current)).keys():
        raise ValidationError("Une des réponses à valider n'est pas un chiffre transmis de ce bilan.")
    write_acceptances(current, keys, by=by)
    Submission.objects.filter(pk=current.pk).update(active_at=timezone.now())


def write_acceptances(submission, keys, *, by):
    """An acceptance per figure of the last sending, but where the one in force is of it or says the same."""
    sending = last_sending(submission)
    held = {
        accepted.question_id: accepted
        for accepted in Accepted.objects.current().filter(question__submission=submission)
    }
    for key, figure in figures_of(sending).items():
        before = held.get(key)
        is_held = before and (before.sending_id == sending.pk or before.quantity == figure.quantity)
        if key in keys and not is_held:
            Accepted.objects.create(
                question_id=key, sending=sending, replaces=before, accepted_by=by, **figure.quantity
            )


@transaction.atomic
def validate(*, submission, by, organisation, comment="", read=None):
    """Accepts all that was sent and not accepted yet; the partner is told."""
    workflow.check_open(submission.campaign.year)
    current = locked(submission)
    state = after(current, "validate")
    check_read(current, read)
    if Proposal.objects.filter(question__submission=current, outcome=Proposal.Outcome.PENDING).exists():
        raise ValidationError(
            "Une contre-proposition attend la réponse du partenaire : attendez-la, ou retirez-la."
        )
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
def request_correction(*, submission, comment, remarks, read=None, by, organisation):
    """Returns it with a comment. `remarks`, {question.pk: words or ""}, names the contested answers: only those reopen.

    None named, all do. What was sent and accepted stays as it is meanwhile.
    """
    comment = needed_comment(comment, {"comment": "Dites au partenaire ce qu'il y a à corriger."})
    return give_back(
        submission,
        "return",
        "Correction demandée",
        comment,
        remarks,
        read=read,
        by=by,
        organisation=organisation,
    )


@transaction.atomic
def reopen(*, submission, reason, remarks, read=None, by, organisation):
    """Reopens what was validated, with a reason; what was accepted counts until it is replaced."""
    reason = needed_comment(reason, {"reason": "Rouvrir un bilan validé demande un motif."})
    return give_back(
        submission, "reopen", "Réouverture", reason, remarks, read=read, by=by, organisation=organisation
    )


def give_back(submission, step, act, comment, remarks, *, read, by, organisation):
    workflow.check_open(submission.campaign.year)
    current = locked(submission)
    state = after(current, step)
    check_read(current, read)
    own = {question.pk: question for question in current.questions.select_related("indicator")}
    if not remarks.keys() <= own.keys():
        raise ValidationError("Une des réponses contestées n'est pas de ce bilan.")
    for key in remarks or own:
        words = clean_text(remarks.get(key, "")).strip()
        check_length(words, f"La remarque sur « {own[key].label} »")
        Question.objects.filter(pk=key).update(is_contested=True, remark=words)
    pending = Proposal.objects.filter(question__in=list(remarks or own), outcome=Proposal.Outcome.PENDING)
    pending.update(outcome=Proposal.Outcome.WITHDRAWN, replied_at=timezone.now(), replied_by=by)
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


def check_length(words, name, field=None):
    """Nothing typed is cut off in silence."""
    if len(words) > MAX_WORDS:
        sentence = f"{name} dépasse {MAX_WORDS} caractères ({len(words)}) : raccourcissez le texte."
        raise ValidationError({field: sentence} if field else sentence)


@transaction.atomic
def take_over(*, submission, by, organisation):
    """The metropole begins to write for the partner; refused once the partner has begun: its draft is its own."""
    workflow.check_open(submission.campaign.year)
    current = locked(submission)
    if current.is_on_behalf:
        return current
    if current.state != Submission.State.TO_FILL:
        raise ValidationError("Le partenaire a commencé sa saisie : son brouillon n'appartient qu'à lui.")
    saved = save_version(current, version=current.version, by=by, is_on_behalf=True)
    record(
        current, act="Saisie pour le compte du partenaire", to=current.state, by=by, organisation=organisation
    )
    return saved


@transaction.atomic
def hand_back(*, submission, by, organisation):
    """The metropole gives the hand back to the partner, with what it wrote: from then on the draft is the partner's."""
    workflow.check_open(submission.campaign.year)
    current = locked(submission)
    if not current.is_on_behalf or not current.is_with_partner:
        raise ValidationError("Seule une saisie en cours pour le compte du partenaire peut lui être rendue.")
    saved = save_version(current, version=current.version, by=by, is_on_behalf=False)
    record(current, act="Saisie rendue au partenaire", to=current.state, by=by, organisation=organisation)
    return saved


@transaction.atomic
def propose(*, question, reason, source, read=None, by, **quantity):
    """Proposes another value than the one sent, with a reason and its source; the partner is told."""
    workflow.check_open(question.submission.campaign.year)
    submission = locked(question.submission)
    check_read(submission, read)
    if not submission.is_with_lead or not question.is_figure:
        raise ValidationError("Une contre-proposition porte sur un chiffre transmis.")
    check_figure(question.indicator, quantity)
    proposal = Proposal(
        question=question,
        sending=last_sending(submission),
        reason=clean_text(reason).strip(),
        source=clean_text(source).strip(),
        created_by=by,
        **quantity,
    )
    proposal.full_clean(exclude=["created_by", "sending", "replied_at", "replied_by"])
    proposal.save()
    messages.tell_partner(submission, template="submission_proposal", event=f"proposal:{proposal.pk}")
    return proposal


@transaction.atomic
def reply(*, proposal, is_accepted, comment, by):
    """The partner's reply; accepted, the proposed value counts in place of the one sent. Both stay.

    The partner's draft takes the value that it accepted: what it sends again later says the same.
    """
    workflow.check_open(proposal.question.submission.campaign.year)
    submission = locked(proposal.question.submission)
    current = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if current.outcome != Proposal.Outcome.PENDING:
        raise ValidationError(
            f"Cette contre-proposition n'attend plus de réponse ({current.get_outcome_display().lower()}) : "
            "rechargez la page."
        )
    comment = clean_text(comment).strip()
    if not is_accepted:
        comment = needed_comment(comment, {"comment": "Dites pourquoi vous refusez cette valeur."})
    current.outcome = Proposal.Outcome.ACCEPTED if is_accepted else Proposal.Outcome.REFUSED
    check_length(comment, "Votre commentaire", "comment")
    current.reply, current.replied_at, current.replied_by = comment, timezone.now(), by
    current.save()
    if is_accepted:
        before = Accepted.objects.current().filter(question=current.question_id).first()
        Accepted.objects.create(
            question_id=current.question_id,
            sending=last_sending(submission),
            proposal=current,
            replaces=before,
            accepted_by=current.created_by,
            **current.quantity,
        )
        answer = Answer.objects.get(question=current.question_id)
        stamp = {"updated_at": timezone.now(), "updated_by": by}
        save_version(answer, version=answer.version, by=by, **stamp, **current.quantity)
    messages.tell_lead(submission, template="submission_reply", event=f"reply:{current.pk}")
    return current


@transaction.atomic
def withdraw(*, proposal, by):
    """The lead takes a proposal back before the reply: what was sent stands."""
    workflow.check_open(proposal.question.submission.campaign.year)
    locked(proposal.question.submission)
    pending = Proposal.objects.filter(pk=proposal.pk, outcome=Proposal.Outcome.PENDING)
    if not pending.update(outcome=Proposal.Outcome.WITHDRAWN, replied_at=timezone.now(), replied_by=by):
        raise ValidationError("Le partenaire a déjà répondu à cette contre-proposition : rechargez la page.")
