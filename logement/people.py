"""Who is who in a territory: roles given and ended, tries at signing in forgiven, second factors taken away.

Somebody gives and takes back the roles of `roles.GIVES`; who sees the people of one organisation only gives for it.
"""

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from logement import audit
from logement.models import Attachment, Membership, Organisation
from logement.roles import GIVES, PERMISSIONS, Permission, Role


def gives(user, territory):
    """What this person may give there: {(role, key of the organisation for which, or None: for any)}."""
    given = set()
    for held in user.memberships_today:
        if held.territory_id == territory.pk:
            is_own = Permission.INVITE_OWN_PEOPLE in PERMISSIONS[held.role]
            organisation = held.organisation_id if is_own else None
            given |= {(role, organisation) for role in GIVES.get(held.role, ())}
    return given


def may_give(user, role, *, organisation, territory):
    """Whether `user` may give `role` for this organisation, and so end it."""
    return not gives(user, territory).isdisjoint({(role, None), (role, organisation.pk)})


def check_may_give(user, role, *, organisation, territory):
    if not may_give(user, role, organisation=organisation, territory=territory):
        label = Role(role).label
        raise ValidationError({"role": f"Vous ne pouvez pas donner le rôle « {label} » pour cet organisme."})


def check_not_held(*, email, role, organisation, territory):
    """Raises when this person already acts in this role, without an end."""
    held = Membership.objects.in_force().filter(
        user__email=email, role=role, organisation=organisation, territory=territory, ends_on__isnull=True
    )
    if held.exists():
        raise ValidationError({"email": "Cette personne a déjà ce rôle pour cet organisme."})


@transaction.atomic
def end_membership(*, membership, by):
    """Ends it now: its person sees nothing more through it at the next request."""
    where = {"organisation": membership.organisation, "territory": membership.territory}
    if not may_give(by, membership.role, **where):
        raise PermissionDenied
    standing = Membership.objects.in_force().filter(pk=membership.pk)
    if standing.update(ended_at=timezone.now(), ended_by=by):
        audit.record(
            by=by,
            act="Habilitation retirée",
            about=membership,
            territory=membership.territory,
            detail=str(membership.organisation),
        )


@transaction.atomic
def unlock(*, person, territory, by, request):
    """Forgets the tries at signing in that failed: this person may try again at once. `request` is the act's own."""
    for key in tries_of(person):
        ratelimit.clear(request, action="login_failed", key=key)
    audit.record(by=by, act="Connexion débloquée", about=person, territory=territory)


def tries_of(person):
    """The keys under which allauth counts this person's failed tries: the password, then the second factor."""
    return person.email.lower(), f"mfa-auth-user-{person.pk}"


@transaction.atomic
def remove_second_factor(*, person, territory, by):
    """Takes away a lost telephone or key, recovery codes included: the person registers another at the next sign-in."""
    if Authenticator.objects.filter(user=person).delete()[0]:
        audit.record(by=by, act="Second facteur retiré", about=person, territory=territory)


@transaction.atomic
def present(*, person, siret):
    """Notes that ProConnect places this person under this SIRET: a question to who may answer it, never a right.

    Asked once per person and SIRET, and not of somebody who already acts for the organisation.
    """
    organisation = Organisation.objects.filter(siret=siret).first()
    if Membership.objects.in_force().filter(user=person, organisation=organisation).exists():
        return
    asked, _ = Attachment.objects.get_or_create(
        user=person, siret=siret, defaults={"organisation": organisation}
    )
    if organisation and not asked.organisation:  # known here since
        Attachment.objects.filter(pk=asked.pk).update(organisation=organisation)


@transaction.atomic
def attach(*, attachment, role, territory, by):
    """Confirms what ProConnect said of a person, by a role in this territory for the organisation of the SIRET."""
    where = {"organisation": attachment.organisation, "territory": territory}
    check_may_give(by, role, **where)
    check_not_held(email=attachment.user.email, role=role, **where)
    membership = Membership.objects.create(user=attachment.user, role=role, **where)
    _decide(attachment, by, membership=membership)
    audit.record(by=by, act="Rattachement confirmé", about=membership, territory=territory)
    return membership


@transaction.atomic
def refuse_attachment(*, attachment, territory, by):
    _decide(attachment, by)
    audit.record(by=by, act="Rattachement refusé", about=attachment, territory=territory)


def _decide(attachment, by, **fields):
    waiting = Attachment.objects.waiting().filter(pk=attachment.pk)
    if not waiting.update(decided_at=timezone.now(), decided_by=by, **fields):
        raise ValidationError("Quelqu'un a déjà répondu à cette demande.")
