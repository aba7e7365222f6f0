"""What the list of the households may be narrowed to."""

import django_filters
from django import forms
from django.db.models import Q

from bail_dabord.models import Household, Origin, Tenancy
from logement.codes import read_code

WAITING, FOLLOWED, TRANSFERRED, ENDED = "a-loger", "accompagnes", "glisses", "termines"
STAGES = {
    WAITING: ("À loger", Q(tenancy__isnull=True)),
    FOLLOWED: ("Accompagnés", Q(tenancy__isnull=False, tenancy__support_ended_on__isnull=True)),
    TRANSFERRED: ("Bail glissé", Q(tenancy__transferred_on__isnull=False)),
    ENDED: ("Accompagnement terminé", Q(tenancy__support_ended_on__isnull=False)),
}


class HouseholdFilter(django_filters.FilterSet):
    code = django_filters.CharFilter(
        label="Code du ménage",
        method="of_code",
        max_length=20,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    situation = django_filters.ChoiceFilter(
        label="Situation",
        method="in_stage",
        choices=[(code, label) for code, (label, _) in STAGES.items()],
        empty_label="Toutes",
    )
    provenance = django_filters.ChoiceFilter(
        label="Provenance", field_name="origin", choices=Origin.choices, empty_label="Toutes"
    )
    bail = django_filters.ChoiceFilter(
        label="Bail", field_name="tenancy__lease", choices=Tenancy.Lease.choices, empty_label="Tous"
    )
    parc = django_filters.ChoiceFilter(
        label="Parc", field_name="tenancy__stock", choices=Tenancy.Stock.choices, empty_label="Tous"
    )
    entree = django_filters.NumberFilter(
        label="Année d'entrée",
        field_name="tenancy__entered_on__year",
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": "4"}),
    )

    class Meta:
        model = Household
        fields = ()

    def of_code(self, queryset, name, typed):
        """The household of this code, as it is written on paper; none when it is no code."""
        try:
            return queryset.filter(code=read_code(typed))
        except ValueError:
            return queryset.none()

    def in_stage(self, queryset, name, stage):
        return queryset.filter(STAGES[stage][1])
