"""The forms of the import of a report: the file, what is written in place of what was understood, the exercise."""

import re

from django import forms
from django.core.exceptions import ValidationError

from axes.forms import DayField, FrenchNumberField
from axes.imports.items import kind_of
from axes.imports.states import USUAL
from axes.models import Column, Indicator, Line, State, Year
from axes.models.quantity import Qualifier
from axes.values import AMOUNTS
from logement.documents import MAX_BYTES
from logement.numbers import format_number
from logement.richtext import from_markup, parse, to_html, to_markup
from logement.text import clean_rich, clean_text

MEGABYTES = MAX_BYTES // 1024**2
RATE = re.compile(r"\s*(?:/|\bsur\b)\s*")
DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")
NUMBER, DAY_FIELD = FrenchNumberField(), DayField()
STATE_WORDS = sorted({word for forms in USUAL.values() for word in forms})


class ExportChoice(forms.ModelChoiceField):
    def label_from_instance(self, year):
        return f"L'export de l'exercice {year.number}, amendé dans Word"


class GivenFileForm(forms.Form):
    file = forms.FileField(
        label="Rapport",
        help_text=f"Document Word (.docx) ou LibreOffice (.odt), {MEGABYTES} Mo au plus.",
        error_messages={
            "required": "Choisissez le rapport à reprendre.",
            "empty": "Ce fichier est vide : ouvrez-le, enregistrez-le de nouveau, puis redonnez-le.",
            "invalid": "Choisissez le rapport à reprendre.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.odt"}),
    )
    compared_to = ExportChoice(
        Year.objects.none(),
        label="Ce document est",
        required=False,
        empty_label="Un rapport à reprendre, dans un exercice vide",
        error_messages={"invalid_choice": "Cet exercice ne se modifie plus : choisissez-en un autre."},
    )

    def __init__(self, *args, territory, **kwargs):
        super().__init__(*args, **kwargs)
        held = Year.objects.filter(territory=territory, lines__isnull=False).exclude(state__in=Year.SENT)
        self.fields["compared_to"].queryset = held.distinct()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(
                f"Ce fichier dépasse {MEGABYTES} Mo : allégez ses images, ou retirez-les, puis redonnez-le."
            )
        return file


class ItemForm(forms.Form):
    """What is written in place of what was understood of an item; `fields_to_store` is what its decision keeps."""

    use_required_attribute = False

    def __init__(self, data=None, *, item, **kwargs):
        self.item = item
        super().__init__(data, initial=self.initial_of(item), auto_id=f"{item.anchor}-%s", **kwargs)

    def initial_of(self, item):
        return {"value": item.value}

    @property
    def fields_to_store(self):
        return {self.item.field: self.cleaned_data["value"]}


class PassageForm(ItemForm):
    value = forms.CharField(
        label="Texte repris",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Ce texte est vide : pour ne pas le reprendre, choisissez « Laisser »."},
    )

    def initial_of(self, item):
        return {"value": to_markup(parse(item.value))}

    def clean_value(self):
        try:
            return clean_rich(to_html(from_markup(clean_text(self.cleaned_data["value"]))))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class TitleForm(ItemForm):
    value = forms.CharField(
        label="Intitulé repris",
        max_length=Line._meta.get_field("title").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Donnez un intitulé, ou choisissez « Laisser »."},
    )

    def clean_value(self):
        return " ".join(clean_text(self.cleaned_data["value"]).split())


class StateForm(ItemForm):
    value = forms.CharField(
        label="État, accordé avec l'intitulé",
        max_length=State._meta.get_field("fs").max_length,
        widget=forms.TextInput(attrs={"list": "etats-usuels", "autocomplete": "off"}),
        error_messages={"required": "Écrivez l'état, ou choisissez « Laisser » : il restera à renseigner."},
    )

    def clean_value(self):
        return " ".join(clean_text(self.cleaned_data["value"]).split())


class ColumnForm(ItemForm):
    value = forms.ChoiceField(label="Cette colonne contient", choices=Column.Role)


class FigureForm(ItemForm):
    """A figure: its value is « 142 », « 40 / 56 » for a rate that keeps its base, or a date."""

    label = forms.CharField(
        label="Ce qui est compté",
        max_length=Indicator._meta.get_field("label").max_length,
        error_messages={"required": "Dites ce que ce chiffre compte."},
    )
    value = forms.CharField(
        label="Valeur",
        max_length=60,
        error_messages={"required": "Écrivez la valeur, ou choisissez « Laisser »."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    qualifier = forms.ChoiceField(label="Précision", choices=Qualifier)
    unit = forms.CharField(
        label="Unité",
        max_length=Indicator._meta.get_field("unit").max_length,
        error_messages={"required": "Donnez l'unité : ménages, %, €…"},
    )
    kind = forms.ChoiceField(label="Type", choices=Indicator.Kind)
    temporality = forms.ChoiceField(label="Temporalité", choices=Indicator.Temporality)
    starts_on = DayField(label="Depuis le", required=False)
    ends_on = DayField(label="Au", required=False)
    base = forms.CharField(
        label="Base", required=False, max_length=Indicator._meta.get_field("base").max_length
    )
    joins = forms.ChoiceField(label="Série", required=False)

    def __init__(self, *args, near=(), joined="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["joins"].choices = [
            ("", "Nouvel indicateur"),
            *((indicator.code, f"Continue {indicator.code} {indicator.label}") for indicator in near),
        ]
        self.initial["joins"] = joined

    def initial_of(self, item):
        figure = item.now
        names = ("label", "qualifier", "unit", "kind", "temporality", "starts_on", "ends_on", "base")
        initial = {name: getattr(figure, name) for name in names} | {"value": typed_value(figure)}
        return initial | {"kind": kind_of(figure)}

    def clean_value(self):
        """{field of a Quantity: value}"""
        typed = self.cleaned_data["value"].strip().rstrip("%€ \u00a0\u202f")
        if DAY.fullmatch(typed):
            return {"day": DAY_FIELD.clean(typed)}
        pieces = RATE.split(typed)
        if len(pieces) == 2:
            return dict(zip(("numerator", "denominator"), map(NUMBER.clean, pieces), strict=True))
        return {"number": NUMBER.clean(typed)}

    def clean(self):
        data = super().clean()
        value, unit = data.get("value"), data.get("unit", "")
        if value and ("day" in value) != (unit == "date"):
            self.add_error("unit", "Une date a pour unité « date », et elle seule.")
        if value and value.get("denominator") is not None and value["denominator"] <= 0:
            self.add_error("value", "La base d'un taux est supérieure à zéro : écrivez par exemple 40 / 56.")
        is_cumul = data.get("temporality") == Indicator.Temporality.CUMULATIVE
        if is_cumul and not data.get("starts_on") and "starts_on" not in self.errors:
            self.add_error("starts_on", "Un cumul dit depuis quand l'on compte.")
        if data.get("kind") == Indicator.Kind.RATE and value and "denominator" not in value:
            self.add_error(
                "value",
                "Un taux garde ses deux effectifs, par exemple 40 / 56 ; sans eux, choisissez un autre type.",
            )
        return data

    @property
    def fields_to_store(self):
        data = dict(self.cleaned_data)
        value = data.pop("value")
        return data | dict.fromkeys((*AMOUNTS, "day")) | value


def typed_value(figure):
    """The value of a figure as its form shows it."""
    if figure.day:
        return f"{figure.day:%d/%m/%Y}"
    if figure.denominator is not None:
        return f"{format_number(figure.numerator)} / {format_number(figure.denominator)}"
    return format_number(figure.number)


FORMS = {
    "passage": PassageForm,
    "row": TitleForm,
    "table": TitleForm,
    "section": TitleForm,
    "state": StateForm,
    "column": ColumnForm,
    "figure": FigureForm,
}


class SavingForm(forms.Form):
    """The exercise in which a report is saved."""

    number = forms.IntegerField(
        label="Année de l'exercice",
        min_value=2000,
        max_value=2100,
        help_text="L'exercice est créé s'il n'existe pas ; s'il existe, il doit être vide.",
        error_messages={
            "required": "Dites de quelle année est ce rapport.",
            "invalid": "Écrivez l'année en quatre chiffres.",
            "min_value": "L'année doit être comprise entre 2000 et 2100.",
            "max_value": "L'année doit être comprise entre 2000 et 2100.",
        },
    )
