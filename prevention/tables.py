"""The lists of the registers, and what their exports hold."""

import django_tables2 as tables
from django.db.models import Count, Exists, Max, OuterRef
from django.urls import reverse
from django.utils.html import format_html

from logement.codes import show_code
from logement.templatetags.ui import state_badge
from prevention.models import Contact, FollowUp, Household, Rehousing, Support

NUMBERS = {"td": {"class": "num"}, "th": {"class": "num"}}


class DayColumn(tables.Column):
    """A day in a dense list: « 31/12/2023 »."""

    def __init__(self, **kwargs):
        super().__init__(attrs={"td": {"class": "nowrap"}}, **kwargs)

    def render(self, value):
        return f"{value:%d/%m/%Y}"


class StateColumn(tables.Column):
    """`row.state`, a code and its word, as a badge."""

    def __init__(self, **kwargs):
        super().__init__(attrs={"td": {"class": "nowrap"}}, **kwargs)

    def render(self, value):
        code, word = value
        return state_badge(word, code)


class RowTable(tables.Table):
    """A list whose rows open on their page by their code; the association shows when one keeps several registers."""

    code = tables.Column(verbose_name="Code")
    register__organisation = tables.Column(verbose_name="Association")

    class Meta:
        attrs = {"class": "table table-dense table-stack"}

    def __init__(self, data, *, book, territory, registers, **kwargs):
        self.book, self.territory = book, territory
        hidden = () if len(registers) > 1 else ("register__organisation",)
        super().__init__(data, exclude=hidden, **kwargs)
        self.caption = book.title

    def render_code(self, record):
        url = reverse("prevention:row", args=[self.territory.code, self.book.slug, record.code])
        return format_html('<a class="nowrap" href="{}">{}</a>', url, show_code(record.code))


class SupportTable(RowTable):
    landlord = tables.Column(verbose_name="Bailleur")
    referred_on = DayColumn(verbose_name="Signalé le")
    stage = tables.Column(verbose_name="Stade", order_by="stage")
    reason = tables.Column(verbose_name="Motif")
    entered_on = DayColumn(verbose_name="Entré le")
    exited_on = DayColumn(verbose_name="Sorti le")
    outcome = tables.Column(verbose_name="Issue")
    state = StateColumn(verbose_name="État", orderable=False)

    class Meta(RowTable.Meta):
        sequence = ("code", "state", "...", "register__organisation")


class HouseholdTable(RowTable):
    contact_count = tables.Column(verbose_name="Contacts", attrs=NUMBERS)
    latest_contact = DayColumn(verbose_name="Dernier contact")
    is_followed = tables.Column(verbose_name="Accompagnement")

    class Meta(RowTable.Meta):
        sequence = ("code", "...", "register__organisation")

    def render_is_followed(self, value, record):
        if value:
            return state_badge("En cours", "ongoing")
        return state_badge("Terminé", "closed") if record.was_followed else "Aucun"


class RehousingTable(RowTable):
    allocated_on = DayColumn(verbose_name="Attribué le")
    lease_transferred_on = DayColumn(verbose_name="Bail glissé le")
    ended_on = DayColumn(verbose_name="Suivi achevé le")
    state = StateColumn(verbose_name="État", orderable=False)

    class Meta(RowTable.Meta):
        sequence = ("code", "state", "...", "register__organisation")


# --- The rows, with what their lists show ---


def supports():
    return Support.objects.select_related("landlord", "register__organisation")


def households():
    follow_ups = FollowUp.objects.filter(household=OuterRef("pk"))
    return Household.objects.select_related("register__organisation").annotate(
        contact_count=Count("contacts"),
        latest_contact=Max("contacts__contacted_on"),
        is_followed=Exists(follow_ups.filter(ended_on__isnull=True)),
        was_followed=Exists(follow_ups),
    )


def rehousings():
    return Rehousing.objects.select_related("register__organisation")


# --- Exports: French title -> typed getter ---


def support_columns():
    return {
        "Code": lambda row: show_code(row.code),
        "Bailleur": lambda row: str(row.landlord),
        "Signalé le": lambda row: row.referred_on,
        "Stade": lambda row: row.get_stage_display(),
        "Motif": lambda row: row.get_reason_display(),
        "Entré le": lambda row: row.entered_on,
        "Sorti le": lambda row: row.exited_on,
        "Issue": lambda row: row.get_outcome_display(),
        "Classé sans suite le": lambda row: row.declined_on,
    }


def only_of(model, getter):
    """A getter that leaves the cell empty on the rows of the other model."""
    return lambda row: getter(row) if isinstance(row, model) else None


def platform_columns():
    """A row is a contact or a support: the import tells them apart by what they fill in."""
    return {
        "Code": lambda row: show_code(row.household.code),
        "Contact du": only_of(Contact, lambda row: row.contacted_on),
        "Sujets": only_of(Contact, lambda row: ", ".join(map(str, row.subjects.all()))),
        "Canaux": only_of(Contact, lambda row: " + ".join(map(str, row.channels.all()))),
        "Sujet de l'accompagnement": only_of(FollowUp, lambda row: row.get_subject_display()),
        "Accompagnement commencé le": only_of(FollowUp, lambda row: row.started_on),
        "Accompagnement achevé le": only_of(FollowUp, lambda row: row.ended_on),
        "Issue": only_of(FollowUp, lambda row: row.get_outcome_display()),
    }


def rehousing_columns():
    return {
        "Code": lambda row: show_code(row.code),
        "Attribué le": lambda row: row.allocated_on,
        "Bail glissé le": lambda row: row.lease_transferred_on,
        "Suivi achevé le": lambda row: row.ended_on,
    }
