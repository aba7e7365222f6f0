"""What the list of the indicators may be narrowed to."""

import unicodedata

import django_filters
from django import forms

from axes.models import Indicator
from axes.values import BLANK_WORDS, values_of

FILLED, PARTIAL = "filled", "partial"


def folded(text):
    """Without case, accents nor curly apostrophes: « Hébergés » is found by « heberges »."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def searchable(indicator):
    return folded(f"{indicator.code} {indicator.label} {indicator.definition}")


def place(action):
    return action.axis.position, action.axis_id, action.pk


class IndicatorFilter(django_filters.FilterSet):
    """Over the indicators that a person sees in an exercise, with action and axis: the choices come from them."""

    texte = django_filters.CharFilter(
        label="Rechercher",
        method="containing",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Libellé, code…"}),
    )
    axe = django_filters.ChoiceFilter(
        label="Axe",
        field_name="action__axis",
        empty_label="Tous les axes",
        null_label="Contexte (hors des axes)",
    )
    action = django_filters.ChoiceFilter(label="Action", empty_label="Toutes les actions")
    type = django_filters.ChoiceFilter(
        label="Type", field_name="kind", choices=Indicator.Kind.choices, empty_label="Tous les types"
    )
    source = django_filters.ChoiceFilter(
        label="Source", field_name="source_detail", empty_label="Toutes les sources"
    )
    valeur = django_filters.ChoiceFilter(
        label="Valeur",
        method="in_state",
        choices=[(FILLED, "renseignée"), (PARTIAL, "total partiel"), *BLANK_WORDS.items()],
        empty_label="Toutes",
    )

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year
        self.everything = list(self.queryset)
        axes, actions = {}, {}
        for action in sorted({i.action for i in self.everything if i.action}, key=place):
            axes[action.axis_id] = action.axis.full_label
            actions.setdefault(action.axis.full_label, []).append((action.pk, action.label))
        sources = sorted({i.source_detail for i in self.everything if i.source_detail}, key=folded)
        self.filters["axe"].extra["choices"] = list(axes.items())
        self.filters["action"].extra["choices"] = list(actions.items())
        self.filters["source"].extra["choices"] = [(source, source) for source in sources]

    def containing(self, queryset, name, words):
        """Every word, anywhere in the code, the label or the definition."""
        words = folded(words).split()
        found = [i.pk for i in self.everything if all(word in searchable(i) for word in words)]
        return queryset.filter(pk__in=found)

    def in_state(self, queryset, name, state):
        """By the value of the exercise, as axes/values.py gives it."""
        found = values_of(self.everything, self.year)
        return queryset.filter(pk__in=[pk for pk, value in found.items() if state_of(value) == state])


def state_of(value):
    return PARTIAL if value.partial_words else value.blank or FILLED
