"""The forms of a partner's answers, one per question; their fields are named by it: « q12-number »."""

from datetime import date

from django import forms

from axes.forms import GIVEN, DayField, FrenchNumberField
from axes.models import Answer, Indicator, Proposal
from axes.models.quantity import Blank, Qualifier
from axes.submissions.answers import EMPTY
from axes.values import AMOUNTS, HELD, Shape, refusals, shape_of
from logement.text import clean_text

FIGURES = (*AMOUNTS, "day")
EXAMPLES = {Shape.RATE: "40 sur 56", Shape.SHARE: "19", Shape.DAY: "24/05/2023"}
MEASURES = (Indicator.Kind.AMOUNT, Indicator.Kind.DURATION, Indicator.Kind.CONTEXT)


class CleanTextField(forms.CharField):
    """Free text through its one entry, before anything else judges it."""

    def __init__(self, **kwargs):
        super().__init__(required=False, strip=False, **kwargs)

    def to_python(self, value):
        return clean_text(super().to_python(value))


class AnswerForm(forms.Form):
    """An answer read at `version` (0: none yet). Empty is valid: a draft is filled little by little."""

    use_required_attribute = False

    version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "Cette page est incomplète : copiez votre saisie, puis rechargez la page.",
        ),
    )

    def __init__(self, *args, question, **kwargs):
        super().__init__(*args, prefix=f"q{question.pk}", **kwargs)
        self.question = question

    @property
    def anchor(self):
        return self.prefix

    def given(self):
        """The fields of the answer, all of them, as `save_answer` stores them."""
        return EMPTY | {name: value for name, value in self.cleaned_data.items() if name in EMPTY}

    def sentences(self):
        """{name of the field on the page, or "": [sentences]}."""
        return {
            "" if name == "__all__" else self.add_prefix(name): [str(error) for error in errors]
            for name, errors in self.errors.items()
        }

    def typed(self):
        """{name on the page: what its field holds}, for a script to write there."""
        return {field.html_name: words_of(field.value()) for field in self}


def words_of(value):
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


class TextForm(AnswerForm):
    text = CleanTextField(widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = self.question.label


class FigureForm(AnswerForm):
    """Only the fields that the indicator's shape needs are there."""

    answer = forms.ChoiceField(
        label="Réponse",
        choices=[(GIVEN, "Chiffre"), *((blank.value, str(blank.label).capitalize()) for blank in Blank)],
        widget=forms.RadioSelect,
        required=False,
    )
    number = FrenchNumberField(label="Valeur")
    numerator = FrenchNumberField(label="Numérateur")
    denominator = FrenchNumberField(label="Dénominateur")
    day = DayField(label="Date")
    qualifier = forms.ChoiceField(label="Précision", choices=Qualifier, required=False)
    note = CleanTextField(
        label="Remarque",
        max_length=Answer._meta.get_field("note").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "max_length": "La remarque compte %(show_value)d caractères, pour %(limit_value)d au plus : abrégez-la."
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicator = self.question.indicator
        self.shape = shape_of(self.indicator)
        for name in {*FIGURES, "qualifier"} - HELD[self.shape]:
            del self.fields[name]
        if self.shape is Shape.DAY:
            self.fields["answer"].choices = [
                (GIVEN, "Date"),
                *self.fields["answer"].choices[1:],
            ]
        if "number" in self.fields:
            is_share = self.shape is Shape.SHARE
            self.fields["number"].label = "Pourcentage" if is_share else f"Valeur ({self.indicator.unit})"

    @property
    def amounts(self):
        return [self[name] for name in FIGURES if name in self.fields]

    @property
    def example(self):
        if self.question.example:
            return self.question.example
        return EXAMPLES.get(self.shape, "1 234,5" if self.indicator.kind in MEASURES else "12")

    def clean_answer(self):
        return self.cleaned_data["answer"] or GIVEN

    def clean_qualifier(self):
        return self.cleaned_data["qualifier"] or Qualifier.EXACT

    def clean_note(self):
        return self.cleaned_data["note"].strip()

    def clean(self):
        data = super().clean()
        blank = data.get("answer", GIVEN)
        typed = [name for name in FIGURES if data.get(name) is not None]
        if blank != GIVEN:
            if typed:
                self.add_error(
                    "answer",
                    f"Vous avez choisi « {Blank(blank).label} » et saisi une valeur : gardez l'un des deux.",
                )
            return data
        for name, sentence in refusals(self.indicator, **{name: data.get(name) for name in AMOUNTS}).items():
            self.add_error(name, sentence)
        if data.get("number") is not None and len(typed) > 1:
            self.add_error("number", "Gardez soit le pourcentage, soit le numérateur et le dénominateur.")
        return data

    def given(self):
        fields = super().given()
        blank = self.cleaned_data["answer"]
        has_number = any(fields[name] is not None for name in AMOUNTS)
        return fields | {
            "blank": "" if blank == GIVEN else blank,
            "qualifier": fields["qualifier"] if has_number else Qualifier.EXACT,
        }


class ReplyForm(forms.Form):
    """The partner's answer to another value."""

    use_required_attribute = False

    comment = CleanTextField(
        label="Votre commentaire",
        help_text="Demandé si vous refusez : dites ce qui justifie votre chiffre.",
        max_length=Proposal._meta.get_field("reply").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def form_of(question, answer=None, data=None):
    """The form of a figure or of a text, showing `answer` (by default the draft) or what was sent (`data`)."""
    kind = FigureForm if question.is_figure else TextForm
    return kind(data, question=question, initial=initial_of(answer or question.draft))


def initial_of(answer):
    if answer is None:
        return {"version": 0, "answer": GIVEN, "qualifier": Qualifier.EXACT}
    return {
        **{name: getattr(answer, name) for name in EMPTY},
        "answer": answer.blank or GIVEN,
        "version": answer.version,
    }
