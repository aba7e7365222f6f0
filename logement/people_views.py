"""The pages of the people: who acts in a territory, invite, end; and the page that an invitation opens."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from logement import invitations, people
from logement.access import requires
from logement.forms import refuse
from logement.models import Attachment, Invitation, Membership, User
from logement.people_forms import InviteForm, RoleForm, WelcomeForm
from logement.roles import Permission as P

SEES = (P.VIEW_PEOPLE, P.VIEW_OWN_PEOPLE)
INVITES = (P.INVITE_PEOPLE, P.INVITE_OWN_PEOPLE)


def memberships_seen(request, territory):
    seen = Membership.objects.visible_to(request.user).filter(territory=territory)
    return seen.select_related("user", "organisation", "territory")


@require_safe
@requires(SEES)
def people_of(request, territory):
    """Who acts here, for whom, since when; who is invited; whom ProConnect presents."""
    gives = people.gives(request.user, territory)
    pending = Invitation.objects.pending().visible_to(request.user).filter(territory=territory)
    members = (
        memberships_seen(request, territory).in_force().order_by("organisation__name", "user__full_name")
    )
    asking = Attachment.objects.waiting().of(territory).select_related("user", "organisation")
    context = {
        "territory": territory,
        "members": [(held, _given(gives, held)) for held in members],
        "invitations": [
            (one, _given(gives, one)) for one in pending.select_related("organisation", "created_by")
        ],
        "attachments": asking if request.user.may(P.INVITE_PEOPLE, territory) else [],
        "may_invite": bool(gives),
        "sees_all": request.user.may(P.VIEW_PEOPLE, territory),
    }
    return render(request, "logement/people.html", context)


def _given(gives, held):
    """Whether this role is one that the reader gives, without a query per row."""
    return not gives.isdisjoint({(held.role, None), (held.role, held.organisation_id)})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(INVITES, sees=SEES)
def invite(request, territory):
    form = InviteForm(
        request.POST if request.method == "POST" else None, by=request.user, territory=territory
    )
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="invite"):
            return ratelimit.respond_429(request)
        try:
            invitation = invitations.invite(**form.cleaned_data, territory=territory, by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, f"L'invitation part à l'adresse {invitation.email}.")
            return redirect("people", territory.code)
    context = {"territory": territory, "form": form}
    return render(request, "logement/invite.html", context, status=422 if form.errors else 200)


def get_invitation(request, territory, pk):
    seen = Invitation.objects.visible_to(request.user).filter(territory=territory)
    return get_object_or_404(seen.select_related("organisation", "territory"), pk=pk)


@require_POST
@requires(INVITES, sees=SEES)
def resend_invitation(request, territory, pk):
    invitation = get_invitation(request, territory, pk)
    try:
        invitations.resend(invitation=invitation, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"L'invitation repart à l'adresse {invitation.email}.")
    return redirect("people", territory.code)


@require_POST
@requires(INVITES, sees=SEES)
def revoke_invitation(request, territory, pk):
    invitation = get_invitation(request, territory, pk)
    try:
        invitations.revoke(invitation=invitation, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"L'invitation adressée à {invitation.email} est retirée.")
    return redirect("people", territory.code)


@require_safe
@requires(SEES)
def person(request, territory, pk):
    """One role of a person here, and what may be done about it; `pk` is that of the membership."""
    held = get_object_or_404(memberships_seen(request, territory), pk=pk)
    where = {"organisation": held.organisation, "territory": territory}
    context = {
        "territory": territory,
        "held": held,
        "is_in_force": memberships_seen(request, territory).in_force().filter(pk=pk).exists(),
        "may_end": people.may_give(request.user, held.role, **where),
        "may_help": request.user.may(P.ADMINISTER, territory),
        "second_factor": held.user.authenticator_set.exists(),
    }
    return render(request, "logement/person.html", context)


@require_POST
@requires(INVITES, sees=SEES)
def end_membership(request, territory, pk):
    held = get_object_or_404(memberships_seen(request, territory), pk=pk)
    people.end_membership(membership=held, by=request.user)
    messages.success(request, f"{held.user} ne voit plus rien à ce titre.")
    return redirect("people", territory.code)


@require_POST
@requires(P.ADMINISTER, sees=SEES)
def unlock(request, territory, pk):
    held = get_object_or_404(memberships_seen(request, territory), pk=pk)
    people.unlock(person=held.user, territory=territory, by=request.user, request=request)
    messages.success(request, f"{held.user} peut se connecter de nouveau.")
    return redirect("person", territory.code, pk)


@require_POST
@requires(P.ADMINISTER, sees=SEES)
def remove_second_factor(request, territory, pk):
    held = get_object_or_404(memberships_seen(request, territory), pk=pk)
    people.remove_second_factor(person=held.user, territory=territory, by=request.user)
    messages.success(request, f"{held.user} enregistrera un nouveau second facteur à la prochaine connexion.")
    return redirect("person", territory.code, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INVITE_PEOPLE, sees=SEES)
def attachment(request, territory, pk):
    """What ProConnect said of somebody: confirm by a role, or refuse."""
    asked = get_object_or_404(Attachment.objects.waiting().of(territory).select_related("user"), pk=pk)
    form = RoleForm(request.POST if request.method == "POST" else None, by=request.user, territory=territory)
    acting = {"attachment": asked, "territory": territory, "by": request.user}
    if request.method == "POST" and request.POST.get("decision") == "refuse":
        people.refuse_attachment(**acting)
        messages.success(request, f"La demande de {asked.user} est refusée.")
        return redirect("people", territory.code)
    if request.method == "POST" and form.is_valid():
        try:
            people.attach(role=form.cleaned_data["role"], **acting)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, f"{asked.user} agit maintenant pour {asked.organisation}.")
            return redirect("people", territory.code)
    context = {"territory": territory, "asked": asked, "form": form}
    return render(request, "logement/attachment.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """The page of an invitation: choose a name and a password, or accept with the account of this address."""
    found = invitations.invitation_of(token)
    if found is None:
        return render(request, "logement/invitation_refused.html", status=404)
    account = invitations.account_of(found)
    if request.user.is_authenticated or account:
        return _accept_signed_in(request, found, account)
    guest = User.objects.filter(email__iexact=found.email).first()
    user = guest or User(email=found.email)
    form = WelcomeForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
                invitations.accept(invitation=found, user=user)
        except ValidationError as error:
            refuse(form, error)
        except IntegrityError:  # sent twice: the other one has just opened the account
            return redirect(request.path)
        else:
            record_authentication(request, user, method="password")
            return perform_login(request, user)
    context = {"invitation": found, "form": form}
    return render(request, "logement/invitation.html", context, status=422 if form.errors else 200)


def _accept_signed_in(request, found, account):
    """For an address that has an account: who signed in at this address accepts by a button."""
    is_theirs = request.user.is_authenticated and request.user == account
    if request.method == "POST" and is_theirs:
        try:
            invitations.accept(invitation=found, user=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, f"Vous agissez maintenant pour {found.organisation}.")
        return redirect("home")
    context = {"invitation": found, "is_theirs": is_theirs}
    return render(request, "logement/invitation_account.html", context)
