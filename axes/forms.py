"""The form of a value."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from axes.models import Entry, Indicator
from axes.models.quantity import Blank, Qualifier
from axes.periods import Period
from axes.values import AMOUNTS, HELD, Shape, period_of, refusals, shape_of
from logement.numbers import format_number, parse_number
from logement.text import clean_text

GIVEN = "given"
DECIMALS = Entry._meta.get_field("number").decimal_places
MAX_WHOLE_DIGITS = Entry._meta.get_field("number").max_digits - DECIMALS
BLANKS = [
    (Blank.UNAVAILABLE, "Non disponible : le chiffre existe ou devrait exister, mais il manque"),
    (Blank.NOT_APPLICABLE, "Sans objet : la question ne se pose pas cette année"),
]


class FrenchNumberField(forms.Field):
    """A Decimal typed in French: « 1 234,5 », whatever the spaces. Whether it may be empty is the form's business."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num-input"})

    def to_python(self, value):
        if value is None or not value.strip():
            return None
        try:
            number = parse_number(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if abs(number) >= 10**MAX_WHOLE_DIGITS:
            raise ValidationError(
                f"Ce nombre est trop grand : {MAX_WHOLE_DIGITS} chiffres au plus avant la virgule."
            )
        if number != round(number, DECIMALS):
            raise ValidationError(f"Gardez au plus {DECIMALS} chiffres après la virgule.")
        return number

    def validate(self, value):
        """Nothing more: an empty field is right beside « non disponible »."""

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else format_number(value)


class DayField(forms.DateField):
    """A day, by the browser's own picker or typed « 24/05/2023 »."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            error_messages={"invalid": "Cette date n'existe pas : écrivez-la ainsi, 24/05/2023."},
            validators=[
                MinValueValidator(date(1900, 1, 1), "Vérifiez l'année : elle est antérieure à 1900."),
                MaxValueValidator(date(2100, 12, 31), "Vérifiez l'année : elle dépasse 2100."),
            ],
            **kwargs,
        )


class ValueDayField(DayField):
    """The day that a value is. Whether it may be empty is the form's business, as for the numbers."""

    def validate(self, value):
        """Nothing more: an empty field is right beside « non disponible »."""


class ValueForm(forms.Form):
    """A value of `indicator` in `year`, or the reason of its absence; `corrected` is the entry that it replaces.

    Only the fields that the indicator's shape needs are there; `entry_fields()` gives what `record_entry` takes.
    """

    use_required_attribute = False

    answer = forms.ChoiceField(
        label="Réponse",
        choices=[(GIVEN, "Un chiffre, saisi ci-dessous"), *BLANKS],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites s'il y a une valeur, ou choisissez « non disponible » ou « sans objet »."
        },
    )
    number = FrenchNumberField(label="Valeur")
    numerator = FrenchNumberField(label="Numérateur", help_text="Ce que l'on compte.")
    denominator = FrenchNumberField(label="Dénominateur", help_text="Sur quoi il porte.")
    day = ValueDayField(label="Date")
    qualifier = forms.ChoiceField(
        label="Précision",
        choices=Qualifier,
        help_text="S'écrit devant le nombre.",
    )
    counted_on = DayField(label="Compté le", required=False)
    note = forms.CharField(
        label="Remarque",
        required=False,
        max_length=Entry._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qu'il faut savoir pour lire le chiffre : périmètre inhabituel, document consulté…",
    )
    reason = forms.CharField(
        label="Motif de la correction",
        max_length=Entry._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="L'ancienne valeur reste dans l'historique, avec ce motif.",
        error_messages={"required": "Dites en une phrase pourquoi la valeur change."},
    )
    corrects = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, indicator, year, corrected=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicator, self.year, self.corrected = indicator, year, corrected
        self.shape = shape_of(indicator)
        kept = {*HELD[self.shape]}
        if corrected:
            kept.add("reason")
        if self.shape is not Shape.DAY and indicator.temporality in COUNTED_ON_A_DAY:
            kept.add("counted_on")
        for name in {*AMOUNTS, "day", "qualifier", "counted_on", "reason"} - kept:
            del self.fields[name]
        self._describe()

    def _describe(self):
        fields, unit, base = self.fields, self.indicator.unit, self.indicator.base
        if self.shape is Shape.DAY:
            fields["answer"].choices = [(GIVEN, "Une date, saisie ci-dessous"), *BLANKS]
        if "number" in fields:
            fields["number"].label = f"Valeur ({unit})"
            fields["number"].help_text = "Par exemple 1 234,5. Zéro est une valeur."
        if self.shape is Shape.SHARE:
            fields["number"].label = "Pourcentage publié"
            fields["number"].help_text = "À défaut des deux effectifs."
            for name in AMOUNTS:
                fields[name].required = False
        if "denominator" in fields and base:
            fields["denominator"].help_text = f"Sur quoi il porte : {base}."
        if "counted_on" in fields:
            period = period_of(self.indicator, self.year.number)
            fields["counted_on"].help_text = f"Vide : {period.label}."

    @property
    def amount_fields(self):
        """The fields of the figure itself, side by side on the page; the texts come below."""
        names = (*AMOUNTS, "day", "qualifier", "counted_on")
        return [self[name] for name in names if name in self.fields]

    @property
    def text_fields(self):
        return [self[name] for name in ("note", "reason") if name in self.fields]

    def clean_reason(self):
        reason = clean_text(self.cleaned_data["reason"]).strip()
        if not reason:
            raise ValidationError(self.fields["reason"].error_messages["required"])
        return reason

    def clean(self):
        data = super().clean()
        answer = data.get("answer")
        typed = [name for name in (*AMOUNTS, "day") if data.get(name) is not None]
        if answer in Blank.values and typed:
            self.add_error(
                "answer",
                f"Vous avez choisi « {Blank(answer).label} » et saisi une valeur : gardez l'un des deux.",
            )
        elif answer == GIVEN:
            unread = any(name in self.errors for name in (*AMOUNTS, "day"))
            amounts = {name: data.get(name) for name in AMOUNTS}
            wrong = ({} if unread else self._missing(data)) | refusals(self.indicator, **amounts)
            for name, sentence in wrong.items():
                self.add_error(name, sentence)
        return data

    def _missing(self, data):
        """{field: sentence} for what the shape asks and does not find."""
        absent = "s'il n'y en a pas, choisissez « non disponible » ou « sans objet »."
        sentences = {
            "number": f"Écrivez la valeur (zéro compte) ; {absent}",
            "numerator": f"Écrivez le numérateur ; {absent}",
            "denominator": f"Écrivez le dénominateur ; {absent}",
            "day": f"Écrivez la date ; {absent}",
        }
        empty = [name for name in sentences if name in self.fields and data[name] is None]
        if self.shape is not Shape.SHARE:
            return {name: sentences[name] for name in empty}
        counts = {name: sentences[name] for name in empty if name != "number"}
        if data["number"] is None and len(counts) == 2:
            return {"number": f"Écrivez le pourcentage, ou ses deux effectifs ; {absent}"}
        if data["number"] is not None:
            both = "Gardez soit le pourcentage publié, soit le numérateur et le dénominateur."
            return {"number": both} if len(counts) < 2 else {}
        return counts

    def entry_fields(self):
        """The fields of the entry: what was typed, and the period that it covers."""
        data, period = self.cleaned_data, self._period()
        is_given = data["answer"] == GIVEN
        return {
            **{name: data.get(name) for name in (*AMOUNTS, "day")},
            "blank": "" if is_given else data["answer"],
            "qualifier": data.get("qualifier", Qualifier.EXACT) if is_given else Qualifier.EXACT,
            "note": data["note"],
            "reason": data.get("reason", ""),
            "starts_on": period.start,
            "ends_on": period.end,
        }

    def _period(self):
        """The day that was chosen; else the period of the corrected entry; else the usual one."""
        if day := self.cleaned_data.get("counted_on"):
            return Period.on(day)
        if self.corrected and (self.corrected.starts_on or "counted_on" not in self.fields):
            return Period(self.corrected.starts_on, self.corrected.ends_on)
        return period_of(self.indicator, self.year.number)


COUNTED_ON_A_DAY = (Indicator.Temporality.STOCK, Indicator.Temporality.DATED)


def initial_of(entry, *, indicator, year):
    """What the form shows first: the entry to correct, or nothing but the usual day of a stock."""
    if entry is None:
        period = period_of(indicator, year.number)
        return {
            "answer": GIVEN,
            "qualifier": Qualifier.EXACT,
            "counted_on": None if period.start else period.end,
        }
    return {
        **{name: getattr(entry, name) for name in (*AMOUNTS, "day", "qualifier", "note")},
        "answer": entry.blank or GIVEN,
        "counted_on": None if entry.starts_on else entry.ends_on,
        "corrects": entry.pk,
    }
