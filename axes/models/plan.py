"""The plan: a convention, its exercises, its axes, its actions, and the outline of each year's report.

Nothing here names a place, a year or a number of axes: they are rows.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from logement.models import Organisation, Territory
from logement.roles import Permission


class Agreement(models.Model):
    """A convention pluriannuelle d'objectifs between a territory and the State."""

    territory = models.ForeignKey(
        Territory, models.PROTECT, verbose_name="territoire", related_name="agreements"
    )
    title = models.CharField("intitulé", max_length=300)
    call = models.CharField("appel à manifestation d'intérêt", max_length=300, blank=True)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")

    class Meta:
        verbose_name = "convention"
        ordering = ["territory", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "title"],
                name="agreement_title_once_per_territory",
                violation_error_message="Ce territoire a déjà une convention de cet intitulé.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="agreement_ends_after_it_starts",
                violation_error_message="La convention finit avant de commencer : corrigez l'une des deux dates.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("axes:agreement", args=[self.territory.code, self.pk])


class Signatory(models.Model):
    """An organisation that signed a convention, in the order of the signatures."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatories")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name="organisme", related_name="+")
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "signataire"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"],
                name="signatory_once_per_agreement",
                violation_error_message="Cet organisme signe déjà la convention.",
            )
        ]

    def __str__(self):
        return str(self.organisation)


class YearQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Exercises whose frame (axes, actions) `user` may see."""
        return self.filter(territory__in=user.territories_with(Permission.VIEW_PLAN))

    def with_report_visible_to(self, user):
        """Exercises whose report `user` may read in its present state."""
        return self.filter(
            Q(territory__in=user.territories_with(Permission.VIEW_DRAFT_REPORT))
            | Q(
                territory__in=user.territories_with(Permission.VIEW_SHARED_REPORT),
                state__in=Year.SHARED,
            )
            | Q(territory__in=user.territories_with(Permission.VIEW_SENT_REPORT), state__in=Year.SENT)
        )


class Year(models.Model):
    """An exercise: one year of a convention, the frame of one report."""

    class State(models.TextChoices):
        PREPARATION = "preparation", "Préparation"
        COLLECTION = "collection", "Collecte"
        WRITING = "writing", "Rédaction"
        REVIEW = "review", "Relecture"
        SENT = "sent", "Transmis"
        CLOSED = "closed", "Clos"

    SENT = (State.SENT, State.CLOSED)
    SHARED = (State.REVIEW, *SENT)

    territory = models.ForeignKey(Territory, models.PROTECT, verbose_name="territoire", related_name="years")
    agreement = models.ForeignKey(Agreement, models.PROTECT, verbose_name="convention", related_name="years")
    number = models.PositiveSmallIntegerField("année")
    state = models.CharField("avancement", max_length=12, choices=State, default=State.PREPARATION)

    objects = YearQuerySet.as_manager()

    class Meta:
        verbose_name = "exercice"
        ordering = ["territory", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "number"],
                name="year_once_per_territory",
                violation_error_message="Cet exercice existe déjà pour ce territoire.",
            ),
            models.CheckConstraint(
                condition=Q(number__range=(2000, 2100)),
                name="year_is_plausible",
                violation_error_message="L'année doit être comprise entre 2000 et 2100.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preparation", "collection", "writing", "review", "sent", "closed"]),
                name="year_state_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.territory} {self.number}"

    @property
    def is_open(self):
        """Whether the lead may still write in it."""
        return self.state not in self.SENT

    @property
    def is_shared(self):
        return self.state in self.SHARED


class Axis(models.Model):
    """An axis of the convention; without number for « Autres actions »."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, verbose_name="convention", related_name="axes")
    number = models.PositiveSmallIntegerField("numéro", null=True, blank=True)
    label = models.CharField("intitulé", max_length=300)
    position = models.PositiveSmallIntegerField("rang", default=0)
    is_funded = models.BooleanField("financé par les crédits de la convention", default=True)

    class Meta:
        verbose_name = "axe"
        verbose_name_plural = "axes"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"],
                condition=Q(number__isnull=False),
                name="axis_number_once_per_agreement",
                violation_error_message="Cette convention a déjà un axe de ce numéro.",
            ),
            models.UniqueConstraint(
                fields=["agreement", "label"],
                name="axis_label_once_per_agreement",
                violation_error_message="Cette convention a déjà un axe de cet intitulé.",
            ),
        ]

    def __str__(self):
        return self.full_label

    @property
    def full_label(self):
        """As it prints: « Axe 3 : Promouvoir… », or the label alone."""
        return self.label if self.number is None else f"Axe {self.number} : {self.label}"


class Outcome(models.TextChoices):
    """What a state means, whatever words a convention uses for it."""

    DONE = "done", "Réalisée"
    PARTIAL = "partial", "Partiellement réalisée"
    ONGOING = "ongoing", "En cours"
    POSTPONED = "postponed", "Reportée"
    DROPPED = "dropped", "Abandonnée"
    NOT_STARTED = "not_started", "Non engagée"
    OTHER = "other", "Autre"


class Inflection(models.TextChoices):
    """The agreement of a state with the title of its action: it cannot be derived safely, so it is stored."""

    FEMININE = "fs", "féminin (Réalisée)"
    MASCULINE = "ms", "masculin (Réalisé)"
    FEMININE_PLURAL = "fp", "féminin pluriel (Réalisées)"
    MASCULINE_PLURAL = "mp", "masculin pluriel (Réalisés)"


class State(models.Model):
    """A state that a convention uses, in its four forms."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, verbose_name="convention", related_name="states")
    outcome = models.CharField("sens", max_length=12, choices=Outcome)
    fs = models.CharField("féminin", max_length=60)
    ms = models.CharField("masculin", max_length=60)
    fp = models.CharField("féminin pluriel", max_length=60)
    mp = models.CharField("masculin pluriel", max_length=60)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "état de réalisation"
        verbose_name_plural = "états de réalisation"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "fs", "ms"],
                name="state_words_once_per_agreement",
                violation_error_message="Cette convention a déjà un état de ce nom.",
            )
        ]

    def __str__(self):
        return self.fs

    def word(self, inflection):
        """The state as it agrees: « Réalisé » for `ms`."""
        return getattr(self, inflection)

    @property
    def asks_reason(self):
        return self.outcome != Outcome.DONE


class Layout(models.Model):
    """The columns that a table of actions prints, as rows."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, verbose_name="convention", related_name="layouts"
    )
    name = models.CharField("nom", max_length=100)

    class Meta:
        verbose_name = "modèle de tableau"
        verbose_name_plural = "modèles de tableau"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "name"],
                name="layout_name_once_per_agreement",
                violation_error_message="Cette convention a déjà un modèle de tableau de ce nom.",
            )
        ]

    def __str__(self):
        return self.name


class Column(models.Model):
    """A column: its heading (`{annee}` stands for the year of the exercise) and what it holds."""

    class Role(models.TextChoices):
        TITLE = "title", "Intitulé de l'action"
        STATE = "state", "État de réalisation"
        INDICATORS = "indicators", "Indicateurs et résultats"
        OBSERVATIONS = "observations", "Observations"
        OTHER = "other", "Autre texte"

    #: Columns whose cells are texts; the two others come from the line itself.
    TEXT_ROLES = (Role.INDICATORS, Role.OBSERVATIONS, Role.OTHER)

    layout = models.ForeignKey(
        Layout, models.CASCADE, verbose_name="modèle de tableau", related_name="columns"
    )
    role = models.CharField("contenu", max_length=12, choices=Role)
    heading = models.CharField("titre de la colonne", max_length=200)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "colonne"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["layout", "role"],
                condition=~Q(role="other"),
                name="column_role_once_per_layout",
                violation_error_message="Ce tableau a déjà une colonne de ce contenu.",
            ),
            models.UniqueConstraint(
                fields=["layout", "heading"],
                name="column_heading_once_per_layout",
                violation_error_message="Ce tableau a déjà une colonne de ce titre.",
            ),
        ]

    def __str__(self):
        return self.heading

    @property
    def is_text(self):
        return self.role in self.TEXT_ROLES

    def heading_for(self, year):
        """The heading as it prints for the exercise of this number."""
        return self.heading.replace("{annee}", str(year))


class Chapter(models.Model):
    """A part of the report: the title page, the preamble, or a section."""

    class Kind(models.TextChoices):
        COVER = "cover", "Page de titre"
        PREAMBLE = "preamble", "Préambule"
        SECTION = "section", "Partie"

    year = models.ForeignKey(Year, models.CASCADE, verbose_name="exercice", related_name="chapters")
    kind = models.CharField("nature", max_length=10, choices=Kind, default=Kind.SECTION)
    number = models.PositiveSmallIntegerField("numéro", null=True, blank=True)
    title = models.CharField("titre", max_length=300)
    position = models.PositiveSmallIntegerField("rang", default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "partie du rapport"
        verbose_name_plural = "parties du rapport"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "kind"],
                condition=~Q(kind="section"),
                name="chapter_one_cover_one_preamble",
                violation_error_message="Le rapport a déjà cette page.",
            )
        ]

    def __str__(self):
        return self.full_title

    @property
    def full_title(self):
        return self.title if self.number is None else f"{self.number} {self.title}"


class Block(models.Model):
    """What a chapter holds, in order: a text, the table of an axis, the axes, the context figures, all figures."""

    class Kind(models.TextChoices):
        TEXT = "text", "Texte"
        ACTIONS = "actions", "Tableau d'actions d'un axe"
        AXES = "axes", "Liste des axes"
        CONTEXT = "context", "Chiffres de contexte"
        FIGURES = "figures", "Chiffres de l'exercice"

    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="blocks")
    kind = models.CharField("nature", max_length=10, choices=Kind)
    axis = models.ForeignKey(
        Axis, models.PROTECT, verbose_name="axe", related_name="blocks", null=True, blank=True
    )
    layout = models.ForeignKey(
        Layout, models.PROTECT, verbose_name="modèle de tableau", related_name="+", null=True, blank=True
    )
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "bloc du rapport"
        verbose_name_plural = "blocs du rapport"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="actions", axis__isnull=False, layout__isnull=False)
                | (~Q(kind="actions") & Q(axis__isnull=True, layout__isnull=True)),
                name="block_table_has_axis_and_layout",
                violation_error_message="Un tableau d'actions demande un axe et un modèle de tableau, lui seul.",
            ),
            models.UniqueConstraint(
                fields=["chapter", "axis"],
                condition=Q(axis__isnull=False),
                name="block_axis_once_per_chapter",
                violation_error_message="Cet axe a déjà son tableau dans cette partie.",
            ),
        ]

    def __str__(self):
        return f"{self.chapter} : {self.get_kind_display()}"

    @property
    def content(self):
        """The rich text of this block, empty while nothing was written."""
        return self.text.content if hasattr(self, "text") else ""


class Action(models.Model):
    """A lasting action; each exercise has its line of it.

    `axis` is the one that it is of today: an action that goes on in the next convention, with its indicators and their
    series, moves to an axis of that one. Its lines say the axis whose table each of them stood in.
    """

    axis = models.ForeignKey(Axis, models.PROTECT, verbose_name="axe", related_name="actions")
    label = models.CharField("intitulé durable", max_length=300)

    class Meta:
        verbose_name = "action"
        ordering = ["axis", "pk"]

    def __str__(self):
        return self.label


class LineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Lines `user` may read: all, those of one's organisation, or those of a report that was shared or sent.

        One's own: that one leads, takes part in, or gives figures to in the campaign of the exercise.
        """
        own = Q()
        for territory, organisation in user.organisations_with(Permission.VIEW_OWN_LINES):
            mine = Line.partners.through.objects.filter(organisation=organisation).values("line")
            asked = Line._base_manager.filter(
                action__questions__submission__organisation=organisation,
                action__questions__submission__campaign__year=F("year"),
                action__questions__submission__campaign__opened_at__isnull=False,
            )
            own |= Q(year__territory=territory) & (
                Q(pk__in=mine) | Q(lead=organisation) | Q(pk__in=asked.values("pk"))
            )
        visible = Q(year__territory__in=user.territories_with(Permission.VIEW_LINES)) | Q(
            year__in=Year.objects.with_report_visible_to(user)
        )
        return self.filter(visible | own if own else visible)


class Line(models.Model):
    """One line of the report's tables: an action in an exercise."""

    action = models.ForeignKey(Action, models.PROTECT, verbose_name="action", related_name="lines")
    axis = models.ForeignKey(Axis, models.PROTECT, verbose_name="axe", related_name="lines")
    year = models.ForeignKey(Year, models.CASCADE, verbose_name="exercice", related_name="lines")
    title = models.CharField("intitulé de l'action", max_length=300)
    position = models.PositiveSmallIntegerField("rang", default=0)
    state = models.ForeignKey(
        State, models.PROTECT, verbose_name="état de réalisation", related_name="lines", null=True, blank=True
    )
    inflection = models.CharField("accord", max_length=2, choices=Inflection, default=Inflection.FEMININE)
    state_reason = models.CharField("motif", max_length=500, blank=True)
    lead = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name="pilote", related_name="led_lines", null=True, blank=True
    )
    partners = models.ManyToManyField(
        Organisation, verbose_name="partenaires", related_name="lines", blank=True
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()
    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne d'action"
        verbose_name_plural = "lignes d'action"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "year"],
                name="line_once_per_action_and_year",
                violation_error_message="Cette action a déjà sa ligne dans cet exercice.",
            ),
            models.CheckConstraint(
                condition=Q(inflection__in=Inflection.values), name="line_inflection_is_known"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def state_word(self):
        """« Réalisé », agreed; empty while no state was chosen."""
        return self.state.word(self.inflection) if self.state else ""

    @property
    def lacks_reason(self):
        return bool(self.state and self.state.asks_reason and not self.state_reason)


class Funding(models.Model):
    """What a funder planned and paid for a line, in euros; None when not known, zero when nothing."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="fundings")
    funder = models.ForeignKey(Organisation, models.PROTECT, verbose_name="financeur", related_name="+")
    planned = models.DecimalField("prévu (€)", max_digits=14, decimal_places=2, null=True, blank=True)
    paid = models.DecimalField("versé (€)", max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "financement"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "funder"],
                name="funding_once_per_funder",
                violation_error_message="Ce financeur est déjà noté pour cette action.",
            ),
            models.CheckConstraint(
                condition=(Q(planned__isnull=True) | Q(planned__gte=0))
                & (Q(paid__isnull=True) | Q(paid__gte=0)),
                name="funding_is_not_negative",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.funder} : {self.line}"
