"""The forms of a convention: itself, its lists, one row per line of them, its first exercise."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME

from axes.agreements import usual
from axes.forms import DayField
from axes.models import Agreement, Axis, Chapter, Column, Outcome, State
from logement.models import Organisation

KEY = F("pk")  # as a list gives it to its forms
MAX_FILE = 1024**2  # bytes
MAX_ROWS = 60  # of one list, more than any convention has
BLANK_ROWS = 3  # at the end of a list that holds rows already
WIDE = forms.TextInput(attrs={"class": "is-wide"})


def length_of(model, field):
    return model._meta.get_field(field).max_length


class AgreementForm(forms.Form):
    title = forms.CharField(
        label="Intitulé de la convention",
        max_length=length_of(Agreement, "title"),
        help_text="Il s'imprime sur la page de titre du rapport.",
        error_messages={"required": "Donnez l'intitulé de la convention."},
    )
    call = forms.CharField(
        label="Appel à manifestation d'intérêt",
        required=False,
        max_length=length_of(Agreement, "call"),
    )
    starts_on = DayField(label="Début")
    ends_on = DayField(label="Fin")

    def clean(self):
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["starts_on"] >= data["ends_on"]:
            self.add_error(
                "ends_on", "La convention finit avant de commencer : corrigez l'une des deux dates."
            )
        return data


class NewAgreementForm(AgreementForm):
    """A convention, and what it starts with."""

    like = forms.ModelChoiceField(
        Agreement.objects.none(),
        label="Partir de",
        required=False,
        empty_label="Cadre usuel : quatre colonnes, six états",
        help_text="Une convention d'avant donne ses signataires, ses axes, ses colonnes et ses états, "
        "que vous corrigez ensuite.",
    )

    def __init__(self, *args, territory, **kwargs):
        super().__init__(*args, **kwargs)
        earlier = Agreement.objects.filter(territory=territory)
        self.fields["like"].queryset = earlier
        if not earlier:
            del self.fields["like"]


class FileForm(forms.Form):
    file = forms.FileField(
        label="Fichier",
        help_text="Fichier .json, en UTF-8 ; le modèle ci-dessus se télécharge et se remplit.",
        error_messages={
            "required": "Choisissez le fichier de la convention.",
            "empty": "Ce fichier est vide.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".json"}),
    )

    def clean_file(self):
        if self.cleaned_data["file"].size > MAX_FILE:
            raise ValidationError("Ce fichier dépasse 1 Mo : ce n'est pas le cadre d'une convention.")
        return self.cleaned_data["file"]


class FirstYearForm(forms.Form):
    """The year of a first exercise, and the titles of the parts of its report."""

    number = forms.IntegerField(label="Année", min_value=2000, max_value=2100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for rank, title in enumerate(usual.SECTIONS, start=1):
            self.fields[f"section_{rank}"] = forms.CharField(
                label=f"Partie {rank}",
                initial=title,
                required=rank == 1,
                max_length=length_of(Chapter, "title"),
                help_text="Elle contient les tableaux des axes." if rank == 1 else "",
                error_messages={"required": "La première partie contient les tableaux : donnez son titre."},
            )

    @property
    def sections(self):
        """The titles that were given."""
        return [self.cleaned_data[f"section_{rank}"] for rank in range(1, len(usual.SECTIONS) + 1)]


class Row(forms.Form):
    """A line of a list. `key` is the row that it changes; nothing typed in a new one makes it nothing."""

    use_required_attribute = False
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def read(self):
        """(key or None, {field: value})"""
        left = {"key", DELETION_FIELD_NAME, ORDERING_FIELD_NAME}
        fields = {name: value for name, value in self.cleaned_data.items() if name not in left}
        return self.cleaned_data["key"], fields


class AxisRow(Row):
    number = forms.IntegerField(
        label="Numéro", required=False, min_value=0, max_value=99, widget=forms.NumberInput
    )
    label = forms.CharField(
        label="Intitulé",
        max_length=length_of(Axis, "label"),
        widget=WIDE,
        error_messages={"required": "Donnez l'intitulé de l'axe, ou cochez « Retirer »."},
    )
    is_funded = forms.BooleanField(label="Financé par la convention", required=False, initial=True)


class ColumnRow(Row):
    heading = forms.CharField(
        label="Titre de la colonne",
        max_length=length_of(Column, "heading"),
        widget=WIDE,
        error_messages={"required": "Donnez le titre de la colonne, ou cochez « Retirer »."},
    )
    role = forms.ChoiceField(label="Contenu", choices=Column.Role, initial=Column.Role.OTHER)


class StateRow(Row):
    """A state; of its four forms, those left empty are guessed from the first."""

    fs = forms.CharField(
        label="Féminin",
        max_length=length_of(State, "fs"),
        error_messages={"required": "Donnez le mot, ou cochez « Retirer »."},
    )
    ms = forms.CharField(label="Masculin", max_length=length_of(State, "ms"), required=False)
    fp = forms.CharField(label="Féminin pluriel", max_length=length_of(State, "fp"), required=False)
    mp = forms.CharField(label="Masculin pluriel", max_length=length_of(State, "mp"), required=False)
    outcome = forms.ChoiceField(label="Sens", choices=Outcome, initial=Outcome.OTHER)

    def clean(self):
        data = super().clean()
        if data.get("fs"):
            guessed = usual.agreed_forms(data["fs"])
            for name, word in zip(("fs", "ms", "fp", "mp"), guessed, strict=True):
                data[name] = data.get(name) or word
        return data


class SignatoryRow(Row):
    name = forms.CharField(
        label="Organisme",
        max_length=length_of(Organisation, "name"),
        widget=forms.TextInput(attrs={"list": "organismes", "autocomplete": "off", "class": "is-wide"}),
        error_messages={"required": "Donnez le nom de l'organisme, ou cochez « Retirer »."},
    )
    kind = forms.ChoiceField(label="Nature", choices=Organisation.Kind, initial=Organisation.Kind.AUTHORITY)


class PartRow(Row):
    number = forms.IntegerField(label="Numéro", required=False, min_value=0, max_value=99)
    title = forms.CharField(
        label="Titre",
        max_length=length_of(Chapter, "title"),
        widget=WIDE,
        error_messages={"required": "Donnez le titre de la partie, ou cochez « Retirer »."},
    )


class BaseRows(forms.BaseFormSet):
    """The rows of a list, each with its rank and « Retirer »; the ranks say the order, the new ones follow."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields[ORDERING_FIELD_NAME].label = "Rang"
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].label = "Retirer"
        for field in form.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}, ligne {(index or 0) + 1}"

    def read(self):
        """[(key or None, {field: value})] in the order of the ranks."""
        return [form.read() for form in self.ordered_forms]


def rows_form(row, *, data=None, initial=()):
    """The formset of a list whose rows are `row` forms, filled with `initial`; blank ones follow."""
    made = forms.formset_factory(
        row,
        formset=BaseRows,
        extra=BLANK_ROWS if initial else 2 * BLANK_ROWS,
        can_order=True,
        can_delete=True,
        can_delete_extra=False,
        max_num=MAX_ROWS,
        validate_max=True,
        absolute_max=MAX_ROWS + 1,
    )
    return made(data, initial=list(initial), prefix="lignes")


def refuse_rows(rows, error):
    """Shows a ValidationError of the workflow above the list."""
    rows._non_form_errors = rows.error_class(error.messages, error_class="nonform", renderer=rows.renderer)
