"""Invitations by e-mail: signed, expiring, for one use, withdrawn at any time. Nobody opens an account alone."""

import uuid
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from logement import audit, mail
from logement.models import Invitation, Membership, User
from logement.people import check_may_give, check_not_held

SIGNER = Signer(salt="logement.invitation")


def path_of(invitation):
    """The address of its page: the key, signed, so that a key read in a backup opens nothing."""
    return reverse("invitation", args=[SIGNER.sign(str(invitation.key))])


def invitation_of(token):
    """The usable Invitation that a token names, or None: forged, expired, withdrawn and accepted answer alike."""
    try:
        key = SIGNER.unsign(token)
    except BadSignature:
        return None
    usable = Invitation.objects.usable().select_related("territory", "organisation", "created_by")
    return usable.filter(key=key).first()


def account_of(invitation):
    """The User who already signs in at this address, or None. A guest, who has no password, chooses one."""
    user = User.objects.filter(email__iexact=invitation.email).first()
    return user if user and user.has_usable_password() else None


@transaction.atomic
def invite(*, email, role, organisation, territory, by, ends_on=None):
    """Invites this address, with or without an account, and writes to it. Raises ValidationError, by field."""
    email = email.strip().lower()
    where = {"organisation": organisation, "territory": territory}
    check_may_give(by, role, **where)
    check_not_held(email=email, role=role, **where)
    invitation = Invitation(
        email=email, role=role, ends_on=ends_on, created_by=by, expires_at=_deadline(), **where
    )
    invitation.full_clean()
    invitation.save()
    _write_to(invitation)
    audit.record(by=by, act="Invitation envoyée", about=invitation, territory=territory)
    return invitation


@transaction.atomic
def resend(*, invitation, by):
    """Sends it again under another key; the link sent before opens nothing any more."""
    _check_may_give(invitation, by)
    pending = Invitation.objects.pending().filter(pk=invitation.pk)
    if not pending.update(key=uuid.uuid4(), expires_at=_deadline(), sent_count=F("sent_count") + 1):
        raise ValidationError("Cette invitation a déjà été acceptée ou retirée.")
    invitation.refresh_from_db()
    _write_to(invitation)
    audit.record(by=by, act="Invitation renvoyée", about=invitation, territory=invitation.territory)


@transaction.atomic
def revoke(*, invitation, by):
    _check_may_give(invitation, by)
    pending = Invitation.objects.pending().filter(pk=invitation.pk)
    if pending.update(revoked_at=timezone.now(), revoked_by=by):
        audit.record(by=by, act="Invitation retirée", about=invitation, territory=invitation.territory)


@transaction.atomic
def accept(*, invitation, user):
    """Gives `user` the role, once: of two acceptances at the same instant, the second raises ValidationError.

    `user` is who signs in at this address, or the form of the invitation has just made the account.
    """
    if user.email.lower() != invitation.email:
        raise PermissionDenied
    if invitation.ends_on and invitation.ends_on < timezone.localdate():
        raise ValidationError("L'habilitation proposée est terminée : demandez une nouvelle invitation.")
    where = {"organisation": invitation.organisation, "territory": invitation.territory}
    check_not_held(email=user.email, role=invitation.role, **where)
    usable = Invitation.objects.usable().filter(pk=invitation.pk, key=invitation.key)
    if not usable.update(accepted_at=timezone.now(), accepted_by=user):
        raise ValidationError("Cette invitation vient d'être acceptée ou retirée.")
    membership = Membership.objects.create(
        user=user, role=invitation.role, ends_on=invitation.ends_on, **where
    )
    audit.record(by=user, act="Invitation acceptée", about=membership, territory=invitation.territory)
    return membership


def _check_may_give(invitation, by):
    check_may_give(by, invitation.role, organisation=invitation.organisation, territory=invitation.territory)


def _deadline() -> datetime:
    return timezone.now() + Invitation.KEPT


def _write_to(invitation):
    """The same message whether the address has an account or not: only its reader learns it, on the page."""
    mail.post(
        to=invitation.email,
        occasion=f"invitation:{invitation.pk}:{invitation.sent_count}",
        template="invitation",
        context={"invitation": invitation, "url": mail.absolute_url(path_of(invitation))},
        territory=invitation.territory,
    )
