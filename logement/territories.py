"""A new territory, its lead invited, and the bodies of a territory: no business object is read here."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import get_resolver
from django.utils.text import slugify

from logement import audit, invitations
from logement.models import Membership, Organisation, Territory, User
from logement.roles import Permission, Role
from logement.text import clean_line


def reserved_words(patterns=None):
    """The first words of the addresses that are no territory's: the files', and those that the resolver knows."""
    words = {settings.STATIC_URL.strip("/")}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = str(pattern.pattern)
        if not route:
            words |= reserved_words(getattr(pattern, "url_patterns", ()))
        elif not route.startswith("<"):
            words.add(route.partition("/")[0])
    return words


def may_create(user):
    """Whether `user` administers a territory, or the whole application: who may create another."""
    return user.is_superuser or bool(user.territories_with(Permission.ADMINISTER))


@transaction.atomic
def begin(*, lead_email, by, **fields):
    """Writes a territory (see `create_territory`) and invites who leads it; gives the Territory."""
    territory, body = create_territory(by=by, **fields)
    invitations.invite(
        email=lead_email,
        role=Role.LEAD,
        organisation=body,
        territory=territory,
        by=User.objects.get(pk=by.pk),  # who administers it since a moment
    )
    return territory


@transaction.atomic
def create_territory(*, name, code="", organisation, by):
    """Writes a territory and the body that carries its plan (`organisation`, a name): gives both.

    `by` administers the territory from now on, and reads nothing of it. Raises ValidationError, by field.
    """
    name = clean_line(name)
    territory = Territory(name=name, code=clean_line(code) or slugify(name)[:50])
    if territory.code in reserved_words():
        raise ValidationError({"code": f"« {territory.code} » est déjà une adresse de l'application."})
    territory.full_clean()
    territory.save()
    body = organisation_named(organisation, territory=territory, kind=Organisation.Kind.AUTHORITY)
    Membership.objects.create(
        user=by, organisation=own_body(by) or body, territory=territory, role=Role.ADMINISTRATOR
    )
    audit.record(
        by=by, act="Création d'un territoire", about=territory, territory=territory, detail=str(body)
    )
    return territory, body


def own_body(user):
    """The organisation for which a technical administrator acts, or None."""
    keys = {key for _, key in user.organisations_with(Permission.ADMINISTER)}
    return Organisation.objects.filter(pk__in=keys).first()


def organisation_named(name, *, territory, kind=Organisation.Kind.OTHER):
    """The organisation of this name, in the territory from now on; made where nobody bears the name yet."""
    name = clean_line(name)
    organisation = Organisation.objects.filter(name__iexact=name).first()
    if organisation is None:
        organisation = Organisation(name=name, kind=kind)
        organisation.full_clean()
        organisation.save()
    organisation.territories.add(territory)
    return organisation
