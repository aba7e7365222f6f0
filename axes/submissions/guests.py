"""Guest links: signed, expiring, revocable; each opens one questionnaire, without password."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from axes.models import GuestLink
from logement import audit, mail
from logement.models import User
from logement.unsent import WHOSE

KEPT = timedelta(days=60)
SESSION_KEY = "guest_link"
SIGNER = Signer(salt="axes.guest-link")


def path_of(link):
    """The address of the link: its key, signed, so that a key alone opens nothing."""
    return reverse("guest", args=[SIGNER.sign(str(link.key))])


def link_of(token):
    """The usable GuestLink that a token names, or None: forged, expired and withdrawn answer alike."""
    try:
        key = SIGNER.unsign(token)
    except BadSignature:
        return None
    return (
        GuestLink.objects.usable()
        .filter(key=key)
        .select_related("user", "submission__campaign__year__territory")
        .first()
    )


def link_in(session):
    """The link that this browser opened, or None once it expired or was withdrawn: asked at each request."""
    key = session.get(SESSION_KEY)
    return GuestLink.objects.usable().filter(key=key).select_related("user").first() if key else None


def open_in(session, link):
    """Lets this browser in by the link, under a new session key."""
    session.cycle_key()
    session[SESSION_KEY] = session[WHOSE] = str(link.key)
    GuestLink.objects.filter(pk=link.pk).update(used_at=timezone.now())


@transaction.atomic
def invite_guest(*, submission, email, by, until=None):
    """Makes a link for this address and writes to it. An address without account gets one that cannot sign in."""
    if not submission.campaign.year.is_open or not submission.campaign.is_running(timezone.localdate()):
        raise ValidationError("La campagne n'est pas ouverte : un lien n'ouvrirait rien. Ouvrez-la d'abord.")
    if submission.is_on_behalf:
        raise ValidationError("La métropole saisit ce bilan : rendez la main au partenaire avant d'inviter.")
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, full_name=email)
    link = GuestLink.objects.create(
        submission=submission, user=user, created_by=by, expires_at=until or timezone.now() + KEPT
    )
    audit.record(
        by=by,
        act="Lien invité envoyé",
        about=submission,
        territory=submission.campaign.year.territory,
        detail=user.email,
    )
    mail.post(
        to=user,
        occasion=f"guest-link:{link.pk}",
        template="campaign_invitation",
        context={
            "submission": submission,
            "campaign": submission.campaign,
            "url": mail.absolute_url(path_of(link)),
        },
        territory=submission.campaign.year.territory,
    )
    return link


@transaction.atomic
def revoke(*, link, by):
    """Withdraws a link: whoever has it open is out at the next request."""
    standing = GuestLink.objects.filter(pk=link.pk, revoked_at__isnull=True)
    if not standing.update(revoked_at=timezone.now(), revoked_by=by):
        return
    audit.record(
        by=by,
        act="Lien invité retiré",
        about=link.submission,
        territory=link.submission.campaign.year.territory,
        detail=link.user.email,
    )
