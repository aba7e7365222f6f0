"""The association's own spreadsheet: added, corrected, refused line by line, all or nothing; nothing ever crashes."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bail_dabord import imports as bail_dabord_imports
from bail_dabord.models import Household, Tenancy
from bail_dabord.tables import COLUMNS
from logement import imports
from logement.codes import new_code, show_code
from logement.models import PendingImport
from logement.spreadsheets import Heading, Row, Table, to_csv, to_xlsx
from tests.factories import MembershipFactory, UserFactory
from tests.factories.bail_dabord import HouseholdFactory, RegisterFactory, TenancyFactory

IMPORTER = bail_dabord_imports.HOUSEHOLDS
HEADINGS = [field.label for field in IMPORTER.fields]
LINE = {"Adultes": 2, "Enfants": 1, "Provenance": "à la rue", "Connu depuis": "01/2023"}
HOME = {"Entrée": "01/03/2023", "Bail": "Bail glissant", "Parc": "HLM"}


@pytest.fixture
def register(db):
    return RegisterFactory()


@pytest.fixture
def partner(client, register):
    membership = MembershipFactory(
        partner=True, territory=register.territory, organisation=register.organisation
    )
    client.force_login(membership.user)
    return membership.user


def table_of(lines):
    headings = list(dict.fromkeys(heading for line in lines for heading in line))
    return Table(
        "menages.xlsx",
        "Feuille 1",
        ("Feuille 1",),
        tuple(Heading(rank, text) for rank, text in enumerate(headings)),
        tuple(Row(n, tuple(line.get(h) for h in headings)) for n, line in enumerate(lines, start=2)),
    )


def load(register, lines, by=None):
    """(preview, whether it was written) of a file of these lines, sent and confirmed."""
    by = by or UserFactory()
    pending = imports.hold(
        IMPORTER,
        table_of(lines),
        territory=register.territory,
        organisation=register.organisation,
        by=by,
    )
    seen = imports.preview(IMPORTER, pending).seen
    return imports.confirm(IMPORTER, pending, by=by, seen=seen)


def test_a_line_without_code_adds_a_household_with_its_acts(register):
    preview, done = load(register, [LINE | HOME | {"Fin d'accompagnement": date(2023, 9, 1)}])

    tenancy = Tenancy.objects.select_related("household").get()
    household = tenancy.household
    assert done
    assert preview.counts["new"] == 1
    assert (household.adults, household.children, household.origin) == (2, 1, "street")
    assert household.known_since == date(2023, 1, 1)
    assert (tenancy.entered_on, tenancy.lease, tenancy.stock) == (date(2023, 3, 1), "sliding", "public")
    assert tenancy.support_ended_on == date(2023, 9, 1)


def test_a_line_with_a_code_corrects_its_household(register):
    tenancy = TenancyFactory(household__register=register)
    code = show_code(tenancy.household.code)

    preview, done = load(
        register, [{"Code": code, "Adultes": 3, "Provenance": "CHRS", "Glissement": "14/07/2023"}]
    )

    household = Household.objects.select_related("tenancy").get()
    assert done
    assert preview.counts["changed"] == 1
    assert (household.adults, household.origin, household.tenancy.transferred_on) == (
        3,
        "chrs",
        date(2023, 7, 14),
    )
    assert household.tenancy.entered_on == date(2023, 3, 1)


def test_a_line_with_a_code_may_tell_the_entry(register):
    household = HouseholdFactory(register=register)

    _, done = load(register, [LINE | HOME | {"Code": household.code}])

    assert done
    assert Tenancy.objects.get(household=household).lease == "sliding"


@pytest.mark.parametrize("write", [to_csv, lambda columns, rows: to_xlsx(columns, rows, title="Ménages")])
def test_what_is_exported_comes_back_without_change(client, partner, register, write):
    TenancyFactory(household__register=register, transferred_on=date(2023, 4, 1))
    HouseholdFactory(register=register)
    rows = list(Household.objects.select_related("tenancy"))
    name = "menages.csv" if write is to_csv else "menages.xlsx"
    upload = reverse("bail_dabord:import_households", args=[register.territory.code])

    answer = client.post(upload, {"file": SimpleUploadedFile(name, write(COLUMNS, rows))}, follow=True)

    counts = answer.context["preview"].counts
    assert {state: counts[state] for state in ("same", "new", "changed", "faulty")} == {
        "same": 2,
        "new": 0,
        "changed": 0,
        "faulty": 0,
    }


@pytest.mark.parametrize(
    ("change", "label", "sentence"),
    [
        ({"Adultes": "deux"}, "Adultes", "n'est pas un nombre"),
        ({"Adultes": 0, "Enfants": 0}, "Adultes", "au moins une personne"),
        ({"Provenance": "lune"}, "Provenance", "n'est pas dans la liste"),
        ({"Provenance": None}, "Provenance", "est vide"),
        ({"Entrée": "30/02/2023"}, "Entrée", "n'est pas une date"),
        ({"Entrée": "01/10/2019"}, "Entrée", "compte depuis le 01/11/2019"),
        ({"Entrée": "01/03/2099"}, "Entrée", "pas encore passée"),
        ({"Bail": None}, "Bail", "Choisissez le bail"),
        ({"Entrée": None}, "Entrée", "pas de date d'entrée"),
        ({"Glissement": "01/02/2023"}, "Glissement", "précède l'entrée"),
        ({"Bail": "Bail direct", "Glissement": "01/05/2023"}, "Glissement", "ne glisse pas"),
        ({"Code": "ABC"}, "Code", "n'est pas un code"),
    ],
)
def test_a_wrong_line_says_its_cell_and_nothing_is_written(register, change, label, sentence):
    preview, done = load(register, [LINE | HOME, LINE | HOME | change])

    told = [(number, where) for number, _, where, words in preview.told("faults") if sentence in words]
    assert (3, label) in told
    assert not done
    assert Household.objects.count() == 0


def test_the_code_of_another_association_is_refused_as_one_that_does_not_exist(register):
    theirs = TenancyFactory(household__register=RegisterFactory(territory=register.territory)).household
    before = Household.objects.values_list("adults", "origin").get()

    refusals = [
        load(register, [LINE | {"Code": code}])[0].told("faults") for code in (theirs.code, new_code())
    ]

    masked = [[words[words.index(" ") :] for *_, words in told] for told in refusals]
    assert masked[0] == masked[1] != []
    assert Household.objects.values_list("adults", "origin").get() == before


def test_two_lines_of_one_code_are_refused(register):
    household = HouseholdFactory(register=register)

    preview, done = load(register, [LINE | {"Code": household.code}] * 2)

    assert not done
    assert "déjà à la ligne 2" in preview.told("faults")[0][3]


def test_a_column_of_names_never_enters(register):
    pending = imports.hold(
        IMPORTER,
        table_of([LINE | {"Nom": "Canari", "Date de naissance": "01/01/1980"}]),
        territory=register.territory,
        organisation=register.organisation,
        by=UserFactory(),
    )

    assert "Canari" not in pending.content
    assert "1980" not in pending.content
    assert pending.dropped == ["Nom", "Date de naissance"]


def test_a_lease_that_crosses_what_is_kept_is_refused_on_its_line(register):
    """The file alone is in order; with the entry that the register holds, it is not."""
    tenancy = TenancyFactory(household__register=register, entered_on=date(2023, 6, 1))

    preview, done = load(
        register, [LINE | {"Code": tenancy.household.code, "Glissement": "01/02/2023"}, LINE]
    )

    assert not done
    assert [(line, "précède l'entrée" in words) for line, _, _, words in preview.told("faults")] == [
        (2, True)
    ]
    assert Household.objects.count() == 1


def test_an_association_without_the_register_imports_nothing(register):
    register.is_open = False
    register.save()

    preview, done = load(register, [LINE])

    assert not done
    assert "ne tient pas ce registre" in preview.told("faults")[0][3]


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(-(10**20), 10**20),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.booleans(),
    st.sampled_from(["01/03/2023", "2", "rue", "Bail direct", "=1+1", "\u202e", "é" * 300]),
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from(HEADINGS), CELLS), min_size=1, max_size=4))
def test_any_table_is_written_whole_or_refused_in_french(lines):
    with transaction.atomic():
        preview, done = load(RegisterFactory(), [dict.fromkeys(HEADINGS) | line for line in lines])
        count, told = Household.objects.count(), preview.told("faults")
        transaction.set_rollback(True)

    assert count == (len(lines) if done else 0)
    assert done or told or preview.missing
    assert [words for *_, words in told if not words.strip()] == []


@pytest.mark.parametrize("raw", [b"", b"\0" * 50, b"PK\x03\x04truncated", b"Code;Adultes\r\n\xff\xfe;=cmd()"])
@pytest.mark.parametrize("name", ["a.xlsx", "a.ods", "a.csv", "a.exe"])
def test_any_file_is_answered(client, partner, register, raw, name):
    upload = reverse("bail_dabord:import_households", args=[register.territory.code])

    answer = client.post(upload, {"file": SimpleUploadedFile(name, raw)}, follow=True)

    assert answer.status_code in {200, 422}
    assert Household.objects.count() == 0


def test_the_model_has_the_headings_that_are_recognised(client, partner, register):
    answer = client.get(reverse("bail_dabord:import_households_model", args=[register.territory.code]))

    headings = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()[0]
    table = table_of([dict.fromkeys(headings)])
    assert list(imports.propose(IMPORTER, table, {}).values()) == [field.name for field in IMPORTER.fields]
    assert PendingImport.objects.count() == 0
