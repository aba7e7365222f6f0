"""The doors: of every page of an exercise, `/<territory>/<year>/…`, of a convention, of a partner's submission, of what
it sent."""

from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from axes.models import Agreement, ReportImport, Sending, Submission, Year
from axes.submissions import guests
from logement.access import acting_for, requires
from logement.models import Organisation, User
from logement.roles import Permission
from logement.unsent import signed_out


def year_page(permission, *, sees=None):
    """Opens a view `(request, year, …)`, as `requires` does; `year` comes with its territory and its convention."""

    def decorate(view):
        @requires(permission, sees=sees)
        @wraps(view)
        def opened(request, territory, number, *args, **kwargs):
            year = get_object_or_404(
                Year.objects.select_related("territory", "agreement"), territory=territory, number=number
            )
            return view(request, year, *args, **kwargs)

        return opened

    return decorate


def agreement_page(view):
    """Opens a view `(request, agreement, …)` of /<territory>/conventions/<id>/ to whoever sets conventions up there."""

    @requires(Permission.SET_UP)
    @wraps(view)
    def opened(request, territory, agreement_id, *args, **kwargs):
        agreement = get_object_or_404(
            Agreement.objects.select_related("territory"), territory=territory, pk=agreement_id
        )
        return view(request, agreement, *args, **kwargs)

    return opened


def import_page(view):
    """Opens a view `(request, report, …)` under /<territory>/reprises/<key>/ to whoever takes reports into the plan."""

    @requires(Permission.IMPORT_REPORT)
    @wraps(view)
    def opened(request, territory, pending, *args, **kwargs):
        reports = ReportImport.objects.select_related(
            "territory", "year", "compared_to__territory", "given_by", "saved_by"
        )
        return view(request, get_object_or_404(reports, pk=pending, territory=territory), *args, **kwargs)

    return opened


def check_still_open(year):
    """Refuses a form on an exercise that was sent: who sees it may read, nobody may write."""
    if not year.is_open:
        raise PermissionDenied("Cet exercice a été transmis : il ne se modifie plus sans être rouvert.")


@dataclass(frozen=True, slots=True)
class Party:
    """Who writes in a submission, for which body: its partner, a guest of the partner, or the lead on its behalf."""

    user: User
    organisation: Organisation
    may_send: bool
    is_guest: bool = False
    is_lead: bool = False


def party_of(request, submission):
    """The Party that this request acts as on a submission, or None: whoever else finds nothing there.

    A draft belongs to its partner: the lead comes in only where it writes on the partner's behalf.
    """
    year, user = submission.campaign.year, request.user
    if user.is_authenticated:
        through = user.organisations_with(Permission.ANSWER_CAMPAIGN)
        if (year.territory_id, submission.organisation_id) in through:
            senders = user.organisations_with(Permission.SEND_SUBMISSION)
            may_send = (year.territory_id, submission.organisation_id) in senders
            return Party(user, submission.organisation, may_send)
        if submission.is_on_behalf and user.may(Permission.RUN_CAMPAIGN, year.territory):
            own = acting_for(user, Permission.RUN_CAMPAIGN, year.territory).first()
            return Party(user, own, may_send=True, is_lead=True)
    link = guests.link_in(request.session)
    if link and link.submission_id == submission.pk:
        return Party(
            link.user, submission.organisation, may_send=not submission.needs_signature, is_guest=True
        )
    return None


def open_to_guests(view):
    """A view for accounts and guests: `login_required` would send away a guest, who has no account."""

    @login_not_required
    @wraps(view)
    def opened(request, *args, **kwargs):
        if not request.user.is_authenticated and guests.SESSION_KEY not in request.session:
            return signed_out(request) or redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return opened


def submission_page(view):
    """Opens a view `(request, submission, party, …)` under /<territory>/<year>/bilans/<pk>/ to whoever fills it.

    A campaign that is not open yet, another partner's submission and one that does not exist answer alike: 404.
    """

    @open_to_guests
    @wraps(view)
    def opened(request, territory, number, pk, *args, **kwargs):
        submission = get_object_or_404(
            Submission.objects.select_related(
                "campaign__year__territory", "campaign__year__agreement", "organisation"
            ),
            pk=pk,
            campaign__year__territory__code=territory,
            campaign__year__number=number,
        )
        party = party_of(request, submission)
        is_early = (
            not submission.campaign.is_running(timezone.localdate()) and not submission.campaign.closed_at
        )
        if party is None or (is_early and not party.is_lead):
            raise Http404
        return view(request, submission, party, *args, **kwargs)

    opened.permissions = (Permission.ANSWER_CAMPAIGN,)
    return opened


def sending_page(view):
    """Opens a view `(request, sending, is_lead, …)` under …/bilans/<pk>/envois/<rank>/ to whoever reads what was sent:
    the partner, its guest, the lead. For anybody else, 404."""

    @open_to_guests
    @wraps(view)
    def opened(request, territory, number, pk, rank, *args, **kwargs):
        sending = get_object_or_404(
            Sending.objects.select_related(
                "submission__campaign__year__territory",
                "submission__campaign__year__agreement",
                "submission__organisation",
                "sent_by",
            ),
            submission=pk,
            rank=rank,
            submission__campaign__year__territory__code=territory,
            submission__campaign__year__number=number,
        )
        place = sending.submission.campaign.year.territory
        is_lead = request.user.is_authenticated and request.user.may(Permission.RUN_CAMPAIGN, place)
        if not is_lead and party_of(request, sending.submission) is None:
            raise Http404
        return view(request, sending, is_lead, *args, **kwargs)

    opened.permissions = (Permission.ANSWER_CAMPAIGN, Permission.RUN_CAMPAIGN)
    return opened
