"""The form of how an indicator is obtained."""

from django import forms
from django.core.exceptions import ValidationError

from axes import figures
from axes.models import GatheringKind, Indicator, SeriesBreak

TYPED = Indicator.Source.TYPED


class SourceForm(forms.Form):
    """Typed, or one of the figures of the registers; a figure of gatherings names their kind."""

    origin = forms.ChoiceField(label="Mode d'obtention")
    gathering_kind = forms.ModelChoiceField(
        GatheringKind.objects.none(),
        label="Type d'événement compté",
        required=False,
        empty_label="Sans objet",
        help_text="Pour un chiffre d'événements : ceux de l'action de l'indicateur, de ce type.",
    )
    reason = forms.CharField(
        label="Motif du changement",
        max_length=SeriesBreak._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Il s'affiche avec la rupture de série : les valeurs d'avant et d'après ne se comparent plus.",
        error_messages={"required": "Dites en une phrase pourquoi le mode d'obtention change."},
    )

    def __init__(self, *args, indicator, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self.fields["origin"].choices = [
            (TYPED, TYPED.label),
            (Indicator.Source.REGISTER.label, figures.choices()),
        ]
        kinds = GatheringKind.objects.filter(territory=indicator.territory_id)
        self.fields["gathering_kind"].queryset = kinds

    def clean(self):
        data = super().clean()
        origin, kind = data.get("origin"), data.get("gathering_kind")
        if origin is None:
            return data
        counts_gatherings = bool(origin != TYPED and figures.FIGURES[origin].scope)
        if counts_gatherings and self.indicator.action_id is None:
            raise ValidationError(
                "Cet indicateur n'appartient à aucune action : il ne peut pas compter d'événements."
            )
        if counts_gatherings and kind is None:
            self.add_error("gathering_kind", "Choisissez le type d'événement que compte l'indicateur.")
        if not counts_gatherings:
            data["gathering_kind"] = None
        if (origin, data.get("gathering_kind")) == (
            self.indicator.figure_key or TYPED,
            self.indicator.gathering_kind,
        ):
            raise ValidationError("Ce mode d'obtention est déjà celui de l'indicateur.")
        return data

    def choice(self):
        """The fields that `change_source` takes."""
        origin = self.cleaned_data["origin"]
        is_typed = origin == TYPED
        return {
            "source": TYPED if is_typed else Indicator.Source.REGISTER,
            "figure_key": "" if is_typed else origin,
            "gathering_kind": self.cleaned_data["gathering_kind"],
            "reason": self.cleaned_data["reason"],
        }


def initial_source(indicator):
    return {"origin": indicator.figure_key or TYPED, "gathering_kind": indicator.gathering_kind_id}
