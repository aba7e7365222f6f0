"""The lead's reading of what a partner sent: accept, return, contest; write for the partner, invite a guest."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from axes.campaign_forms import GuestForm, ProposalForm, ReviewForm
from axes.doors import check_still_open, year_page
from axes.models import GuestLink, Proposal, Question, Submission
from axes.submissions import guests, moves
from axes.submissions.campaigns import can_take_over
from axes.submissions.review import differences, reading_of
from logement.access import acting_for
from logement.forms import refuse
from logement.roles import Permission as P

PAGE = require_http_methods(["GET", "HEAD", "POST"])
TAB = "axes:campaign"


@PAGE
@year_page(P.RUN_CAMPAIGN)
def review(request, year, pk):
    submission = get_submission(year, pk)
    last = moves.last_sending(submission)
    if last is None:
        return render_unsent(request, year, submission)
    last.submission = submission
    reading = reading_of(last)
    others = [*reading.texts, *reading.documents]
    fields = {"lines": reading.figures, "texts": others}
    if request.method != "POST":
        form = ReviewForm(initial={"read": last.rank}, **fields)
        return render_review(request, year, submission, last, reading, form)
    form = ReviewForm(request.POST, **fields)
    if form.is_valid() and decide(request, submission, form):
        return redirect("axes:review", year.territory.code, year.number, pk)
    is_stale = form.has_error("__all__", "stale") or is_over(form, submission)
    return render_review(
        request, year, submission, last, reading, form, status=409 if is_stale else 422, is_stale=is_stale
    )


def render_unsent(request, year, submission):
    """Nothing was sent: its progress and its steps. A step that a page left open asks for is refused in a sentence."""
    is_stale = request.method == "POST"
    if is_stale:
        messages.error(request, "Rien n'est encore transmis : il n'y a rien à décider.")
    counted = Submission.objects.with_progress().get(pk=submission.pk)
    context = common(year, submission) | {"percent": counted.answered * 100 // (counted.asked or 1)}
    return render(request, "axes/review_unsent.html", context, status=409 if is_stale else 200)


def render_review(request, year, submission, last, reading, form, *, status=200, is_stale=False):
    if is_stale:
        form.data = form.data.copy()
        form.data["read"] = last.rank
    sendings = list(submission.sendings.select_related("sent_by").order_by("-rank"))
    context = common(year, submission) | {
        "sending": last,
        "reading": reading,
        "form": form,
        "lines": [(line, *form.pair(line.key)) for line in reading.figures],
        "texts": [(answer, *form.pair(answer["question"])) for answer in reading.texts],
        "documents": [(answer, *form.pair(answer["question"])) for answer in reading.documents],
        "acts": acts_of(submission) if year.is_open else (),
        "is_stale": is_stale,
        "sendings": sendings,
        "differences": differences(sendings[1], last) if len(sendings) > 1 else [],
    }
    return render(request, "axes/review.html", context, status=status)


def common(year, submission):
    return {
        "year": year,
        "tab": TAB,
        "submission": submission,
        "steps": steps_of(submission),
        "can_take_over": can_take_over(submission),
        "can_hand_back": submission.is_on_behalf and submission.is_with_partner and year.is_open,
    }


def steps_of(submission):
    return submission.transitions.select_related("by", "organisation").order_by("-at", "-pk")


def is_over(form, submission):
    """Whether the act was possible when the page was opened, and is not any more."""
    act = form.cleaned_data.get("act")
    return act is not None and act not in acts_of(submission)


def acts_of(submission):
    return ReviewForm.ACTS.get(submission.state, ())


def decide(request, submission, form):
    """Whether the act is done; else the reason is in the form."""
    common = {"submission": submission, "read": form.cleaned_data["read"], "by": request.user}
    body = {"organisation": office(request, submission)}
    comment = form.cleaned_data["comment"]
    try:
        match form.cleaned_data["act"]:
            case ReviewForm.ACCEPT:
                chosen = submission.questions.filter(pk__in=form.checked)
                moves.accept(questions=chosen, **common)
                sentence = "Les chiffres cochés sont validés : ils comptent dès maintenant."
            case ReviewForm.VALIDATE:
                moves.validate(comment=comment, **common, **body)
                sentence = "Le bilan est validé : tous ses chiffres comptent. Le partenaire en est averti."
            case ReviewForm.RETURN:
                moves.request_correction(comment=comment, remarks=form.remarks, **common, **body)
                sentence = "La correction est demandée : le partenaire en est averti."
            case ReviewForm.REOPEN:
                moves.reopen(reason=comment, remarks=form.remarks, **common, **body)
                sentence = "Le bilan est rouvert. Ses chiffres validés comptent jusqu'à leur remplacement."
    except ValidationError as error:
        submission.refresh_from_db()
        if hasattr(error, "error_dict"):
            refuse(form, ValidationError({"comment": error.messages}))
        else:
            form.add_error(None, error)
        return False
    messages.success(request, sentence)
    return True


def office(request, submission):
    """The organisation in whose name the lead acts."""
    return acting_for(request.user, P.RUN_CAMPAIGN, submission.campaign.year.territory).first()


@PAGE
@year_page(P.RUN_CAMPAIGN)
def propose(request, year, pk, question_id):
    """Another value for a figure that was sent, with its reason and its source."""
    check_still_open(year)
    submission = get_submission(year, pk)
    question = get_object_or_404(
        Question.objects.select_related("indicator", "submission"), pk=question_id, submission=submission
    )
    last = moves.last_sending(submission)
    line = None
    if last is not None:
        last.submission = submission
        line = next((line for line in reading_of(last).figures if line.key == question.pk), None)
    if line is None:
        raise Http404
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        initial={"answer": "given", "read": last.rank},
        indicator=question.indicator,
        year=year,
    )
    if request.method == "POST" and form.is_valid():
        try:
            moves.propose(
                question=question,
                reason=form.cleaned_data["motive"],
                source=form.cleaned_data["source"],
                read=rank_read(request),
                by=request.user,
                **form.proposed(),
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(
                request, "La contre-proposition est envoyée : le partenaire l'accepte ou la refuse."
            )
            return redirect("axes:review", year.territory.code, year.number, pk)
    context = {
        "year": year,
        "tab": TAB,
        "submission": submission,
        "sending": last,
        "line": line,
        "form": form,
    }
    return render(request, "axes/review_propose.html", context, status=422 if form.errors else 200)


def rank_read(request):
    """The rank of the sending that the page showed; nonsense is a rank that was replaced."""
    rank = request.POST.get("read", "")
    return int(rank) if rank.isascii() and rank.isdigit() and len(rank) < 5 else 0


@require_POST
@year_page(P.RUN_CAMPAIGN)
def withdraw(request, year, pk, proposal_id):
    submission = get_submission(year, pk)
    proposal = get_object_or_404(
        Proposal.objects.select_related("question__submission__campaign__year"),
        pk=proposal_id,
        question__submission=submission,
    )
    return act(
        request,
        year,
        pk,
        "La contre-proposition est retirée : ce qui a été transmis demeure.",
        lambda: moves.withdraw(proposal=proposal, by=request.user),
    )


@require_POST
@year_page(P.RUN_CAMPAIGN)
def take_over(request, year, pk):
    """Begins to write for the partner, and opens its form."""
    submission = get_submission(year, pk)
    try:
        moves.take_over(submission=submission, by=request.user, organisation=office(request, submission))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("axes:review", year.territory.code, year.number, pk)
    messages.info(
        request,
        f"Vous saisissez pour le compte du partenaire ({submission.organisation}). Transmettre demandera le "
        "document source.",
    )
    return redirect("axes:fill", year.territory.code, year.number, pk)


@require_POST
@year_page(P.RUN_CAMPAIGN)
def hand_back(request, year, pk):
    submission = get_submission(year, pk)
    by = {"by": request.user, "organisation": office(request, submission)}
    return act(
        request,
        year,
        pk,
        "La saisie est rendue au partenaire, avec ce qui est écrit.",
        lambda: moves.hand_back(submission=submission, **by),
    )


@PAGE
@year_page(P.RUN_CAMPAIGN)
def guest_links(request, year, pk):
    """The links sent for this questionnaire, and the form of one more."""
    submission = get_submission(year, pk)
    form = GuestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            link = guests.invite_guest(
                submission=submission, email=form.cleaned_data["email"], by=request.user
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, f"Le lien est envoyé à {link.user.email}.")
            return redirect("axes:guest_links", year.territory.code, year.number, pk)
    links = submission.guest_links.select_related("user", "created_by", "revoked_by")
    context = {"year": year, "tab": TAB, "submission": submission, "form": form, "links": links}
    return render(request, "axes/review_guests.html", context, status=422 if form.errors else 200)


@require_POST
@year_page(P.RUN_CAMPAIGN)
def revoke_link(request, year, pk, link_id):
    link = get_object_or_404(
        GuestLink.objects.select_related("user", "submission__campaign__year__territory"),
        pk=link_id,
        submission=get_submission(year, pk),
    )
    guests.revoke(link=link, by=request.user)
    messages.success(request, f"Lien retiré : {link.user.email}. Il n'ouvre plus rien.")
    return redirect("axes:guest_links", year.territory.code, year.number, pk)


def act(request, year, pk, sentence, step):
    try:
        step()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, sentence)
    return redirect("axes:review", year.territory.code, year.number, pk)


def get_submission(year, pk):
    """A submission of the exercise, which its campaign knows without asking for it."""
    submission = get_object_or_404(
        Submission.objects.select_related("campaign", "organisation"), pk=pk, campaign__year=year
    )
    submission.campaign.year = year
    return submission
