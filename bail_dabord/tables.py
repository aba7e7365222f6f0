"""The lists of the register, sorted and paginated by django-tables2, and the columns of its exports."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from bail_dabord.models import Claim, Commission, ContractedPlaces, Household, Referral
from logement.codes import show_code
from logement.templatetags.ui import date_fr, money, number

NUMBERS = {"td": {"class": "num"}, "th": {"class": "num"}}
STACKED = {"class": "table table-dense table-stack"}


def tenancy_of(household):
    return getattr(household, "tenancy", None)


def stage(household):
    """Where a household is: « À loger », « Accompagné », « Accompagné, bail glissé », « Accompagnement terminé »."""
    tenancy = tenancy_of(household)
    if tenancy is None:
        return "À loger"
    if tenancy.support_ended_on:
        return "Accompagnement terminé"
    return "Accompagné, bail glissé" if tenancy.transferred_on else "Accompagné"


class DayColumn(tables.Column):
    """A day in the few characters that a list of many columns has room for."""

    def render(self, value):
        return f"{value:%d/%m/%Y}"


class HouseholdTable(tables.Table):
    code = tables.Column(verbose_name="Code")
    stage = tables.Column(verbose_name="Situation", accessor="pk", orderable=False)
    entered_on = DayColumn(accessor="tenancy__entered_on", verbose_name="Entrée")
    adults = tables.Column(verbose_name="Adultes", attrs=NUMBERS)
    children = tables.Column(verbose_name="Enfants", attrs=NUMBERS)
    origin = tables.Column(verbose_name="Provenance")
    lease = tables.Column(accessor="tenancy__lease", verbose_name="Bail")
    stock = tables.Column(accessor="tenancy__stock", verbose_name="Parc")
    transferred_on = DayColumn(accessor="tenancy__transferred_on", verbose_name="Glissement")
    support_ended_on = DayColumn(accessor="tenancy__support_ended_on", verbose_name="Fin d'accompagnement")

    class Meta:
        model = Household
        fields = ()
        attrs = STACKED

    caption = "Ménages"

    def __init__(self, data, *, territory, **kwargs):
        self.territory = territory
        super().__init__(data, **kwargs)

    def render_code(self, value):
        address = reverse("bail_dabord:household", args=[self.territory.code, value])
        return format_html('<a class="nowrap" href="{}">{}</a>', address, show_code(value))

    def render_stage(self, record):
        return stage(record)


class RecordTable(tables.Table):
    """A list whose rows open on their form: `address` is the name of the page."""

    class Meta:
        attrs = STACKED

    def __init__(self, data, *, section, territory, **kwargs):
        self.section, self.territory = section, territory
        super().__init__(data, **kwargs)
        self.caption = section.title

    def linked(self, record, words):
        address = reverse("bail_dabord:edit_record", args=[self.territory.code, self.section.slug, record.pk])
        return format_html('<a href="{}">{}</a>', address, words)


class ReferralTable(RecordTable):
    received_on = tables.Column(verbose_name="Reçue le")
    service = tables.Column(verbose_name="Service orienteur")
    status = tables.Column(verbose_name="Suite donnée")

    class Meta(RecordTable.Meta):
        model = Referral
        fields = ()

    def render_received_on(self, value, record):
        return self.linked(record, date_fr(value))


class ClaimTable(RecordTable):
    claimed_on = tables.Column(verbose_name="Demandée le")
    nature = tables.Column(verbose_name="Nature")
    asked = tables.Column(verbose_name="Demandé", attrs=NUMBERS)
    granted = tables.Column(verbose_name="Accordé", attrs=NUMBERS, empty_values=())

    class Meta(RecordTable.Meta):
        model = Claim
        fields = ()

    def render_claimed_on(self, value, record):
        return self.linked(record, date_fr(value))

    def render_asked(self, value):
        return money(value)

    def render_granted(self, value):
        return "pas encore décidé" if value is None else money(value)


class CommissionTable(RecordTable):
    held_on = tables.Column(verbose_name="Tenue le")

    class Meta(RecordTable.Meta):
        model = Commission
        fields = ()

    def render_held_on(self, value, record):
        return self.linked(record, date_fr(value))


class PlacesTable(RecordTable):
    year = tables.Column(verbose_name="Année")
    places = tables.Column(verbose_name="Places", attrs=NUMBERS)
    staff = tables.Column(verbose_name="ETP", attrs=NUMBERS)

    class Meta(RecordTable.Meta):
        model = ContractedPlaces
        fields = ()

    def render_year(self, value, record):
        return self.linked(record, value)

    def render_staff(self, value):
        return number(value)


def of_tenancy(name):
    """A getter of an export: a date or the words of a choice of the tenancy, None before the entry."""

    def get(household):
        tenancy = tenancy_of(household)
        if tenancy is None:
            return None
        words = getattr(tenancy, f"get_{name}_display", None)
        return words() if words else getattr(tenancy, name)

    return get


#: The export: French title -> typed getter. The import reads the same titles.
COLUMNS = {
    "Code": lambda household: show_code(household.code),
    "Connu depuis": lambda household: household.known_since,
    "Adultes": lambda household: household.adults,
    "Enfants": lambda household: household.children,
    "Provenance": lambda household: household.get_origin_display(),
    "Entrée": of_tenancy("entered_on"),
    "Bail": of_tenancy("lease"),
    "Parc": of_tenancy("stock"),
    "Glissement": of_tenancy("transferred_on"),
    "Fin de bail": of_tenancy("lease_ended_on"),
    "Fin d'accompagnement": of_tenancy("support_ended_on"),
}
