"""What the registers export is what they import: into the same register nothing changes, into another the same rows."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logement import imports
from logement.codes import show_code
from logement.spreadsheets import Heading, Row, Table, read_table, to_xlsx
from prevention.books import BOOKS, book_named
from prevention.models import Contact, FollowUp, Household, Rehousing, Support
from tests.factories import OrganisationFactory, UserFactory
from tests.factories.prevention import (
    ContactFactory,
    FollowUpFactory,
    HouseholdFactory,
    RegisterFactory,
    RehousingFactory,
    SupportFactory,
)
from tests.prevention.test_figures import undone

pytestmark = pytest.mark.django_db
PLATFORM = book_named("plateforme")
SUPPORT_FIELDS = "landlord referred_on stage reason entered_on exited_on outcome declined_on".split()
REHOUSING_FIELDS = "allocated_on lease_transferred_on ended_on".split()
by_book = pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.slug)


def load(book, register, table):
    """(preview, whether it was written) of a table, given and confirmed."""
    by = UserFactory()
    owner = {"territory": register.territory, "organisation": register.organisation}
    pending = imports.hold(book.importer, table, by=by, **owner)
    seen = imports.preview(book.importer, pending).seen
    return imports.confirm(book.importer, pending, by=by, seen=seen)


def table_of(lines):
    headings = list(dict.fromkeys(heading for line in lines for heading in line))
    return Table(
        "suivi.xlsx",
        "Feuille 1",
        ("Feuille 1",),
        tuple(Heading(rank, text) for rank, text in enumerate(headings)),
        tuple(Row(n, tuple(line.get(h) for h in headings)) for n, line in enumerate(lines, start=2)),
    )


def exported(book, register):
    rows = book.exported(book.rows().living().filter(register=register))
    return read_table(to_xlsx(book.columns(), rows, title=book.title), name="export.xlsx")


def renamed(table, old, new):
    """The same table with another heading; as whoever moves to another register does of the codes."""
    headings = tuple(Heading(h.column, new if h.text == old else h.text) for h in table.headings)
    return Table(table.name, table.sheet, table.sheets, headings, table.rows)


def fill(book, register):
    """Rows in every state that the register knows."""
    match book.slug:
        case "accompagnements":
            for state in ({}, {"ongoing": True}, {"closed": True}, {"declined": True}):
                support = SupportFactory(register=register, **state)
                support.landlord.territories.add(register.territory)
            SupportFactory(register=register, closed=True, outcome="unknown", landlord=support.landlord)
        case "relogements":
            RehousingFactory(register=register)
            RehousingFactory(register=register, transferred=True)
            RehousingFactory(register=register, transferred=True, ended_on=date(2024, 2, 29))
        case _:
            fill_platform(register)


def fill_platform(register):
    """A household for each outcome, « en cours » and « inconnue » included; one with several of everything."""
    ends = ("ongoing", "rehoused", "sheltered", "redirected", "kept", "unknown")
    for outcome in ends:
        household = ContactFactory(household__register=register).household
        ended_on = None if outcome == "ongoing" else date(2023, 6, 1)
        FollowUpFactory(household=household, ended_on=ended_on, outcome=outcome)
    FollowUpFactory(household=household, subject="unfit", started_on=date(2023, 5, 1))
    ContactFactory(household=household, contacted_on=date(2023, 12, 31), channels=["phone", "in_person"])
    ContactFactory(household=household, subjects=["eviction", "unfit"], channels=["written"])
    ContactFactory(household__register=register, subjects=["other"])


def held(book, register):
    """What a register holds, without the codes."""
    match book.slug:
        case "accompagnements":
            return sorted(Support.objects.filter(register=register).values_list(*SUPPORT_FIELDS), key=repr)
        case "relogements":
            found = Rehousing.objects.filter(register=register).values_list(*REHOUSING_FIELDS)
            return sorted(found, key=repr)
        case _:
            return sorted(map(said_by, Household.objects.filter(register=register)))


def said_by(household):
    contacts = [
        (
            row.contacted_on,
            sorted(row.subjects.values_list("subject", flat=True)),
            sorted(row.channels.values_list("channel", flat=True)),
        )
        for row in household.contacts.all()
    ]
    supports = household.follow_ups.values_list("subject", "started_on", "ended_on", "outcome")
    return repr((sorted(contacts), sorted(supports, key=repr)))


@by_book
def test_an_export_has_every_column_that_its_import_takes(book):
    proposed = imports.propose(book.importer, table_of([dict.fromkeys(book.columns())]), {})

    taken = {field.name for field in book.importer.fields} - {"mark"}
    assert (set(proposed.values()), len(proposed)) == (taken, len(taken))


@by_book
def test_an_export_given_back_changes_nothing(book):
    register = RegisterFactory(scheme=book.scheme)
    fill(book, register)
    before = held(book, register)

    preview, _ = load(book, register, exported(book, register))

    assert set(preview.counts) == {"same"}
    assert held(book, register) == before


@by_book
def test_an_export_given_to_another_association_makes_the_same_rows(book):
    register = RegisterFactory(scheme=book.scheme)
    elsewhere = RegisterFactory(scheme=book.scheme, territory=register.territory)
    fill(book, register)
    heading = "Repère" if book is PLATFORM else "Ancien numéro"

    preview, done = load(book, elsewhere, renamed(exported(book, register), "Code", heading))

    assert (done, preview.told("faults")) == (True, [])
    assert held(book, elsewhere) == held(book, register) != []


# --- The supports of the platform ---

FOLLOWED = {
    "Sujet de l'accompagnement": "expulsion",
    "Accompagnement commencé le": "01/02/2023",
    "Accompagnement achevé le": "",
    "Issue": "",
}
CONTACT = {"Contact du": "01/02/2023", "Sujets": "expulsion", "Canaux": "tel"}


@pytest.fixture
def platform():
    return RegisterFactory(platform=True)


def test_a_line_may_tell_a_contact_and_its_support(platform):
    end = {"Accompagnement achevé le": "01/06/2023", "Issue": "Maintenu dans le logement"}
    _, done = load(PLATFORM, platform, table_of([CONTACT | FOLLOWED | end, CONTACT | FOLLOWED]))

    found = FollowUp.objects.order_by("pk").values_list("subject", "started_on", "ended_on", "outcome")
    assert done
    assert list(found) == [
        ("eviction", date(2023, 2, 1), date(2023, 6, 1), "kept"),
        ("eviction", date(2023, 2, 1), None, "ongoing"),
    ]


def test_a_support_may_stand_above_the_contact_of_its_mark(platform):
    load(PLATFORM, platform, table_of([FOLLOWED | {"Repère": "12"}, CONTACT | {"Repère": "12"}]))

    assert (Household.objects.count(), Contact.objects.count(), FollowUp.objects.count()) == (1, 1, 1)


def test_a_support_is_ended_by_its_code_then_corrected(platform):
    row = FollowUpFactory(household=ContactFactory(household__register=platform).household)
    line = FOLLOWED | {"Code": show_code(row.household.code)}
    found = []
    for end, outcome in (("01/06/2023", "inconnue"), ("02/06/2023", "relogé"), ("", "En cours")):
        load(PLATFORM, platform, table_of([line | {"Accompagnement achevé le": end, "Issue": outcome}]))
        found.append(FollowUp.objects.values_list("ended_on", "outcome").get())

    assert found == [(date(2023, 6, 1), "unknown"), (date(2023, 6, 2), "rehoused"), (None, "ongoing")]
    assert Contact.objects.count() == 1


def test_a_column_that_the_file_lacks_changes_nothing(platform):
    household = ContactFactory(household__register=platform).household
    FollowUpFactory(household=household, closed=True)
    line = {name: FOLLOWED[name] for name in list(FOLLOWED)[:2]}

    preview, _ = load(PLATFORM, platform, table_of([line | {"Code": household.code}]))

    assert dict(preview.counts) == {"same": 1}


@pytest.mark.parametrize(
    ("line", "label", "sentence"),
    [
        ({}, "Contact du", "ni contact ni accompagnement"),
        (CONTACT | {"Canaux": ""}, "Canaux", "Écrivez le ou les canaux"),
        (CONTACT | FOLLOWED | {"Accompagnement achevé le": "02/03/2023"}, "Issue", "« Inconnue »"),
        (CONTACT | FOLLOWED | {"Issue": "relogé"}, "Accompagnement achevé le", "demande le jour"),
        (
            CONTACT | FOLLOWED | {"Accompagnement achevé le": "31/01/2023", "Issue": "inconnue"},
            "Accompagnement achevé le",
            "précède le début",
        ),
        (
            CONTACT | FOLLOWED | {"Sujet de l'accompagnement": ""},
            "Sujet de l'accompagnement",
            "sur quel sujet",
        ),
        (FOLLOWED, "Code", "n'est d'aucun ménage"),
    ],
)
def test_a_wrong_line_says_its_cell_and_nothing_is_written(platform, line, label, sentence):
    whole = dict.fromkeys([*CONTACT, *FOLLOWED, "Code", "Repère"]) | {"Repère": "1"}
    preview, done = load(PLATFORM, platform, table_of([whole | CONTACT, whole | {"Repère": "2"} | line]))

    assert [(n, where) for n, _, where, words in preview.told("faults") if sentence in words] == [(3, label)]
    assert (done, Household.objects.count()) == (False, 0)


def test_two_supports_at_once_on_a_subject_are_refused_on_their_line(platform):
    row = FollowUpFactory(household=ContactFactory(household__register=platform).household)
    line = FOLLOWED | {"Code": row.household.code, "Accompagnement commencé le": "01/05/2023"}

    preview, done = load(PLATFORM, platform, table_of([dict.fromkeys(line) | CONTACT, line]))

    assert [(n, "déjà accompagné" in words) for n, *_, words in preview.told("faults")] == [(3, True)]
    assert (done, FollowUp.objects.count(), Contact.objects.count()) == (False, 1, 1)


# --- Any table ---

CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(-(10**20), 10**20),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.booleans(),
    st.sampled_from(
        [
            "01/03/2023",
            "29/02/2024",
            "expulsion",
            "tel",
            "1",
            "Impayés",
            "inconnue",
            "Relogement",
            "=1+1",
            ",",
            "é" * 300,
        ]
    ),
)


VALID = {
    "accompagnements": {
        "Bailleur": "Bailleur A",
        "Signalé le": "01/03/2023",
        "Stade": "Impayés",
        "Motif": "Autre",
    },
    "plateforme": CONTACT | FOLLOWED,
    "relogements": {"Attribué le": "01/03/2023"},
}


@by_book
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_table_is_written_whole_or_refused_in_french(book, data):
    headings = [field.label for field in book.importer.fields]
    drawn = st.lists(st.dictionaries(st.sampled_from(headings), CELLS), min_size=1, max_size=4)
    base = dict.fromkeys(headings) | data.draw(st.sampled_from([{}, VALID[book.slug]]))
    lines = [base | line for line in data.draw(drawn)]
    with undone():
        register = RegisterFactory(scheme=book.scheme)
        OrganisationFactory(name="Bailleur A").territories.add(register.territory)
        preview, done = load(book, register, table_of(lines))
        written = held(book, register)
        told = preview.told("faults")

    assert done or told or preview.missing
    assert bool(written) == done
    assert [words for *_, words in told if not words.strip()] == []


def test_a_household_without_a_row_is_exported_as_nothing(platform):
    HouseholdFactory(register=platform)

    assert PLATFORM.exported(PLATFORM.rows()) == []
