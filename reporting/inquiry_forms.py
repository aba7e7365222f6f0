"""What is asked of a report, and what is answered: short texts in which nobody is named."""

from django import forms
from django.core.exceptions import ValidationError

from logement.forms import NobodyNamed
from logement.text import clean_text
from reporting.models import Inquiry

ASK = "Écrivez ce que vous demandez."
ANSWER = "Écrivez votre réponse."
NO_HOUSEHOLD = "Aucun nom, aucune situation d'un ménage : une demande porte sur un texte ou un nombre."


class WordsForm(NobodyNamed, forms.Form):
    """One text, cleaned."""

    nobody_named = ("words",)

    def clean_words(self):
        words = clean_text(self.cleaned_data["words"]).strip()
        if not words:
            raise ValidationError(self.fields["words"].error_messages["required"])
        return words


class AskForm(WordsForm):
    words = forms.CharField(
        label="Ce que vous demandez",
        max_length=Inquiry.MAX_QUESTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NO_HOUSEHOLD,
        error_messages={"required": ASK},
    )


class AnswerForm(WordsForm):
    words = forms.CharField(
        label="Votre réponse",
        max_length=Inquiry.MAX_ANSWER,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Dites ce qu'il en est, ou ce que la prochaine version corrigera. "
        "La réponse est envoyée telle quelle et ne se modifie plus.",
        error_messages={"required": ANSWER},
    )
