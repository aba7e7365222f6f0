"""The lead's side of a campaign: its board, its questionnaires, its opening."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from axes.board import Board, BoardTable
from axes.campaign_forms import CampaignForm, CopyForm, PartnerForm, QuestionnaireForm, SubmissionFilter
from axes.doors import check_still_open, year_page
from axes.models import Campaign, Submission
from axes.submissions import campaigns
from axes.views.plan import posted_version
from logement.forms import refuse
from logement.locking import Conflict
from logement.models import Organisation
from logement.roles import Permission as P
from logement.tables import arrange

PAGE = require_http_methods(["GET", "HEAD", "POST"])


def campaign_page(view):
    """Opens a view `(request, campaign, …)` to the lead of an exercise that has its campaign."""

    @year_page(P.RUN_CAMPAIGN)
    @wraps(view)
    def opened(request, year, *args, **kwargs):
        campaign = get_object_or_404(
            Campaign.objects.select_related("year__territory", "year__agreement", "opened_by", "closed_by"),
            year=year,
        )
        return view(request, campaign, *args, **kwargs)

    return opened


@require_safe
@year_page(P.RUN_CAMPAIGN)
def campaign(request, year):
    found = Campaign.objects.select_related("year__territory", "year__agreement").filter(year=year).first()
    if found is None:
        return render(request, "axes/campaign_none.html", {"year": year})
    asked = Submission.objects.filter(campaign=found)
    filterset = SubmissionFilter(
        request.GET, queryset=asked, is_past_due=found.is_past_due(timezone.localdate())
    )
    board = Board(found, asked)
    kept = set(filterset.qs.values_list("pk", flat=True))
    table = BoardTable([row for row in board.rows if row.submission.pk in kept], board=board)
    arrange(table, request, per_page=100)
    context = {"year": year, "campaign": found, "board": board, "filter": filterset, "table": table}
    return render(request, "axes/campaign.html", context)


@PAGE
@year_page(P.RUN_CAMPAIGN)
def edit_campaign(request, year):
    """Creates the campaign of the exercise, with last year's questionnaires; then its days and its instructions."""
    check_still_open(year)
    found = Campaign.objects.select_related("year__territory").filter(year=year).first()
    version, current = (found.version if found else 0), None
    form = CampaignForm(initial=initial_of(found))
    if request.method == "POST":
        form, version = CampaignForm(request.POST), posted_version(request)
        try:
            if form.is_valid() and save_campaign(request, year, found, version, form):
                return redirect(board_url(year))
        except Conflict as conflict:
            current, version = conflict.current, conflict.current.version
    context = {"year": year, "campaign": found, "form": form, "version": version, "current": current}
    return render(request, "axes/edit_campaign.html", context, status=status_of(form, current))


def save_campaign(request, year, found, version, form):
    """Saves what the form holds; None, with the reason in the form, where it is refused."""
    try:
        if found is None:
            saved = campaigns.create_campaign(year=year, by=request.user, **form.cleaned_data)
            count = saved.submissions.count()
            copied = f" Les questionnaires de l'an dernier sont repris : {count}." if count else ""
            messages.success(request, f"La campagne {year.number} est créée.{copied}")
            return saved
        if version == 0:
            raise Conflict(found)
        saved = campaigns.save_campaign(campaign=found, version=version, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        refuse(form, error)
        return None
    messages.success(request, "Les réglages de la campagne sont enregistrés.")
    return saved


def initial_of(campaign):
    if campaign is None:
        return {}
    return {name: getattr(campaign, name) for name in ("opens_on", "closes_on", "instructions")}


@PAGE
@campaign_page
def add_partner(request, campaign):
    check_still_open(campaign.year)
    form = PartnerForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        organisation = form.cleaned_data["organisation"]
        try:
            organisation = organisation or campaigns.add_partner(
                year=campaign.year, name=form.cleaned_data["name"], by=request.user
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            return redirect(compose_url(campaign.year, organisation.pk))
    context = {"year": campaign.year, "campaign": campaign, "form": form}
    return render(request, "axes/compose_partner.html", context, status=status_of(form))


@PAGE
@campaign_page
def compose(request, campaign, organisation_id):
    """A partner's questionnaire. « Reprendre » fills the form with that of last year, and saves nothing yet."""
    check_still_open(campaign.year)
    organisation = get_partner(campaign, organisation_id)
    submission = campaign.submissions.filter(organisation=organisation).first()
    version, is_stale = (submission.version if submission else 0), False
    asked = list(submission.questions.all()) if submission else []
    if request.method == "POST":
        version = posted_version(request)
        form = QuestionnaireForm(request.POST, campaign=campaign, organisation=organisation)
        try:
            if form.is_valid() and save_questionnaire(request, campaign, organisation, version, form):
                return redirect(board_url(campaign.year))
        except Conflict as conflict:
            is_stale, version = True, conflict.current.version if conflict.current else 0
    else:
        if "reprendre" in request.GET:
            asked = campaigns.questions_last_year(campaign, organisation)
        signs = {"needs_signature": submission.needs_signature if submission else False}
        form = QuestionnaireForm(campaign=campaign, organisation=organisation, asked=asked, initial=signs)
    context = {
        "year": campaign.year,
        "campaign": campaign,
        "organisation": organisation,
        "submission": submission,
        "form": form,
        "version": version,
        "is_stale": is_stale,
        "is_prefilled": "reprendre" in request.GET,
        "is_locked": bool(campaign.closed_at or (submission and submission.was_sent)),
    }
    return render(request, "axes/compose.html", context, status=status_of(form, is_stale))


def save_questionnaire(request, campaign, organisation, version, form):
    """Whether it is saved; else the reason is in the form."""
    questions = form.questions()
    try:
        saved = campaigns.save_questionnaire(
            campaign=campaign,
            organisation=organisation,
            questions=questions,
            needs_signature=form.cleaned_data["needs_signature"],
            version=version,
            by=request.user,
        )
    except ValidationError as error:
        refuse(form, error)
        return False
    if saved is None:
        messages.success(request, f"Plus rien n'est demandé à {organisation} : son questionnaire est retiré.")
    else:
        count = len(questions)
        plural = "s" if count > 1 else ""
        messages.success(request, f"{organisation} : questionnaire enregistré, {count} question{plural}.")
    return True


@PAGE
@campaign_page
def copy_questionnaire(request, campaign, organisation_id):
    """Asks of other partners what this one is asked, in one act."""
    check_still_open(campaign.year)
    submission = get_object_or_404(
        campaign.submissions.select_related("organisation", "campaign__year__territory"),
        organisation=organisation_id,
    )
    form = CopyForm(request.POST if request.method == "POST" else None, submission=submission)
    if request.method == "POST" and form.is_valid():
        organisations = form.cleaned_data["organisations"]
        try:
            left_out = campaigns.copy_questionnaire(
                submission=submission, organisations=organisations, by=request.user
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            names = ", ".join(str(organisation) for organisation in organisations)
            messages.success(request, f"Le questionnaire est copié : {names}.")
            for question in left_out:
                messages.warning(
                    request,
                    f"« {question.label} » n'est pas copié : ce chiffre ne s'additionne pas entre partenaires.",
                )
            return redirect(board_url(campaign.year))
    context = {"year": campaign.year, "campaign": campaign, "submission": submission, "form": form}
    return render(request, "axes/compose_copy.html", context, status=status_of(form))


@require_POST
@campaign_page
def open_campaign(request, campaign):
    check_still_open(campaign.year)
    return act(request, campaign, campaigns.open_campaign, "La campagne est ouverte.")


@require_POST
@campaign_page
def close_campaign(request, campaign):
    return act(
        request,
        campaign,
        campaigns.close_campaign,
        "La campagne est close : seules les corrections demandées restent attendues.",
    )


def act(request, campaign, step, sentence):
    try:
        step(campaign=campaign, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, sentence)
    return redirect(board_url(campaign.year))


@require_POST
@campaign_page
def remind(request, campaign):
    """Reminds the partner named by `bilan`, else all those who are late, or all those awaited before the deadline."""
    wanted = Submission.objects.filter(campaign=campaign).expected()
    key = request.POST.get("bilan", "")
    if key:
        wanted = wanted.filter(pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    submissions = list(wanted.select_related("campaign__year__territory", "organisation"))
    count = campaigns.remind(submissions=submissions, by=request.user)
    if count:
        plural = "s" if count > 1 else ""
        messages.success(request, f"{count} rappel{plural} envoyé{plural}.")
    else:
        messages.info(
            request,
            "Aucun rappel n'est parti : chaque personne attendue a déjà été relancée aujourd'hui, ou personne "
            "ne reçoit les courriels du partenaire.",
        )
    return redirect(board_url(campaign.year))


def status_of(form, is_stale=False):
    if is_stale:
        return 409
    return 422 if form.is_bound and form.errors else 200


def get_partner(campaign, organisation_id):
    return get_object_or_404(Organisation, pk=organisation_id, territories=campaign.year.territory)


def board_url(year):
    return reverse("axes:campaign", args=[year.territory.code, year.number])


def compose_url(year, organisation_id):
    return reverse("axes:compose", args=[year.territory.code, year.number, organisation_id])
