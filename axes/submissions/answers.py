"""The partner's draft: one answer saved at a time, documents joined, with the lock of every edited row."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from axes.models import Answer, Document, Question, Submission
from axes.models.quantity import Qualifier, Quantity
from axes.submissions.steps import record
from axes.values import AMOUNTS, HELD, refusals, shape_of
from logement.locking import Conflict, save_version
from logement.numbers import format_number
from logement.text import clean_text

MAX_TEXT = 10_000  # characters
MAX_DOCUMENTS = 20  # per question
WAITED = {
    Question.Kind.FIGURE: "un chiffre",
    **dict.fromkeys(Question.TEXTS, "un texte"),
    Question.Kind.DOCUMENTS: "des pièces jointes",
}
EMPTY = {
    "number": None,
    "numerator": None,
    "denominator": None,
    "day": None,
    "qualifier": Qualifier.EXACT,
    "blank": "",
    "note": "",
    "text": "",
}


def is_editable(question, submission, today=None):
    """Whether this answer may be written now: the draft, or what a correction reopened.

    The metropole that writes for a partner is not held by the days of its own campaign.
    """
    if not submission.campaign.year.is_open:
        return False
    match submission.state:
        case Submission.State.TO_FILL | Submission.State.DRAFT:
            return submission.is_on_behalf or submission.campaign.is_running(today or timezone.localdate())
        case Submission.State.RETURNED:
            return question.is_contested
        case _:
            return False


def check_hand(submission, organisation):
    """One hand at a time: the partner's, or the metropole's once it writes on its behalf."""
    is_partner = organisation == submission.organisation
    if submission.is_on_behalf and is_partner:
        raise ValidationError(
            "La métropole saisit ce bilan pour votre compte : demandez-lui de vous rendre la main."
        )
    if not submission.is_on_behalf and not is_partner:
        raise ValidationError(
            "Ce bilan appartient au partenaire : reprenez d'abord sa saisie pour son compte."
        )


def check_editable(question, submission):
    if is_editable(question, submission):
        return
    if not submission.campaign.year.is_open:
        raise ValidationError("Cet exercice a été transmis : les réponses ne se modifient plus.")
    if submission.state == Submission.State.RETURNED:
        raise ValidationError("Cette réponse n'est pas à corriger : elle ne se modifie pas.")
    if submission.is_with_partner:
        raise ValidationError("La campagne n'est pas ouverte aux réponses : écrivez à la métropole.")
    raise ValidationError("Ce bilan est transmis : il ne se modifie plus, sauf correction demandée.")


def locked(submission):
    """The submission, locked: its answers and its state change one after the other."""
    found = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("campaign__year__territory", "organisation")
        .filter(pk=submission.pk)
        .first()
    )
    if found is None:
        raise ValidationError("Ce questionnaire a été retiré par la métropole : rechargez la page.")
    return found


def still_asked(question):
    """The question and its draft as they are now: the lead may have taken it away while somebody was typing."""
    found = Question.objects.select_related("indicator", "answer").filter(pk=question.pk).first()
    if found is None:
        raise ValidationError("La métropole a retiré cette question : rechargez la page.")
    return found


@transaction.atomic
def save_answer(*, question, version, by, organisation=None, **given):
    """Saves the answer read at `version` (0: none yet) with the fields given, the others emptied. Raises Conflict.

    `given`: fields of a Quantity, or `text`. What already reads so is saved, whatever the version: a form sent twice,
    or a retry of the network, conflicts with nobody. Raises ValidationError {field: French sentence}.
    """
    submission = locked(question.submission)
    question = still_asked(question)
    current = question.draft  # read before an Answer made of the fields takes its place
    organisation = organisation or submission.organisation
    check_hand(submission, organisation)
    check_editable(question, submission)
    fields = cleaned(question, EMPTY | given)
    if current and all(getattr(current, name) == value for name, value in fields.items()):
        return current
    if (current.version if current else 0) != version:
        raise Conflict(current)
    stamp = {"updated_at": timezone.now(), "updated_by": by}
    if current is None:
        saved = create(Answer(question=question, **fields, **stamp), by)
    else:
        saved = save_version(current, version=version, by=by, **fields, **stamp)
    touch(submission, by=by, organisation=organisation)
    return saved


def cleaned(question, fields):
    """The fields as they are stored; refuses what cannot be an answer to this question."""
    fields = checked(question, fields)
    Answer(question=question, **fields).validate_constraints(exclude=["question"])
    return fields


def checked(question, fields):
    """The same less what the database says, which costs it a query per constraint: for many answers at once."""
    fields = fields | {"note": clean_text(fields["note"]).strip(), "text": clean_text(fields["text"])}
    if len(fields["text"]) > MAX_TEXT:
        sentence = f"Ce texte dépasse {format_number(MAX_TEXT)} caractères : raccourcissez-le."
        raise ValidationError({"text": sentence})
    check_kind(question, fields)
    if fields["blank"] or fields["day"]:
        fields["qualifier"] = Qualifier.EXACT  # « environ » says nothing of what is no number
    if question.is_figure:
        check_figure(question.indicator, fields)
    Answer(question=question, **fields).clean_fields(exclude=["question", "updated_by"])
    return fields


def check_kind(question, fields):
    """A figure holds no text, a text no figure, and documents are joined, not typed."""
    is_figure = any(fields[name] != EMPTY[name] for name in Quantity.FIELDS)
    if (is_figure and not question.is_figure) or (fields["text"] and not question.is_text):
        raise ValidationError(f"« {question.label} » attend {WAITED[question.kind]} : rechargez la page.")


def check_figure(indicator, fields):
    """Refuses what is not a figure of this indicator. Raises ValidationError {field: French sentence}.

    Partners' answers are added up: a number beside rates, or a date beside numbers, would add up to nothing.
    """
    shape = shape_of(indicator)
    for name in (*AMOUNTS, "day"):
        if fields.get(name) is not None and name not in HELD[shape]:
            raise ValidationError({name: f"« {indicator.label} » attend {shape.value}."})
    amounts = {name: fields.get(name) for name in AMOUNTS}
    if sentences := refusals(indicator, **amounts):
        raise ValidationError(sentences)


def create(answer, by):
    """Writes the first draft; the database keeps the first of two writers, the other gets Conflict."""
    answer._history_user = by
    try:
        with transaction.atomic():
            answer.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(Answer.objects.filter(question=answer.question_id).first()) from error
    return answer


def touch(submission, *, by, organisation):
    """Marks activity; the first draft begins the submission, and a change undoes « prêt à envoyer »."""
    changes = {"active_at": timezone.now(), "prepared_at": None, "prepared_by": None}
    if submission.state == Submission.State.TO_FILL:
        record(
            submission, act="Début de la saisie", to=Submission.State.DRAFT, by=by, organisation=organisation
        )
        changes["state"] = Submission.State.DRAFT
    Submission.objects.filter(pk=submission.pk).update(**changes)


@transaction.atomic
def add_document(*, question, name, content, media_type, by, organisation=None):
    """Joins a file whose content was checked (axes/submissions/documents.py)."""
    submission = locked(question.submission)
    question = still_asked(question)
    organisation = organisation or submission.organisation
    check_hand(submission, organisation)
    check_editable(question, submission)
    if not question.is_documents:
        raise ValidationError(f"« {question.label} » attend {WAITED[question.kind]}, pas un fichier.")
    digest = hashlib.sha256(content.read()).hexdigest()
    content.seek(0)
    joined = question.documents.filter(removed_at__isnull=True)
    if twin := joined.filter(digest=digest).first():
        return twin
    if joined.count() >= MAX_DOCUMENTS:
        raise ValidationError(
            f"{MAX_DOCUMENTS} fichiers sont déjà joints : retirez-en un avant d'en joindre un autre."
        )
    document = Document.objects.create(
        question=question,
        file=content,
        name=clean_text(name)[:200],
        media_type=media_type,
        size=content.size,
        digest=digest,
        added_by=by,
    )
    touch(submission, by=by, organisation=organisation)
    return document


@transaction.atomic
def remove_document(*, document, by, organisation=None):
    """Takes a file out of the draft; what was sent with it keeps it."""
    submission = locked(document.question.submission)
    organisation = organisation or submission.organisation
    check_hand(submission, organisation)
    check_editable(document.question, submission)
    Document.objects.filter(pk=document.pk, removed_at__isnull=True).update(removed_at=timezone.now())
    touch(submission, by=by, organisation=organisation)
