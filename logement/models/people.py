"""Territories, people, organisations, memberships, the audit trail and the jobs."""

import uuid
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from logement.roles import ASSISTANCE, PERMISSIONS, SECOND_FACTOR, Permission, Role


def together(at, by):
    """Both set or both null."""
    return Q(**{f"{at}__isnull": True, f"{by}__isnull": True}) | Q(
        **{f"{at}__isnull": False, f"{by}__isnull": False}
    )


class TerritoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Territories in which `user` holds a membership today."""
        return self.filter(pk__in={territory for territory, _ in user.grants})


class Territory(models.Model):
    """A metropole, département or other place that signed a convention. The root of every visibility rule."""

    code = models.SlugField("code", unique=True, help_text="Dans les adresses des pages : « montpellier ».")
    name = models.CharField("nom", max_length=200)
    contact = models.EmailField(
        "contact pour l'accessibilité",
        blank=True,
        help_text="L'adresse à laquelle on signale un obstacle ; vide, celle du site.",
    )

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        ordering = ["name"]

    def __str__(self):
        return self.name


class Organisation(models.Model):
    """A body that signs, funds, leads, takes part or supplies figures."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", "Collectivité"
        ASSOCIATION = "association", "Association"
        STATE = "state", "Service de l'État"
        OTHER = "other", "Autre organisme"

    name = models.CharField("nom", max_length=200, unique=True)
    short_name = models.CharField("sigle ou nom court", max_length=60, blank=True)
    kind = models.CharField("nature", max_length=20, choices=Kind, default=Kind.OTHER)
    siret = models.CharField(
        "SIRET",
        max_length=14,
        null=True,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"^\d{14}$", "Un SIRET a 14 chiffres, sans espace.")],
    )
    territories = models.ManyToManyField(
        Territory, verbose_name="territoires", related_name="organisations", blank=True
    )

    class Meta:
        verbose_name = "organisme"
        ordering = ["name"]

    def __str__(self):
        return self.short_name or self.name


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by the e-mail address. What they may do comes from their memberships."""

    email = models.EmailField("adresse e-mail", unique=True)
    full_name = models.CharField("prénom et nom", max_length=150)
    is_staff = models.BooleanField("accède à l'administration", default=False)
    is_active = models.BooleanField("compte actif", default=True)
    date_joined = models.DateTimeField("inscrit le", default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "personne"
        ordering = ["full_name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_whatever_the_case",
                violation_error_message="Cette adresse e-mail a déjà un compte.",
            )
        ]

    def __str__(self):
        return self.full_name or self.email

    def get_full_name(self):
        return str(self)

    @cached_property
    def memberships_today(self):
        """Memberships in force today, with their organisation and territory: one query per request."""
        return list(self.memberships.in_force().select_related("organisation", "territory"))

    @cached_property
    def assistance(self):
        """The session of assistance that this person has open, or None. Asked only of who may open one."""
        if not any(Permission.ADMINISTER in PERMISSIONS[held.role] for held in self.memberships_today):
            return None
        return self.assistances.running().select_related("territory").first()

    @cached_property
    def grants(self):
        """What this person may do today: {(territory_id, Permission): {organisation_id, …}}.

        A session of assistance gives what it gives in the name of no organisation.
        """
        grants = {}
        if self.assistance:
            grants = {(self.assistance.territory_id, permission): set() for permission in ASSISTANCE}
        for membership in self.memberships_today:
            for permission in PERMISSIONS[membership.role]:
                grants.setdefault((membership.territory_id, permission), set()).add(
                    membership.organisation_id
                )
        return grants

    def may(self, permission, territory):
        """Whether `permission` is held today in `territory` (an object or its key)."""
        return (getattr(territory, "pk", territory), permission) in self.grants

    def territories_with(self, permission):
        """Keys of the territories where `permission` is held today."""
        return {territory for territory, held in self.grants if held is permission}

    def organisations_with(self, permission):
        """(territory, organisation) keys through which `permission` is held today."""
        return {
            (territory, organisation)
            for (territory, held), organisations in self.grants.items()
            if held is permission
            for organisation in organisations
        }

    @property
    def needs_second_factor(self):
        """Whether a role that this person holds today asks a second factor, or the technical administration."""
        return self.is_staff or any(held.role in SECOND_FACTOR for held in self.memberships_today)

    @cached_property
    def people_places(self):
        """[territory] whose people one sees, all or those of one's own organisation. Without a query."""
        places = {held.territory for held in self.memberships_today}
        seen = (Permission.VIEW_PEOPLE, Permission.VIEW_OWN_PEOPLE)
        return sorted((place for place in places if any(self.may(see, place) for see in seen)), key=str)

    @cached_property
    def register_places(self):
        """[(territory, whether one keeps registers there)] where one may read who read them. Without a query."""
        places = {membership.territory for membership in self.memberships_today}
        keeps = {place: self.may(Permission.VIEW_OWN_REGISTERS, place) for place in places}
        return [
            (place, keeps[place])
            for place in sorted(places, key=str)
            if keeps[place] or self.may(Permission.ADMINISTER, place)
        ]


class PeopleQuerySet(models.QuerySet):
    """Rows that say who is who in a territory, for an organisation."""

    def visible_to(self, user):
        """All those of a territory for who sees its people; for the others, those of their own organisation."""
        seen = Q(territory__in=user.territories_with(Permission.VIEW_PEOPLE))
        for territory, organisation in user.organisations_with(Permission.VIEW_OWN_PEOPLE):
            seen |= Q(territory=territory, organisation=organisation)
        return self.filter(seen)


class MembershipQuerySet(PeopleQuerySet):
    def in_force(self, on=None):
        on = on or timezone.localdate()
        lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        return self.filter(lasting, starts_on__lte=on, ended_at__isnull=True)


class Membership(models.Model):
    """A person acts for an organisation, in a territory, with a role, from a day to a day (included).

    Ended before its time by an act (`ended_at`), it opens nothing from the next request on.
    """

    user = models.ForeignKey(User, models.CASCADE, verbose_name="personne", related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="organisme", related_name="memberships"
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, verbose_name="territoire", related_name="memberships"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)
    starts_on = models.DateField("à partir du", default=timezone.localdate)
    ends_on = models.DateField("jusqu'au (inclus)", null=True, blank=True)
    ended_at = models.DateTimeField("retirée le", null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="retirée par", related_name="+", null=True, editable=False
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        ordering = ["territory", "organisation", "user"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_it_starts",
                violation_error_message="La date de fin précède la date de début : corrigez l'une des deux.",
            ),
            models.CheckConstraint(
                condition=together("ended_at", "ended_by"), name="membership_ended_at_with_by"
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="membership_role_is_known",
                violation_error_message="Ce rôle n'existe pas.",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "territory", "role"],
                condition=Q(ends_on__isnull=True, ended_at__isnull=True),
                name="membership_open_once",
                violation_error_message="Cette personne a déjà cette habilitation, sans date de fin.",
            ),
        ]

    def __str__(self):
        return f"{self.user} : {self.get_role_display()}, {self.territory}"


class Event(models.Model):
    """The audit trail: who did what, when. Text only, no foreign key: it outlives what it speaks of."""

    at = models.DateTimeField("le", default=timezone.now, db_index=True)
    actor = models.CharField("personne", max_length=254)
    territory_code = models.CharField("territoire", max_length=50, blank=True, db_index=True)
    act = models.CharField("acte", max_length=60)
    object_label = models.CharField("objet", max_length=300)
    detail = models.TextField("détail", blank=True)

    class Meta:
        verbose_name = "événement"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.act} : {self.object_label}"


class Job(models.Model):
    """A long task as a row that a page can show and a sweeper can ring again. See logement/jobs.py."""

    class State(models.TextChoices):
        QUEUED = "queued", "En attente"
        RUNNING = "running", "En cours"
        DONE = "done", "Terminé"
        FAILED = "failed", "En échec"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="jobs")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="jobs")
    created_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    result = models.FileField(upload_to="jobs/%Y/%m", max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "tâche"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_to_sweep")]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="job_percent_at_most_100"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | Q(state__in=["queued", "running"], finished_at__isnull=True),
                name="job_finished_at_with_its_state",
            ),
        ]

    def __str__(self):
        return f"{self.kind} ({self.get_state_display()})"

    @property
    def page(self):
        """The address of what the work made, where that is a page and not a file."""
        return self.params.get("page", "")

    @property
    def is_over(self):
        return self.state in {self.State.DONE, self.State.FAILED}
