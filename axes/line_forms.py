"""The forms of a line of the year."""

from django import forms

from axes.models import Inflection, Line, State, Year
from logement.forms import RowsChoice
from logement.models import Organisation


class TitleForm(forms.Form):
    title = forms.CharField(
        label="Intitulé de l'action",
        max_length=Line._meta.get_field("title").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Donnez un intitulé à l'action."},
    )


class StateForm(forms.Form):
    """The state, its agreement and its reason; a state other than « réalisée » asks for one, kept as a reminder."""

    state = forms.ModelChoiceField(
        State.objects.none(), label="État", required=False, empty_label="À renseigner"
    )
    inflection = forms.ChoiceField(
        label="Accord avec l'intitulé",
        choices=Inflection,
        help_text="Pour écrire « Réalisée » ou « Réalisé ».",
    )
    reason = forms.CharField(
        label="Motif",
        required=False,
        max_length=Line._meta.get_field("state_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Demandé pour tout autre état que « Réalisée » ; il ne s'imprime pas dans le tableau.",
    )

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].queryset = State.objects.filter(agreement=agreement)

    def clean(self):
        data = super().clean()
        state = data.get("state")
        if state and state.asks_reason and not data.get("reason", "").strip():
            self.add_error("reason", f"L'état « {state} » demande un motif : dites en une phrase pourquoi.")
        return data


class PeopleForm(forms.Form):
    lead = forms.ModelChoiceField(
        Organisation.objects.none(), label="Pilote", required=False, empty_label="Aucun"
    )
    partners = RowsChoice(
        Organisation.objects.none(),
        label="Partenaires",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ces organismes verront la ligne dans leur espace.",
    )

    def __init__(self, *args, territory, **kwargs):
        super().__init__(*args, **kwargs)
        organisations = Organisation.objects.filter(territories=territory)
        self.fields["lead"].queryset = organisations
        self.fields["partners"].queryset = organisations


class YearStepForm(forms.Form):
    to = forms.ChoiceField(
        choices=Year.State,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choisissez une étape de l'exercice."),
    )
