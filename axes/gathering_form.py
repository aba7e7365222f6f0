"""The form of a gathering, and what the list of gatherings may be narrowed to."""

from datetime import date

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from axes.filters import folded, place
from axes.forms import DayField
from axes.models import Gathering, GatheringKind, Line
from axes.models.quantity import Blank
from logement.forms import RowChoice
from logement.models import Organisation


class GatheringForm(forms.Form):
    """A gathering of the exercise. `new_kind` is a kind that the territory has not used yet."""

    action = RowChoice(Line.objects.none(), label="Action", empty_label="Choisir…", to_field_name="action_id")
    kind = forms.ModelChoiceField(
        GatheringKind.objects.none(), label="Type", required=False, empty_label="Nouveau type…"
    )
    new_kind = forms.CharField(
        label="Nouveau type",
        required=False,
        max_length=GatheringKind._meta.get_field("label").max_length,
        help_text="Seulement s'il manque à la liste.",
    )
    held_on = DayField(label="Date")
    title = forms.CharField(
        label="Intitulé", required=False, max_length=Gathering._meta.get_field("title").max_length
    )
    participants = forms.IntegerField(
        label="Participants",
        required=False,
        min_value=0,
        max_value=1_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num-input"}),
        error_messages={"invalid": "Écrivez un nombre entier, par exemple 12."},
    )
    participants_blank = forms.ChoiceField(
        label="Sans nombre", required=False, choices=[("", "Pas encore reçu"), *Blank.choices]
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisateur", required=False, empty_label="Non précisé"
    )

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year
        lines = Line.objects.filter(year=year).select_related("action")
        self.fields["action"].queryset = lines.order_by("axis__position", "position")
        self.fields["kind"].queryset = GatheringKind.objects.filter(territory=year.territory)
        self.fields["organisation"].queryset = Organisation.objects.filter(territories=year.territory)
        first, last = date(year.number, 1, 1), date(year.number, 12, 31)
        self.fields["held_on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day.year != self.year.number:
            raise ValidationError(f"Cette date n'est pas dans l'exercice {self.year.number}.")
        return day

    def clean(self):
        data = super().clean()
        if "kind" in data and not data["kind"] and not data.get("new_kind", "").strip():
            self.add_error("kind", "Choisissez un type, ou nommez-en un nouveau.")
        if data.get("kind") and data.get("new_kind", "").strip():
            self.add_error(
                "new_kind", "Choisissez un type de la liste, ou nommez-en un nouveau : pas les deux."
            )
        if data.get("participants") is not None and data.get("participants_blank"):
            self.add_error(
                "participants_blank", "Donnez le nombre, ou la raison de son absence : pas les deux."
            )
        return data

    def gathering_fields(self):
        """The fields that `save_gathering` takes."""
        data = dict(self.cleaned_data)
        data["action"] = data["action"].action
        if not data["kind"]:
            del data["kind"]
        return data


def initial_of(gathering):
    names = ("kind", "held_on", "title", "participants", "participants_blank", "organisation")
    return {"action": gathering.action_id} | {name: getattr(gathering, name) for name in names}


class GatheringFilter(django_filters.FilterSet):
    """Over the gatherings that a person sees in an exercise: the choices come from them."""

    texte = django_filters.CharFilter(
        label="Rechercher",
        method="containing",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Intitulé"}),
    )
    action = django_filters.ChoiceFilter(label="Action", empty_label="Toutes les actions")
    type = django_filters.ChoiceFilter(label="Type", field_name="kind", empty_label="Tous les types")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.everything = list(self.queryset)
        actions, kinds = {}, {}
        for gathering in sorted(self.everything, key=lambda gathering: place(gathering.action)):
            actions[gathering.action_id] = str(gathering.action)
            kinds[gathering.kind_id] = str(gathering.kind)
        self.filters["action"].extra["choices"] = list(actions.items())
        self.filters["type"].extra["choices"] = sorted(kinds.items(), key=lambda kind: folded(kind[1]))
        self.form.auto_id = (
            "filtre_%s"  # the page has the form of one more gathering too: an id is there once
        )

    def containing(self, queryset, name, words):
        words = folded(words).split()
        found = [g.pk for g in self.everything if all(word in folded(g.title) for word in words)]
        return queryset.filter(pk__in=found)
