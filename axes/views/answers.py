"""The partner's side of a campaign: its questionnaires, its form, saved field by field or all at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from axes.answer_forms import form_of
from axes.doors import submission_page, year_page
from axes.models import Document, Question, Submission
from axes.questionnaire import Questionnaire, value_of
from axes.submissions import answers, documents, guests
from axes.submissions.answers import EMPTY
from axes.views.home import own_submissions
from logement.forms import refuse
from logement.locking import Conflict
from logement.numbers import agree
from logement.roles import Permission as P
from logement.templatetags.ui import state_badge, time_fr


@require_safe
@year_page(P.ANSWER_CAMPAIGN)
def submissions(request, year):
    found = own_submissions(request.user, year.territory).get(year.pk, [])
    return render(request, "axes/submissions.html", {"year": year, "submissions": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@submission_page
def fill(request, submission, party):
    if request.method != "POST":
        return render_form(request, Questionnaire(submission, party))
    page, saved = save_all(request, submission, party)
    wrong = [
        asked for asked in page.asked.values() if (asked.form and asked.form.errors) or asked.file_errors
    ]
    has_conflict = any(asked.conflict for asked in page.asked.values())
    if wrong or has_conflict:
        return render_form(request, page, wrong=wrong, saved=saved, status=422 if wrong else 409)
    if "send" in request.POST:
        return redirect("axes:send", *submission.address)
    messages.success(request, saved_words(saved))
    return redirect("axes:fill", *submission.address)


def saved_words(count):
    if not count:
        return "Rien n'avait changé : tout est enregistré."
    return f"{count} {agree('réponses', count)} {agree('enregistrées', count)}."


def render_form(request, page, *, wrong=(), saved=0, status=200, replies=None):
    submission = page.submission
    context = {
        "year": submission.campaign.year,
        "submission": submission,
        "campaign": submission.campaign,
        "party": page.party,
        "page": page,
        "wrong": wrong,
        "saved": saved_words(saved) if saved else "",
        "returned": submission.transitions.filter(after=Submission.State.RETURNED).last()
        if submission.state == Submission.State.RETURNED
        else None,
        "last_sending": submission.sendings.order_by("rank").last(),
        "replies": replies or {},
        "accept": documents.ACCEPT,
        "document_words": f"{documents.WORDS}, {documents.MAX_BYTES // 1024**2} Mo au plus",
    }
    return render(request, "axes/submission.html", context, status=status)


def save_all(request, submission, party):
    """Saves every answer of the page that can be; the page again, with what could not as it was typed."""
    page = Questionnaire(submission, party, to_fill=False)
    failed, saved = {}, 0
    for asked in page.asked.values():
        posted = f"q{asked.question.pk}-version" in request.POST
        if (
            posted
            and not asked.question.is_documents
            and str(asked.question.pk) not in request.POST.getlist("take")
        ):
            form, conflict, is_saved = save_one(asked.question, request.POST, party)
            saved += is_saved
            if form is not None:
                failed[asked.question.pk] = (form, conflict)
    file_errors = save_files(request, page, party)
    page = Questionnaire(
        Submission.objects.select_related(
            "campaign__year__territory", "campaign__year__agreement", "organisation"
        ).get(pk=submission.pk),
        party,
    )
    for key, (form, conflict) in failed.items():
        page.asked[key].form, page.asked[key].conflict = form, conflict
    for key, errors in file_errors.items():
        page.asked[key].file_errors = errors
    return page, saved


def save_one(question, data, party):
    """(the form to show again or None, the conflict or None, whether something was written)."""
    form = form_of(question, data=data)
    if not form.is_valid():
        return form, None, False
    given, version = form.given(), form.cleaned_data["version"]
    current = question.draft
    if all((getattr(current, name) if current else EMPTY[name]) == value for name, value in given.items()):
        return None, None, False
    try:
        answers.save_answer(
            question=question, version=version, by=party.user, organisation=party.organisation, **given
        )
    except ValidationError as error:
        refuse(form, error)
        return form, None, False
    except Conflict as conflict:
        if conflict.current and was_read(conflict.current, version, given):
            return None, None, False
        again = form_of(question, data=upon(data, form, conflict.current))
        again.is_valid()
        return again, conflict_of(question, conflict.current, party), False
    return None, None, True


def was_read(current, version, given):
    """Whether the page says what it had read: somebody else's change is not undone by who left the field alone."""
    before = current.history.filter(version=version).order_by("history_id").last() if version else None
    return all((getattr(before, name) if before else EMPTY[name]) == value for name, value in given.items())


def upon(data, form, current):
    """What was typed, ready to replace the answer now in force."""
    copy = data.copy()
    copy[form.add_prefix("version")] = str(current.version if current else 0)
    return copy


def conflict_of(question, current, party):
    """What the notice of a conflict says of the answer now in force."""
    if current is not None:
        question.answer = current
    value = value_of(question, question.submission)
    return {
        "pk": question.pk,
        "display": (value.display if value else "") or (current.text if current else ""),
        "by": str(current.updated_by) if current else "",
        "is_own": bool(current and current.updated_by_id == party.user.pk),
        "at": current.updated_at if current else None,
    }


def save_files(request, page, party):
    """Joins the files that came with the page, takes out the one to remove; {question.pk: [sentences]}."""
    errors = {}
    for asked in page.asked.values():
        for file in request.FILES.getlist(f"q{asked.question.pk}-file"):
            if sentences := join(asked.question, file, party):
                errors.setdefault(asked.question.pk, []).extend(sentences)
    if key := request.POST.get("remove", ""):
        document = get_object_or_404(standing(page.submission), pk=int(key) if key.isdecimal() else 0)
        try:
            answers.remove_document(document=document, by=party.user, organisation=party.organisation)
        except ValidationError as error:
            errors.setdefault(document.question_id, []).extend(error.messages)
    return errors


def join(question, file, party):
    """Joins a file; the sentences why it was refused."""
    try:
        media_type = documents.check(file)
        answers.add_document(
            question=question,
            name=documents.name_of(file),
            content=file,
            media_type=media_type,
            by=party.user,
            organisation=party.organisation,
        )
    except ValidationError as error:
        return error.messages
    return []


@never_cache
@require_POST
@submission_page
def save_answer(request, submission, party, question_id):
    """One answer, for the script of the page: what is saved, refused (422) or in conflict (409), as JSON."""
    typed = submission.questions.exclude(kind=Question.Kind.DOCUMENTS)
    question = get_object_or_404(typed.select_related("indicator", "answer__updated_by"), pk=question_id)
    form, conflict, _ = save_one(question, request.POST, party)
    if conflict:
        html = render_to_string("axes/_answer_conflict.html", {"conflict": conflict})
        theirs = form_of(question)
        return JsonResponse({"html": html, "fields": theirs.typed()}, status=409)
    if form:
        return JsonResponse({"errors": form.sentences()}, status=422)
    return JsonResponse(state_of(submission, party, question_id))


def state_of(submission, party, question_id):
    """What the script shows once something is saved: the version, when, and the parts of the page that changed."""
    submission.refresh_from_db(fields=["state"])
    page = Questionnaire(submission, party, to_fill=False)
    asked = page.asked[question_id]
    places = {
        "avancement": render_to_string("axes/_submission_progress.html", {"page": page}),
        "etat-bilan": state_badge(submission.get_state_display(), submission.state),
    }
    for relative in page.family(asked):
        key = relative.question.pk
        places[f"avis-{key}"] = render_to_string("axes/_answer_notes.html", {"asked": relative})
    if asked.question.is_documents:
        context = {"asked": asked, "submission": submission, "year": submission.campaign.year}
        places[f"pieces-{question_id}"] = render_to_string("axes/_documents.html", context)
    return {
        "version": asked.answer.version if asked.answer else 0,
        "words": f"Enregistré à {time_fr(timezone.now())}",
        "places": places,
    }


@require_POST
@submission_page
def add_document(request, submission, party, question_id):
    """A file, for the script of the page; without it, the form itself brings the files."""
    question = get_object_or_404(submission.questions.filter(kind=Question.Kind.DOCUMENTS), pk=question_id)
    name = f"q{question.pk}-file"
    file = request.FILES.get(name)
    errors = join(question, file, party) if file else ["Choisissez le fichier à joindre."]
    if errors:
        return JsonResponse({"errors": {name: errors}}, status=422)
    return JsonResponse(state_of(submission, party, question_id))


@require_POST
@submission_page
def remove_document(request, submission, party, doc_id):
    document = get_object_or_404(standing(submission), pk=doc_id)
    try:
        answers.remove_document(document=document, by=party.user, organisation=party.organisation)
    except ValidationError as error:
        return JsonResponse({"errors": {f"q{document.question_id}-file": error.messages}}, status=422)
    return JsonResponse(state_of(submission, party, document.question_id))


def standing(submission):
    return Document.objects.filter(question__submission=submission, removed_at__isnull=True)


@require_safe
@submission_page
def document(request, submission, party, doc_id):
    found = get_object_or_404(Document.objects.filter(question__submission=submission), pk=doc_id)
    return attachment(found)


def attachment(document):
    return download(document.file, name=document.name, media_type=document.media_type)


def download(file, *, name, media_type="application/octet-stream"):
    """A joined file, to be kept and not shown: the browser takes it for what it is and runs nothing of it."""
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=media_type,
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def guest(request, token):
    """The page of a guest link: a mailbox that follows links opens nothing, a person confirms by a button."""
    link = guests.link_of(token)
    if link is None:
        return render(request, "axes/guest_refused.html", status=404)
    if request.method != "POST":
        return render(request, "axes/guest.html", {"link": link})
    guests.open_in(request.session, link)
    return redirect("axes:fill", *link.submission.address)
