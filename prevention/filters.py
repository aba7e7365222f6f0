"""What the lists of the registers may be narrowed to."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef

from logement.codes import CONFUSED
from logement.models import Organisation
from prevention.models import Channel, Contact, Household, Reason, Rehousing, Stage, Subject, Support

SEARCH = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})


class RowFilter(django_filters.FilterSet):
    code = django_filters.CharFilter(label="Code", method="beginning", max_length=20, widget=SEARCH)

    def beginning(self, queryset, name, typed):
        """The codes that begin so, whatever the case and the dashes."""
        letters = "".join(character for character in typed.upper() if character.isalnum())
        return queryset.filter(code__startswith=letters.translate(CONFUSED))


def year_filter(field):
    return django_filters.NumberFilter(
        label="Année",
        field_name=f"{field}__year",
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )


class SupportFilter(RowFilter):
    etat = django_filters.ChoiceFilter(
        label="État",
        method="in_state",
        empty_label="Tous les états",
        choices=[
            ("waiting", "En attente"),
            ("ongoing", "En cours"),
            ("over", "Sorti"),
            ("declined", "Sans suite"),
        ],
    )
    bailleur = django_filters.ModelChoiceFilter(
        label="Bailleur",
        field_name="landlord",
        empty_label="Tous les bailleurs",
        queryset=Organisation.objects.none(),
    )
    stade = django_filters.ChoiceFilter(
        label="Stade", field_name="stage", choices=Stage.choices, empty_label="Tous les stades"
    )
    motif = django_filters.ChoiceFilter(
        label="Motif", field_name="reason", choices=Reason.choices, empty_label="Tous les motifs"
    )
    annee = year_filter("referred_on")

    class Meta:
        model = Support
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        landlords = self.queryset.order_by().values("landlord")
        self.filters["bailleur"].queryset = Organisation.objects.filter(pk__in=landlords)

    def in_state(self, queryset, name, state):
        return getattr(queryset, state)()


class HouseholdFilter(RowFilter):
    sujet = django_filters.ChoiceFilter(
        label="Sujet", method="about", choices=Subject.choices, empty_label="Tous les sujets"
    )
    canal = django_filters.ChoiceFilter(
        label="Canal", method="by", choices=Channel.choices, empty_label="Tous les canaux"
    )
    suivi = django_filters.ChoiceFilter(
        label="Accompagnement",
        method="followed",
        empty_label="Tous",
        choices=[("ongoing", "En cours"), ("over", "Terminé"), ("none", "Aucun")],
    )
    annee = django_filters.NumberFilter(
        label="Année",
        method="in_year",
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )

    class Meta:
        model = Household
        fields = []

    def _with(self, queryset, **contact):
        return queryset.filter(Exists(Contact.objects.filter(household=OuterRef("pk"), **contact)))

    def about(self, queryset, name, subject):
        return self._with(queryset, subjects__subject=subject)

    def by(self, queryset, name, channel):
        return self._with(queryset, channels__channel=channel)

    def in_year(self, queryset, name, year):
        return self._with(queryset, contacted_on__year=int(year))

    def followed(self, queryset, name, state):
        if state == "ongoing":
            return queryset.filter(is_followed=True)
        return queryset.filter(is_followed=False, was_followed=state == "over")


class RehousingFilter(RowFilter):
    etat = django_filters.ChoiceFilter(
        label="État",
        method="in_state",
        empty_label="Tous les états",
        choices=[("ongoing", "En sous-location"), ("done", "Bail glissé"), ("closed", "Suivi achevé")],
    )
    annee = year_filter("allocated_on")

    class Meta:
        model = Rehousing
        fields = []

    def in_state(self, queryset, name, state):
        if state == "closed":
            return queryset.filter(ended_on__isnull=False)
        return queryset.filter(ended_on__isnull=True, lease_transferred_on__isnull=state == "ongoing")
