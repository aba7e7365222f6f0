"""What the access log may be narrowed to."""

import django_filters
from django import forms

from logement.models import AccessLog


class AccessLogFilter(django_filters.FilterSet):
    """`queryset`: the lines that a person may see in a territory; the choices come from them."""

    acte = django_filters.ChoiceFilter(
        label="Acte", field_name="act", choices=AccessLog.Act.choices, empty_label="Tous les actes"
    )
    registre = django_filters.ChoiceFilter(label="Registre", field_name="register", empty_label="Tous")
    depuis = django_filters.DateFilter(
        label="Depuis le",
        field_name="at",
        lookup_expr="date__gte",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = self.queryset.order_by("register").values_list("register", flat=True).distinct()
        self.filters["registre"].extra["choices"] = [(name, name) for name in names]
