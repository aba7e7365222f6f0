"""A new territory and its lead, and the bodies of a territory: no business object is read here."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import get_resolver
from django.utils.text import slugify

from logement import audit
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
def create_territory(*, name, code="", organisation, lead_email, lead_name, by):
    """Writes a territory, the body that carries its plan (`organisation`, a name), and its lead; gives the Territory.

    The lead's account is made where there is none, without a password. `by` administers the territory from now on.
    Raises ValidationError, by field.
    """
    name = clean_line(name)
    territory = Territory(name=name, code=clean_line(code) or slugify(name)[:50])
    if territory.code in reserved_words():
        raise ValidationError({"code": f"« {territory.code} » est déjà une adresse de l'application."})
    territory.full_clean()
    territory.save()
    body = organisation_named(organisation, territory=territory, kind=Organisation.Kind.AUTHORITY)
    lead = person_of(lead_email, full_name=lead_name)
    Membership.objects.create(user=lead, organisation=body, territory=territory, role=Role.LEAD)
    Membership.objects.create(
        user=by, organisation=own_body(by) or body, territory=territory, role=Role.ADMINISTRATOR
    )
    audit.record(
        by=by, act="Création d'un territoire", about=territory, territory=territory, detail=f"Pour {lead}"
    )
    return territory


def own_body(user):
    """The organisation for which a technical administrator acts, or None."""
    keys = {key for _, key in user.organisations_with(Permission.ADMINISTER)}
    return Organisation.objects.filter(pk__in=keys).first()


def person_of(email, *, full_name):
    """The account of this address, whatever the case; made where there is none, without a password."""
    user = User.objects.filter(email__iexact=email).first()
    return user or User.objects.create_user(email, full_name=clean_line(full_name))


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
