"""The end of a partner's work: ready, sent, what was sent, the answer to another value."""

from hashlib import sha256

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from axes.answer_forms import ReplyForm
from axes.doors import sending_page, submission_page
from axes.models import Document, Proposal
from axes.questionnaire import Questionnaire
from axes.submissions import documents, moves
from axes.submissions.answers import locked
from axes.submissions.content import files_of, read, sent_figure
from axes.values import value_of_fields
from axes.views.answers import attachment, download, render_form


class SourceForm(forms.Form):
    """What the metropole writes a partner's answers from."""

    source = forms.FileField(
        label="Document du partenaire",
        help_text=f"D'où viennent ces chiffres : courriel, tableau… {documents.WORDS}, 10 Mo au plus.",
        error_messages={
            "required": "Joignez le document du partenaire d'où viennent ces chiffres.",
            "empty": "Ce fichier est vide : vérifiez-le, puis joignez-le de nouveau.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": documents.ACCEPT}),
    )

    def clean_source(self):
        file = self.cleaned_data["source"]
        try:
            documents.check(file)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        file.name = documents.name_of(file)
        return file


@require_POST
@submission_page
def prepare(request, submission, party):
    try:
        moves.prepare(submission=submission, by=party.user, organisation=party.organisation)
    except ValidationError as error:
        tell(request, error)
    else:
        messages.success(
            request, "Ce bilan est prêt à envoyer : les personnes habilitées à transmettre sont prévenues."
        )
    return redirect("axes:send", *submission.address)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@submission_page
def send(request, submission, party):
    """What is going to be sent, what is missing; then the sending. A second click finds it done."""
    if submission.is_with_lead:
        return redirect("axes:sending", *submission.address, moves.last_sending(submission).rank)
    if request.method != "POST":
        form = SourceForm() if submission.is_on_behalf else None
        return render_send(request, Questionnaire(submission, party), form)
    if not party.may_send:
        raise PermissionDenied
    form = SourceForm(request.POST, request.FILES) if submission.is_on_behalf else None
    if form and not form.is_valid():
        return render_send(request, Questionnaire(submission, party), form, status=422)
    return send_as_read(request, submission, party, form)


def send_as_read(request, submission, party, form):
    """Sends what the page showed, or shows again what changed since."""
    with transaction.atomic():
        current = locked(submission)
        page = Questionnaire(current, party)
        if current.is_with_lead:
            messages.info(request, "Ce bilan est déjà transmis.")
            return redirect("axes:sending", *submission.address, moves.last_sending(submission).rank)
        if request.POST.get("seen") != print_of(page):
            messages.warning(
                request,
                "Des réponses ont changé depuis que cette page est ouverte : relisez, puis transmettez.",
            )
            return render_send(request, page, form, status=409)
        try:
            sending = moves.send(
                submission=submission,
                by=party.user,
                organisation=party.organisation,
                source=form.cleaned_data["source"] if form else None,
            )
        except ValidationError as error:
            tell(request, error)
            return render_send(request, page, form, status=422)
    messages.success(request, "Votre bilan est transmis à la métropole. Voici ce que vous avez envoyé.")
    return redirect("axes:sending", *submission.address, sending.rank)


def print_of(page):
    """The answers and the documents that a page showed, in a few signs."""
    shown = [
        (key, asked.answer.version if asked.answer else 0, [d.pk for d in asked.question.documents.all()])
        for key, asked in sorted(page.asked.items())
    ]
    return sha256(repr(shown).encode()).hexdigest()


def render_send(request, page, form, *, status=200):
    submission, party = page.submission, page.party
    is_waiting = submission.needs_signature and not submission.is_on_behalf and not submission.prepared_at
    context = {
        "year": submission.campaign.year,
        "submission": submission,
        "party": party,
        "page": page,
        "form": form,
        "seen": print_of(page),
        "may_prepare": is_waiting or (not party.may_send and not submission.prepared_at),
        "may_send": party.may_send and not is_waiting,
    }
    return render(request, "axes/submission_send.html", context, status=status)


def tell(request, error):
    for sentence in error.messages:
        messages.error(request, sentence)


@require_safe
@sending_page
def sending(request, sending, is_lead):
    """What was sent: the same page for the partner, its guest and the lead."""
    submission = sending.submission
    content = read(sending)
    context = {
        "year": submission.campaign.year,
        "submission": submission,
        "sending": sending,
        "is_lead": is_lead,
        "last_rank": submission.sendings.order_by("-rank").values_list("rank", flat=True).first(),
        "groups": groups_of(sending, content),
        "steps": submission.transitions.select_related("by", "organisation"),
    }
    return render(request, "axes/sending.html", context)


def groups_of(sending, content):
    """[(action, [answer])] of what was sent, each with its words, its documents, the values proposed since."""
    year = sending.submission.campaign.year.number
    proposals = {}
    for proposal in Proposal.objects.filter(sending=sending).select_related(
        "created_by", "replied_by", "question__indicator"
    ):
        indicator = proposal.question.indicator
        value = value_of_fields(proposal.quantity, year, indicator=indicator)
        proposals.setdefault(proposal.question_id, []).append((value, proposal))
    files, found = files_of(content["answers"]), {}
    for answer in content["answers"]:
        key = answer["question"]
        is_figure = answer["kind"] == "figure"
        found.setdefault(answer["action"], []).append(
            {
                "label": answer["label"],
                "note": answer.get("note", ""),
                "value": value_of_fields(sent_figure(answer).quantity, year, unit=answer["unit"])
                if is_figure
                else None,
                "text": answer.get("text", ""),
                "documents": files[key],
                "proposals": proposals.get(key, []),
            }
        )
    return list(found.items())


@require_safe
@sending_page
def sent_document(request, sending, is_lead, doc_id):
    """A document that was sent, to whoever reads the sending."""
    digests = {file["sha256"] for answer in read(sending)["answers"] for file in answer.get("documents", ())}
    found = Document.objects.filter(question__submission=sending.submission, digest__in=digests)
    return attachment(get_object_or_404(found, pk=doc_id))


@require_safe
@sending_page
def sent_source(request, sending, is_lead):
    """The document that the metropole wrote a partner's answers from."""
    if not sending.source:
        raise Http404
    return download(sending.source, name=sending.source_name)


@require_POST
@submission_page
def reply(request, submission, party, proposal_id):
    """The partner accepts the value proposed, or refuses it and says why."""
    proposal = get_object_or_404(
        Proposal.objects.filter(question__submission=submission).select_related("question__submission"),
        pk=proposal_id,
    )
    if party.is_lead:
        raise Http404
    if not party.may_send:
        raise PermissionDenied
    form = ReplyForm(request.POST, prefix=f"p{proposal.pk}")
    if form.is_valid():
        try:
            moves.reply(
                proposal=proposal,
                is_accepted=request.POST.get("reply") == "accept",
                comment=form.cleaned_data["comment"],
                by=party.user,
            )
        except ValidationError as error:
            for sentence in error.messages:
                form.add_error("comment", sentence)
        else:
            messages.success(request, "Votre réponse est transmise à la métropole.")
            return redirect("axes:fill", *submission.address)
    return render_form(request, Questionnaire(submission, party), status=422, replies={proposal.pk: form})
