"""The form that takes a filled workbook back."""

from django import forms
from django.core.exceptions import ValidationError

from logement.spreadsheets.book import MAX_BOOK_BYTES

MEGABYTES = MAX_BOOK_BYTES // 1024**2


class SheetForm(forms.Form):
    file = forms.FileField(
        label="Tableur rempli",
        help_text=f"Celui que vous avez téléchargé ici, enregistré en .xlsx ou en .ods ; {MEGABYTES} Mo au plus.",
        error_messages={
            "required": "Choisissez le tableur rempli.",
            "empty": "Ce fichier est vide : enregistrez votre tableur, puis redonnez-le.",
            "invalid": "Choisissez le tableur rempli.",
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BOOK_BYTES:
            raise ValidationError(
                f"Ce fichier dépasse {MEGABYTES} Mo : retirez-en les images et les feuilles ajoutées."
            )
        return file
