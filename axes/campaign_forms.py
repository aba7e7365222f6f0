"""The forms of the lead: the campaign, a partner's questionnaire, another value proposed, a guest's address."""

from dataclasses import dataclass, field

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from axes.filters import folded
from axes.forms import DayField, ValueForm
from axes.models import Indicator, Line, Proposal, Question, Submission
from axes.models.quantity import Quantity
from axes.submissions.campaigns import is_additive
from logement.forms import RowsChoice
from logement.models import Organisation
from logement.text import clean_text

TEXTS = [*Question.TEXTS, Question.Kind.DOCUMENTS]
NO_ACTION = 0  # in the names of the fields


class CampaignForm(forms.Form):
    """The days of the campaign and its instructions."""

    use_required_attribute = False

    opens_on = DayField(
        label="Ouverture",
        help_text="Les invitations partent ce jour-là, une fois la campagne ouverte.",
    )
    closes_on = DayField(
        label="Date limite",
        help_text="Jour compris, à l'heure de Paris. Rappels quinze jours avant, cinq jours avant, trois jours après.",
    )
    instructions = forms.CharField(
        label="Consignes aux partenaires",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="En tête du formulaire de chaque partenaire.",
    )

    def clean(self):
        data = super().clean()
        for name, what in (("opens_on", "d'ouverture"), ("closes_on", "limite")):
            if name not in self.errors and data.get(name) is None:
                self.add_error(name, f"Donnez la date {what}.")
        if data.get("opens_on") and data.get("closes_on") and data["opens_on"] > data["closes_on"]:
            self.add_error("closes_on", "La date limite précède l'ouverture : corrigez l'une des deux.")
        return data


class PartnerForm(forms.Form):
    """Whom to ask next: an organisation of the territory, or a new one."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Partenaire",
        required=False,
        empty_label="Choisir…",
        help_text="Ceux du territoire qui n'ont pas encore de questionnaire.",
    )
    name = forms.CharField(
        label="Nouveau partenaire",
        required=False,
        max_length=Organisation._meta.get_field("name").max_length,
        help_text="Son nom entier, seulement s'il manque à la liste.",
    )

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        asked = campaign.submissions.values("organisation")
        self.fields["organisation"].queryset = (
            Organisation.objects.filter(territories=campaign.year.territory)
            .exclude(pk__in=asked)
            .order_by("kind", "name")
        )

    def clean(self):
        data = super().clean()
        chosen, name = data.get("organisation"), clean_text(data.get("name") or "").strip()
        if "organisation" not in self.errors and bool(chosen) == bool(name):
            raise ValidationError("Choisissez un partenaire de la liste, ou nommez-en un nouveau.")
        return data


class CopyForm(forms.Form):
    """The partners that are asked the same."""

    organisations = RowsChoice(
        Organisation.objects.none(),
        label="Demander la même chose à",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un partenaire."},
    )

    def __init__(self, *args, submission, **kwargs):
        super().__init__(*args, **kwargs)
        sent = submission.campaign.submissions.exclude(state__in=Submission.NEVER_SENT)
        self.fields["organisations"].queryset = (
            Organisation.objects.filter(territories=submission.campaign.year.territory)
            .exclude(pk=submission.organisation_id)
            .exclude(pk__in=sent.values("organisation"))
            .order_by("kind", "name")
        )


@dataclass(slots=True)
class Row:
    """A thing that may be asked, and the names of its fields. `obstacle` says why it may not."""

    name: str
    kind: str
    label: str
    action: object = None
    indicator: Indicator | None = None
    obstacle: str = ""
    form: forms.Form = None

    @property
    def asked(self):
        return self.form[self.name]

    @property
    def example(self):
        return self.form[f"{self.name}-exemple"]

    @property
    def rank(self):
        return self.form[f"{self.name}-rang"]

    @property
    def is_figure(self):
        return self.indicator is not None


@dataclass(slots=True)
class Section:
    """An action of the exercise, or what is of none, with all that may be asked of it."""

    title: str
    key: int
    rows: list[Row] = field(default_factory=list)

    @property
    def asked(self):
        return sum(bool(row.asked.value()) for row in self.rows)


class QuestionnaireForm(forms.Form):
    """What a partner is asked, action by action. `asked`: the questions that it shows first, as Question rows.

    `questions()` gives what `save_questionnaire` takes: in the order of the actions, in each by rank, then as listed.
    """

    needs_signature = forms.BooleanField(
        label="Envoi en deux temps",
        required=False,
        help_text="La personne qui rédige marque le bilan prêt ; une personne habilitée à transmettre l'envoie.",
    )

    def __init__(self, *args, campaign, organisation, asked=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.sections = sections_of(campaign, organisation)
        self.rows = [row for section in self.sections for row in section.rows]
        held = {
            name_of(question.kind, question.action_id, question.indicator_id): question for question in asked
        }
        ranks = ranks_of(self.sections, asked)
        for row in self.rows:
            row.form = self
            self.add_fields(row, held.get(row.name), ranks.get(row.name))

    def add_fields(self, row, question, rank):
        self.fields[row.name] = forms.BooleanField(
            label=row.label, required=False, initial=question is not None, disabled=bool(row.obstacle)
        )
        if row.obstacle:
            self.fields[row.name].initial = False
        if row.is_figure:
            self.fields[f"{row.name}-exemple"] = forms.CharField(
                label=f"Exemple : {row.label}",
                required=False,
                max_length=Question._meta.get_field("example").max_length,
                initial=question.example if question else "",
                disabled=bool(row.obstacle),
            )
        self.fields[f"{row.name}-rang"] = forms.IntegerField(
            label=f"Rang : {row.label}",
            required=False,
            min_value=1,
            max_value=999,
            initial=rank,
            disabled=bool(row.obstacle),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 3}),
            error_messages={
                "invalid": f"« {row.label} » : le rang est un nombre entier, par exemple 2.",
                "min_value": f"« {row.label} » : le rang commence à 1.",
                "max_value": f"« {row.label} » : le rang ne dépasse pas 999.",
            },
        )

    def questions(self):
        data = self.cleaned_data
        return [
            (row.kind, row.action, row.indicator, data.get(f"{row.name}-exemple", ""))
            for section in self.sections
            for row in sorted(section.rows, key=lambda row: data.get(f"{row.name}-rang") or 1000)
            if data[row.name]
        ]


def name_of(kind, action_id, indicator_id):
    """The field of a question: « i12 » for an indicator, « t7-outlook » for a text of an action."""
    return f"i{indicator_id}" if indicator_id else f"t{action_id or NO_ACTION}-{kind}"


def ranks_of(sections, asked):
    """{field: rank inside its action} where the questions are not in the order of the list; else nothing to show."""
    order = [name_of(question.kind, question.action_id, question.indicator_id) for question in asked]
    ranks = {}
    for section in sections:
        listed = [row.name for row in section.rows if row.name in order]
        wanted = sorted(listed, key=order.index)
        if wanted != listed:
            ranks |= {name: rank for rank, name in enumerate(wanted, start=1)}
    return ranks


def sections_of(campaign, organisation):
    """Every action of the exercise with its indicators, then what is of no action: three queries."""
    year = campaign.year
    lines = Line.objects.filter(year=year).select_related("action__axis")
    actions = [
        line.action for line in lines.order_by("action__axis__position", "action__axis_id", "position")
    ]
    others = {}
    asked = Question.objects.filter(submission__campaign=campaign, indicator__isnull=False)
    for question in asked.exclude(submission__organisation=organisation).select_related(
        "submission__organisation"
    ):
        others[question.indicator_id] = question.submission.organisation
    indicators = {}
    for indicator in Indicator.objects.filter(territory=year.territory):
        indicators.setdefault(indicator.action_id, []).append(indicator)
    places = [(action, f"{action.axis.full_label} : {action}") for action in actions]
    return [
        section_of(action, title, indicators.get(action and action.pk, []), others)
        for action, title in [*places, (None, "Territoire et contexte (hors des actions)")]
    ]


def section_of(action, title, indicators, others):
    figures = [
        Row(
            name=name_of(Question.Kind.FIGURE, None, indicator.pk),
            kind=Question.Kind.FIGURE,
            label=indicator.label,
            action=action,
            indicator=indicator,
            obstacle=obstacle_of(indicator, others.get(indicator.pk)),
        )
        for indicator in indicators
    ]
    texts = [
        Row(name=name_of(kind, action and action.pk, None), kind=kind, label=kind.label, action=action)
        for kind in TEXTS
    ]
    return Section(title, action.pk if action else NO_ACTION, figures + texts)


def obstacle_of(indicator, other):
    if indicator.source == Indicator.Source.REGISTER:
        return "Calculé d'après un registre : il n'est pas à demander."
    if other is not None and not is_additive(indicator):
        return f"Déjà demandé à {other} : ce chiffre ne s'additionne pas entre partenaires."
    return ""


class ReviewForm(forms.Form):
    """What the lead decides of a sending: some lines checked, a remark on some, a comment, and the act."""

    ACCEPT, VALIDATE, RETURN, REOPEN = "accept", "validate", "return", "reopen"
    ACTS = {
        Submission.State.SENT: (ACCEPT, VALIDATE, RETURN),
        Submission.State.VALIDATED: (REOPEN,),
    }

    act = forms.ChoiceField(
        choices=[(act, act) for act in (ACCEPT, VALIDATE, RETURN, REOPEN)],
        widget=forms.HiddenInput,  # the buttons say it: no field to send the reader to
        error_messages={"required": "Choisissez un des boutons en bas de la page."},
    )
    read = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label="Commentaire au partenaire",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, lines, texts, **kwargs):
        """`lines`: the figures as `reading_of` gives them; `texts`: the other answers, that may be contested too."""
        super().__init__(*args, **kwargs)
        self.figures = {line.key: line.label for line in lines}
        self.others = {answer["question"]: answer["label"] for answer in texts}
        for key, label in (self.figures | self.others).items():
            self.fields[f"c{key}"] = forms.BooleanField(label=f"Choisir « {label} »", required=False)
            self.fields[f"r{key}"] = forms.CharField(
                label=f"Remarque sur « {label} »",
                required=False,
                max_length=Question._meta.get_field("remark").max_length,
            )

    def pair(self, key):
        """The checkbox and the remark of a line."""
        return self[f"c{key}"], self[f"r{key}"]

    @property
    def checked(self):
        return [key for key in self.figures | self.others if self.cleaned_data.get(f"c{key}")]

    @property
    def remarks(self):
        """{key: words or ""} of the lines that are contested: checked, or with a remark."""
        words = {key: self.cleaned_data.get(f"r{key}", "") for key in self.figures | self.others}
        return {key: remark for key, remark in words.items() if remark or key in self.checked}

    def clean(self):
        data = super().clean()
        accepts = data.get("act") in {self.ACCEPT, self.VALIDATE}
        if accepts and any(self.remarks.values()):
            raise ValidationError(
                "Vous avez écrit des remarques : elles ne partent qu'avec une demande de correction. Effacez-les pour "
                "valider, ou demandez la correction."
            )
        if data.get("act") == self.ACCEPT and not set(self.checked) & set(self.figures):
            raise ValidationError("Cochez au moins un chiffre à valider.")
        return data

    @property
    def typed(self):
        """What was written, to show it where its place is gone."""
        names = ["comment", *(f"r{key}" for key in self.figures | self.others)]
        return [(self.fields[name].label, self.data[name]) for name in names if self.data.get(name)]


class ProposalForm(ValueForm):
    """Another value than the one sent, with why and where it comes from."""

    motive = forms.CharField(
        label="Motif",
        max_length=Proposal._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Le partenaire le lit ; sa valeur et la vôtre restent visibles toutes les deux.",
        error_messages={"required": "Dites au partenaire pourquoi vous proposez une autre valeur."},
    )
    source = forms.CharField(
        label="Source",
        max_length=Proposal._meta.get_field("source").max_length,
        help_text="Le document ou l'organisme d'où vient cette valeur, avec sa date.",
        error_messages={"required": "Dites d'où vient cette valeur."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("counted_on", None)

    @property
    def text_fields(self):
        return [self[name] for name in ("note", "motive", "source")]

    def proposed(self):
        """The fields of a Quantity."""
        fields = self.entry_fields()
        return {name: fields[name] for name in Quantity.FIELDS}


class GuestForm(forms.Form):
    """To whom the link is sent."""

    email = forms.EmailField(
        label="Adresse e-mail",
        max_length=254,
        help_text="La personne ouvrira ce questionnaire et lui seul, sans mot de passe, pendant soixante jours.",
        error_messages={
            "required": "Écrivez l'adresse e-mail de la personne.",
            "invalid": "Cette adresse e-mail est incomplète : écrivez-la ainsi, nom@organisme.fr.",
        },
    )


class SubmissionFilter(django_filters.FilterSet):
    """What the board may be narrowed to."""

    texte = django_filters.CharFilter(
        label="Rechercher",
        method="containing",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Nom du partenaire"}),
    )
    etat = django_filters.ChoiceFilter(
        label="État",
        field_name="state",
        choices=list(Submission.LEAD_WORDS.items()),
        empty_label="Tous les états",
    )
    retard = django_filters.ChoiceFilter(
        label="Délai",
        method="by_lateness",
        choices=[("oui", "en retard"), ("non", "dans les temps")],
        empty_label="Tous",
    )

    def __init__(self, *args, is_past_due, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_past_due = is_past_due

    def containing(self, queryset, name, words):
        words = folded(words).split()
        names = queryset.values_list("pk", "organisation__name", "organisation__short_name")
        found = [pk for pk, *known in names if all(word in folded(" ".join(known)) for word in words)]
        return queryset.filter(pk__in=found)

    def by_lateness(self, queryset, name, choice):
        late = queryset.expected() if self.is_past_due else queryset.none()
        return late if choice == "oui" else queryset.exclude(pk__in=late.values("pk"))
