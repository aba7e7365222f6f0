"""Forms of the ground floor: a new territory, an imported spreadsheet, the texts in which nobody should be named."""

from hashlib import sha256

from django import forms
from django.core.exceptions import ValidationError

from logement.models import Organisation, Territory
from logement.personal_data import warning_about
from logement.spreadsheets import MAX_BYTES
from logement.text import clean_text

MEGABYTES = MAX_BYTES // 1024**2


def refuse(form, error):
    """Shows a ValidationError of the workflow or of the database, beside the field that it names."""
    named = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, sentences in named.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


class Forgiving:
    """A key larger than any that a database holds is a choice that is not there.

    Django sees to it for a row asked by its own key; for several, or by the key of another row, SQLite breaks the page.
    """

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError as error:
            asked = value if isinstance(value, str) else ", ".join(value)
            message = self.error_messages["invalid_choice"]
            raise ValidationError(message, code="invalid_choice", params={"value": asked}) from error


class RowChoice(Forgiving, forms.ModelChoiceField):
    pass


class RowsChoice(Forgiving, forms.ModelMultipleChoiceField):
    pass


class TerritoryForm(forms.Form):
    """A territory, the body that carries its plan, and who leads it."""

    name = forms.CharField(
        label="Nom du territoire",
        max_length=Territory._meta.get_field("name").max_length,
        error_messages={"required": "Donnez le nom du territoire."},
    )
    code = forms.CharField(
        label="Code dans les adresses",
        required=False,
        max_length=Territory._meta.get_field("code").max_length,
        help_text="« /montpellier/2023/ » ; laissé vide, il se tire du nom. Il ne se change plus ensuite.",
    )
    organisation = forms.CharField(
        label="Collectivité qui porte le plan",
        max_length=Organisation._meta.get_field("name").max_length,
        error_messages={"required": "Donnez le nom de la collectivité."},
    )
    lead_email = forms.EmailField(
        label="Adresse e-mail de la cheffe ou du chef de projet",
        help_text="Une invitation y part, que cette adresse ait déjà un compte ou non.",
        error_messages={"required": "Donnez l'adresse de la personne qui conduira le plan."},
    )


class NobodyNamed:
    """A form whose texts `nobody_named = ("subject",)` warn when they look like a person, and let one save.

    The first time, the field shows the sentence of `personal_data.warning_about` as its error; sent again with the
    same texts, the form is valid. Needs no JavaScript and nothing of the view.
    """

    nobody_named = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["texts_reread"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self):
        data = super().clean() or self.cleaned_data
        texts = {name: clean_text(data.get(name) or "") for name in self.nobody_named}
        warnings = {name: warning for name, text in texts.items() if (warning := warning_about(text))}
        print_of_texts = sha256(repr(sorted(texts.items())).encode()).hexdigest()
        if warnings and data.get("texts_reread") != print_of_texts:
            for name, warning in warnings.items():
                self.add_error(name, ValidationError(warning, code="looks_like_a_person"))
            self.data = self.data.copy()
            self.data[self.add_prefix("texts_reread")] = print_of_texts
        return data


class ExportForm(NobodyNamed, forms.Form):
    """Why rows leave the application."""

    nobody_named = ("reason",)

    reason = forms.CharField(
        label="Motif de l'export",
        max_length=300,
        help_text="Il reste douze mois dans le journal des accès : « bilan annuel », « contrôle interne »…",
        error_messages={"required": "Dites en quelques mots à quoi servira le fichier."},
    )

    def clean_reason(self):
        reason = clean_text(self.cleaned_data["reason"]).strip()
        if not reason:
            raise ValidationError(self.fields["reason"].error_messages["required"])
        return reason


class UploadForm(forms.Form):
    """The file to import, and in whose name when the person acts for several associations."""

    organisation = forms.ModelChoiceField(None, label="Association", empty_label=None)
    file = forms.FileField(
        label="Fichier",
        help_text=f"Tableur .xlsx ou .ods, ou fichier .csv ; {MEGABYTES} Mo et 20 000 lignes au plus.",
        error_messages={"required": "Choisissez le fichier à importer.", "empty": "Ce fichier est vide."},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )
    sheet = forms.CharField(
        label="Feuille",
        required=False,
        max_length=100,
        help_text="Son nom, si le tableau n'est pas dans la première feuille.",
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = organisations
        if len(organisations) == 1:
            field.widget = forms.HiddenInput()
            field.initial = organisations[0].pk
            field.required = False
        self.organisations = organisations

    def clean_organisation(self):
        return self.cleaned_data["organisation"] or self.organisations[0]

    def clean_file(self):
        if self.cleaned_data["file"].size > MAX_BYTES:
            raise ValidationError(f"Ce fichier dépasse {MEGABYTES} Mo : gardez seulement le tableau.")
        return self.cleaned_data["file"]


class ColumnsForm(forms.Form):
    """What each column of the file is; `mapping` gives {rank: field name, or ""}."""

    def __init__(self, *args, importer, table, mapping=None, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "Laisser de côté"), *((field.name, field.label) for field in importer.fields)]
        for rank, heading in enumerate(table.headings):
            samples = dict.fromkeys(
                str(row.values[rank]) for row in table.rows if row.values[rank] is not None
            )
            told = " ; ".join(sample[:30] for sample in list(samples)[:3])
            self.fields[f"column_{rank}"] = forms.ChoiceField(
                label=heading.text,
                choices=choices,
                required=False,
                initial=(mapping or {}).get(rank, ""),
                help_text=f"Par exemple : {told}" if told else "",
            )

    @property
    def mapping(self):
        return {rank: self.cleaned_data[name] for rank, name in enumerate(self.fields)}

    def clean(self):
        data = super().clean()
        chosen = {}
        for name, field in self.fields.items():
            target = data.get(name)
            if target and target in chosen:
                label = dict(field.choices)[target]
                self.add_error(
                    name, f"« {label} » est déjà la colonne « {chosen[target]} » : gardez l'une des deux."
                )
            elif target:
                chosen[target] = field.label
        return data
