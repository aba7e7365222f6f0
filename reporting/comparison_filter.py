"""What the table of several territories may be narrowed to."""

import django_filters
from django import forms

from axes.filters import folded

ALL = "tous"


class SideBySideFilter(django_filters.FilterSet):
    """Over the last versions that a person compares; the words and what is shared narrow their figures."""

    texte = django_filters.CharFilter(
        label="Rechercher",
        method="later",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Libellé, définition…"}),
    )
    territoire = django_filters.MultipleChoiceFilter(
        label="Territoires",
        field_name="territory__code",
        widget=forms.SelectMultiple(attrs={"size": 3}),
    )
    exercice = django_filters.MultipleChoiceFilter(
        label="Exercices", field_name="year__number", widget=forms.SelectMultiple(attrs={"size": 3})
    )
    indicateurs = django_filters.ChoiceFilter(
        label="Indicateurs",
        method="later",
        choices=[(ALL, "tous, même propres à un territoire")],
        empty_label="communs à plusieurs territoires",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        places = {version.territory.code: version.territory.name for version in self.queryset}
        numbers = sorted({version.year.number for version in self.queryset}, reverse=True)
        self.filters["territoire"].extra["choices"] = list(places.items())
        self.filters["exercice"].extra["choices"] = [(str(number), str(number)) for number in numbers]

    def later(self, queryset, name, value):
        """Of the figures, not of the versions: see `keeps` and `takes_all`."""
        return queryset

    def keeps(self, figure):
        """Whether every word is somewhere in what the figure is called or means."""
        words = folded(self.form.cleaned_data.get("texte") or "").split()
        text = folded(f"{figure.code} {figure.label} {figure.definition}")
        return all(word in text for word in words)

    @property
    def takes_all(self):
        return self.form.cleaned_data.get("indicateurs") == ALL
