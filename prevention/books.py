"""The three registers as the pages see them: their words, their form, their list, their acts."""

from collections.abc import Callable
from dataclasses import dataclass

from prevention import filters, forms, imports, platform_imports, retention, tables, workflow
from prevention.models import Contact, FollowUp, Scheme


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens to a row on a day: its address, its words, its form, and when it may happen."""

    slug: str
    label: str
    form: type
    is_open: Callable


@dataclass(frozen=True, slots=True)
class Book:
    """A register: `rows()` gives what its list shows, `record(form)` writes a new row and gives it."""

    scheme: Scheme
    slug: str
    title: str
    about: str
    add_label: str
    template: str
    rows: Callable
    table: type
    filter: type
    form: type
    record: Callable
    columns: Callable
    exported: Callable
    importer: imports.Importer
    kept: retention.Kept
    acts: tuple[Act, ...] = ()
    details: tuple[str, ...] = ()  # what the page of a row shows besides, to fetch at once

    @property
    def model(self):
        return self.filter.Meta.model

    def act(self, slug):
        return next((act for act in self.acts if act.slug == slug), None)


def itself(rows):
    return rows


def contacts_and_follow_ups_of(households):
    """Every contact, then every support, household after household: one row each."""
    of_them = {"household__in": households.values("pk")}
    contacts = Contact.objects.filter(**of_them).prefetch_related("subjects", "channels")
    rows = [
        *contacts.select_related("household").order_by("contacted_on", "pk"),
        *FollowUp.objects.filter(**of_them).select_related("household").order_by("started_on", "pk"),
    ]
    return sorted(rows, key=lambda row: row.household_id)


BOOKS = (
    Book(
        scheme=Scheme.SUPPORT,
        slug="accompagnements",
        title="Accompagnements renforcés",
        about="Les signalements des bailleurs et les accompagnements qui les suivent.",
        add_label="Nouveau signalement",
        template="prevention/support.html",
        rows=tables.supports,
        table=tables.SupportTable,
        filter=filters.SupportFilter,
        form=forms.SupportForm,
        record=lambda form: workflow.add(row=form.instance),
        columns=tables.support_columns,
        exported=itself,
        importer=imports.SUPPORTS,
        kept=retention.SUPPORTS,
        acts=(
            Act(
                "entree",
                "Noter l'entrée",
                forms.EnterForm,
                lambda row: not row.entered_on and not row.declined_on,
            ),
            Act(
                "sortie", "Noter la sortie", forms.ExitForm, lambda row: row.entered_on and not row.exited_on
            ),
            Act(
                "sans-suite",
                "Classer sans suite",
                forms.DeclineForm,
                lambda row: not row.entered_on and not row.declined_on,
            ),
        ),
    ),
    Book(
        scheme=Scheme.PLATFORM,
        slug="plateforme",
        title="Plateforme ADLH",
        about="Les ménages qui sollicitent la plateforme, leurs contacts et leurs accompagnements.",
        add_label="Nouveau contact",
        template="prevention/household.html",
        rows=tables.households,
        table=tables.HouseholdTable,
        filter=filters.HouseholdFilter,
        form=forms.ContactForm,
        record=lambda form: workflow.add_contact(**form.contact()).household,
        columns=tables.platform_columns,
        exported=contacts_and_follow_ups_of,
        importer=platform_imports.CONTACTS,
        kept=retention.HOUSEHOLDS,
        details=("contacts__subjects", "contacts__channels", "follow_ups"),
    ),
    Book(
        scheme=Scheme.REHOUSING,
        slug="relogements",
        title="Relogements",
        about="Les logements attribués à des ménages issus des bidonvilles.",
        add_label="Nouvelle attribution",
        template="prevention/rehousing.html",
        rows=tables.rehousings,
        table=tables.RehousingTable,
        filter=filters.RehousingFilter,
        form=forms.RehousingForm,
        record=lambda form: workflow.add(row=form.instance),
        columns=tables.rehousing_columns,
        exported=itself,
        importer=imports.REHOUSINGS,
        kept=retention.REHOUSINGS,
        acts=(
            Act(
                "glissement",
                "Noter le glissement du bail",
                forms.TransferForm,
                lambda row: not row.lease_transferred_on and not row.ended_on,
            ),
            Act("fin", "Noter la fin du suivi", forms.EndForm, lambda row: not row.ended_on),
        ),
    ),
)


def book_named(slug):
    return next((book for book in BOOKS if book.slug == slug), None)
