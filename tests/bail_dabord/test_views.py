"""The pages: who opens them, what they write, and that nothing of an association shows to another."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bail_dabord.models import Claim, ContractedPlaces, Household, Referral, Tenancy
from logement.codes import new_code, show_code
from logement.models import AccessLog
from tests.factories import MembershipFactory, TerritoryFactory
from tests.factories.bail_dabord import (
    ClaimFactory,
    CommissionFactory,
    ContractedPlacesFactory,
    HouseholdFactory,
    ReferralFactory,
    RegisterFactory,
    TenancyFactory,
)

pytestmark = pytest.mark.postgresql

#: What every page has of its own: the token of its forms, the nonce of its scripts.
CHANGING = re.compile(rb'(?:nonce|"X-CSRFToken"|value)[=:] ?"[^"]{22,}"')
SECTIONS = ("candidatures", "fonds", "commissions", "places")
ACTS = ("glissement", "fin-de-bail", "fin-accompagnement")
ENTRY = {"entered_on": "2023-03-01", "lease": "sliding", "stock": "public"}
HOUSEHOLD = {"known_since": "2023-01", "adults": "2", "children": "1", "origin": "street"}


@pytest.fixture
def territory(db):
    return TerritoryFactory()


@pytest.fixture
def register(territory):
    """Of the association of whoever is signed in by `partner`."""
    return RegisterFactory(territory=territory)


@pytest.fixture
def partner(client, register):
    membership = MembershipFactory(
        partner=True, territory=register.territory, organisation=register.organisation
    )
    client.force_login(membership.user)
    return membership.user


@pytest.fixture
def tenancy(register):
    return TenancyFactory(household__register=register)


def url(name, territory, *args):
    return reverse(f"bail_dabord:{name}", args=[territory.code, *args])


def pages(territory, household, records):
    """(name, address) of every page of the register that an association opens."""
    own = {
        name: url(name, territory)
        for name in ("index", "households", "add_household", "export", "import_households")
    }
    own["import_households_model"] = url("import_households_model", territory)
    for name in ("household", "enter", "correct", "erase"):
        own[name] = url(name, territory, household.code)
    own |= {slug: url("act", territory, household.code, slug) for slug in ACTS}
    for slug, record in records.items():
        own[slug] = url("records", territory, slug)
        own[f"add {slug}"] = url("add_record", territory, slug)
        own[f"edit {slug}"] = url("edit_record", territory, slug, record.pk)
    return own


@pytest.fixture
def records(register):
    return {
        "candidatures": ReferralFactory(register=register, service="Canari bleu"),
        "fonds": ClaimFactory(register=register, asked=7654, granted=4321),
        "commissions": CommissionFactory(register=register),
        "places": ContractedPlacesFactory(register=register, places=1789),
    }


# --- Doors ---


def test_an_association_opens_every_page(client, partner, territory, tenancy, records):
    found = {
        name: client.get(address).status_code
        for name, address in pages(territory, tenancy.household, records).items()
    }

    assert {name for name, status in found.items() if status != 200} == {"index"}
    assert found["index"] == 302


@pytest.mark.parametrize("role", ["partner", "lead", "reader", "ddets", "dihal", "administrator"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_opens_a_page(client, territory, tenancy, records, role, method):
    """A partner is here that of association B, which keeps the register too."""
    organisation = RegisterFactory(territory=territory).organisation
    membership = MembershipFactory(**{role: True}, territory=territory, organisation=organisation)
    client.force_login(membership.user)
    addresses = pages(territory, tenancy.household, records)
    shared = {
        "index",
        "households",
        "add_household",
        "export",
        "import_households",
        "import_households_model",
    }
    shared |= {name for name in addresses if name in SECTIONS or name.startswith("add ")}
    closed = [name for name in addresses if role != "partner" or name not in shared]
    # Post is not for pages that only read, whoever asks; the lead's door leads to counts.
    refused = {404} if method == "get" else {404, 405}
    closed = [name for name in closed if (role, name) != ("lead", "index")]

    found = {name: getattr(client, method)(addresses[name]).status_code for name in closed}

    assert {name for name, status in found.items() if status not in refused} == set()


def test_the_page_of_another_is_the_one_of_a_code_that_does_not_exist(client, partner, territory):
    theirs = TenancyFactory(household__register=RegisterFactory(territory=territory)).household

    answers = [client.get(url("household", territory, code)) for code in (theirs.code, new_code(), "rien")]

    assert {answer.status_code for answer in answers} == {404}
    assert len({CHANGING.sub(b"", answer.content) for answer in answers}) == 1


def test_without_the_scheme_an_association_sees_nothing_of_it(client, territory):
    client.force_login(MembershipFactory(partner=True, territory=territory).user)

    found = {
        client.get(url(name, territory)).status_code for name in ("households", "add_household", "export")
    }

    assert found == {404}
    assert client.get(url("import_households", territory)).status_code == 404
    assert client.get(url("records", territory, "fonds")).status_code == 404


def test_a_closed_register_shows_nothing_more(client, partner, register, tenancy):
    register.is_open = False
    register.save()

    assert client.get(url("households", register.territory)).status_code == 404
    assert client.get(url("household", register.territory, tenancy.household.code)).status_code == 404


def test_nothing_of_an_association_shows_to_another(client, partner, territory, register):
    """The canaries of B: a code, a service, amounts, places; A has rows of its own in every list."""
    theirs = RegisterFactory(territory=territory)
    code = TenancyFactory(household__register=theirs).household.code
    ReferralFactory(register=theirs, service="Canari jaune")
    ClaimFactory(register=theirs, asked=98765)
    ContractedPlacesFactory(register=theirs, places=4567)
    mine = TenancyFactory(household__register=register).household
    ReferralFactory(register=register, service="Canari bleu")
    addresses = [url("households", territory), *(url("records", territory, slug) for slug in SECTIONS)]

    seen = "".join(client.get(address).content.decode() for address in addresses)
    book = client.post(url("export", territory), {"reason": "Bilan"}).content
    exported = str(CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python())

    assert show_code(mine.code) in seen
    assert show_code(mine.code) in exported
    assert "Canari bleu" in seen
    leaks = ("Canari jaune", code, show_code(code), "98 765", "98\u202f765", "4567", str(theirs.organisation))
    assert [leak for leak in leaks if leak in seen + exported] == []


def test_the_lead_sees_counts_and_no_row(client, territory, tenancy, records):
    client.force_login(MembershipFactory(lead=True, territory=territory).user)

    answer = client.get(url("counts_of_year", territory, 2023))
    seen = answer.content.decode()

    numbers = {figure.key: number for figure, number, _ in answer.context["rows"]}
    assert numbers["bail_dabord.households_entered"] == 1
    assert numbers["bail_dabord.amount_granted"] == 4321
    leaks = (show_code(tenancy.household.code), "Canari bleu", str(tenancy.household.register.organisation))
    assert [leak for leak in leaks if leak in seen] == []


@pytest.mark.parametrize("role", ["partner", "reader", "ddets", "dihal", "administrator"])
def test_counts_are_for_the_lead(client, register, role):
    client.force_login(MembershipFactory(**{role: True}, territory=register.territory).user)

    assert client.get(url("counts", register.territory)).status_code == 404


def test_counts_of_a_territory_without_register_do_not_exist(client, territory):
    client.force_login(MembershipFactory(lead=True, territory=territory).user)

    assert client.get(url("counts", territory)).status_code == 404


@pytest.mark.parametrize(("role", "name"), [("partner", "households"), ("lead", "counts")])
def test_the_door_leads_each_to_their_page(client, register, role, name):
    territory = register.territory
    membership = MembershipFactory(**{role: True}, territory=territory, organisation=register.organisation)
    client.force_login(membership.user)

    answer = client.get(url("index", territory))

    assert (answer.status_code, answer.url) == (302, url(name, territory))


# --- Lists ---


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_whatever_its_length(
    client, partner, territory, register, count, django_assert_num_queries
):
    for _ in range(count):
        TenancyFactory(household__register=register)
    with django_assert_num_queries(9):
        answer = client.get(url("households", territory))
    assert len(answer.context["table"].rows) == count


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("slug", SECTIONS)
def test_records_take_the_same_queries_whatever_their_length(
    client, partner, territory, register, slug, count, django_assert_num_queries
):
    for rank in range(count):
        match slug:
            case "candidatures":
                ReferralFactory(register=register)
            case "fonds":
                ClaimFactory(register=register)
            case "commissions":
                CommissionFactory(register=register, held_on=date(2023, 1, rank + 1))
            case "places":
                ContractedPlacesFactory(register=register, year=2021 + rank)
    with django_assert_num_queries(8):
        answer = client.get(url("records", territory, slug))
    assert len(answer.context["table"].rows) == count


@pytest.fixture
def three(register):
    """One that waits, one that is followed, one whose support is over."""
    waits = HouseholdFactory(register=register, origin="chrs")
    followed = TenancyFactory(household__register=register, lease="sublet", transferred_on=date(2023, 5, 2))
    over = TenancyFactory(
        household__register=register, stock="private", entered_on=date(2022, 1, 1), ended=True
    )
    return {"waits": waits, "followed": followed.household, "over": over.household}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"situation": "a-loger"}, {"waits"}),
        ({"situation": "accompagnes"}, {"followed"}),
        ({"situation": "glisses"}, {"followed"}),
        ({"situation": "termines"}, {"over"}),
        ({"provenance": "chrs"}, {"waits"}),
        ({"bail": "sublet"}, {"followed"}),
        ({"parc": "private"}, {"over"}),
        ({"entree": "2022"}, {"over"}),
        ({"code": "rien"}, set()),
        ({"sort": "-entered_on"}, {"waits", "followed", "over"}),
        ({"sort": "stage", "page": "99"}, {"waits", "followed", "over"}),
    ],
)
def test_list_filters(client, partner, territory, three, query, expected):
    rows = client.get(url("households", territory), query).context["table"].data

    assert {name for name, household in three.items() if household in list(rows)} == expected


def test_list_finds_a_code_as_it_is_written_on_paper(client, partner, territory, three):
    typed = show_code(three["over"].code).lower()

    rows = client.get(url("households", territory), {"code": typed}).context["table"].data

    assert list(rows) == [three["over"]]


# --- Acts ---


def test_quick_entry_adds_a_household_with_its_entry_and_opens_the_next(client, partner, territory, register):
    answer = client.post(url("add_household", territory), HOUSEHOLD | ENTRY | {"again": "1"}, follow=True)

    tenancy = Tenancy.objects.select_related("household").get()
    assert answer.redirect_chain == [(url("add_household", territory), 302)]
    assert show_code(tenancy.household.code) in answer.content.decode()
    assert (tenancy.household.register, tenancy.household.adults, tenancy.household.known_since) == (
        register,
        2,
        date(2023, 1, 1),
    )
    assert (tenancy.entered_on, tenancy.lease, tenancy.stock) == (date(2023, 3, 1), "sliding", "public")


def test_a_household_may_wait_for_its_home(client, partner, territory):
    client.post(url("add_household", territory), HOUSEHOLD)

    assert Household.objects.count() == 1
    assert Tenancy.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"adults": "0", "children": "0"}, "au moins une personne"),
        ({"adults": ""}, "obligatoire"),
        ({"origin": "moon"}, "choix valide"),
        ({"lease": ""}, "Choisissez le bail"),
        ({"entered_on": ""}, "Écrivez la date d&#x27;entrée"),
        ({"entered_on": "2019-10-31"}, "compte depuis le 01/11/2019"),
        ({"entered_on": "2099-01-01"}, "pas encore passé"),
        ({"known_since": "hier"}, "Ce mois n&#x27;existe pas"),
        ({"adults": "\0"}, "nombre entier"),
    ],
)
def test_a_household_that_is_wrong_is_refused_in_french(client, partner, territory, change, sentence):
    answer = client.post(url("add_household", territory), HOUSEHOLD | ENTRY | change)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Household.objects.count() == 0


def test_entry_of_a_household_that_waited(client, partner, territory, register):
    household = HouseholdFactory(register=register)

    answer = client.post(url("enter", territory, household.code), ENTRY)

    assert answer.url == url("household", territory, household.code)
    assert Tenancy.objects.get().entered_on == date(2023, 3, 1)


def test_an_entry_without_its_day_is_refused(client, partner, territory, register):
    household = HouseholdFactory(register=register)

    answer = client.post(url("enter", territory, household.code), ENTRY | {"entered_on": ""})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["entered_on"])


def test_entering_twice_keeps_the_first(client, partner, territory, tenancy):
    answer = client.post(
        url("enter", territory, tenancy.household.code), ENTRY | {"entered_on": "2023-06-01"}
    )

    assert answer.status_code == 409
    assert Tenancy.objects.get().entered_on == date(2023, 3, 1)


@pytest.mark.parametrize(
    ("slug", "field"),
    [
        ("glissement", "transferred_on"),
        ("fin-de-bail", "lease_ended_on"),
        ("fin-accompagnement", "support_ended_on"),
    ],
)
def test_an_act_writes_its_own_date(client, partner, territory, tenancy, slug, field):
    client.post(url("act", territory, tenancy.household.code, slug), {"day": "2023-07-14", "version": "1"})

    saved = Tenancy.objects.get()
    dates = {name: getattr(saved, name) for name in ("transferred_on", "lease_ended_on", "support_ended_on")}
    assert dates == dict.fromkeys(dates) | {field: date(2023, 7, 14)}


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("2023-02-28", "précède l&#x27;entrée"), ("2099-01-01", "pas encore passé"), ("", "obligatoire")],
)
@pytest.mark.parametrize("slug", ACTS)
def test_an_act_out_of_order_is_refused(client, partner, territory, tenancy, slug, day, sentence):
    answer = client.post(url("act", territory, tenancy.household.code, slug), {"day": day, "version": "1"})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Tenancy.objects.get().support_ended_on is None


def test_an_act_on_a_household_that_changed_meanwhile_is_told_and_not_written(
    client, partner, territory, tenancy
):
    address = url("act", territory, tenancy.household.code, "fin-accompagnement")
    client.post(address, {"day": "2023-07-14", "version": "1"})

    answer = client.post(address, {"day": "2023-09-01", "version": "1"})

    assert answer.status_code == 409
    assert 'value="2023-09-01"' in answer.content.decode()
    assert Tenancy.objects.get().support_ended_on == date(2023, 7, 14)


def test_a_correction_may_take_a_date_away(client, partner, territory, tenancy):
    Tenancy.objects.update(support_ended_on=date(2023, 5, 5))
    household = tenancy.household

    client.post(
        url("correct", territory, household.code),
        HOUSEHOLD | ENTRY | {"support_ended_on": "", "version": "1", "adults": "3"},
    )

    saved = Household.objects.select_related("tenancy").get()
    assert (saved.adults, saved.tenancy.support_ended_on, saved.version) == (3, None, 2)


def test_a_correction_of_a_household_that_waits(client, partner, territory, register):
    household = HouseholdFactory(register=register)

    client.post(url("correct", territory, household.code), HOUSEHOLD | {"version": "1"})

    assert Household.objects.get().origin == "street"


def test_erasure_leaves_counts_and_no_page(client, partner, territory, register):
    household = TenancyFactory(household__register=register, ended=True).household

    answer = client.post(url("erase", territory, household.code))

    assert answer.url == url("households", territory)
    assert client.get(url("household", territory, household.code)).status_code == 404


def test_who_keeps_two_registers_says_which(client, partner, territory, register):
    other = RegisterFactory(territory=territory)
    MembershipFactory(partner=True, user=partner, territory=territory, organisation=other.organisation)

    refused = client.post(url("add_household", territory), HOUSEHOLD)
    client.post(url("add_household", territory), HOUSEHOLD | {"register": other.pk})

    assert refused.status_code == 422
    assert Household.objects.get().register == other


# --- Other rows ---


@pytest.mark.parametrize(
    ("slug", "data", "model", "expected"),
    [
        (
            "candidatures",
            {"received_on": "2023-02-01", "service": "  CHU   Lapeyronie ", "status": "accepted"},
            Referral,
            {"service": "CHU Lapeyronie", "service_key": "chu lapeyronie", "status": "accepted"},
        ),
        (
            "fonds",
            {"claimed_on": "2023-02-01", "nature": "hotel", "asked": "1 234,50", "granted": ""},
            Claim,
            {"asked": 1234.5, "granted": None, "nature": "hotel"},
        ),
        ("places", {"year": "2024", "places": "12", "staff": "1,5"}, ContractedPlaces, {"staff": 1.5}),
    ],
)
def test_add_a_record(client, partner, territory, register, slug, data, model, expected):
    answer = client.post(url("add_record", territory, slug), data)

    row = model.objects.get()
    assert answer.url == url("records", territory, slug)
    assert row.register == register
    assert {name: getattr(row, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("slug", "data", "sentence"),
    [
        (
            "fonds",
            {"claimed_on": "2023-02-01", "nature": "hotel", "asked": "10", "granted": "11"},
            "montant demandé",
        ),
        ("fonds", {"claimed_on": "2023-02-01", "nature": "hotel", "asked": "1e9"}, "un nombre"),
        ("commissions", {"held_on": "2099-01-01"}, "pas encore passé"),
        ("places", {"year": "1900", "places": "1", "staff": "1"}, "2000"),
        ("candidatures", {"received_on": "2023-02-01", "service": " ", "status": "accepted"}, "obligatoire"),
        ("candidatures", {"received_on": "2023-02-01", "service": "...", "status": "accepted"}, "service"),
    ],
)
def test_a_record_that_is_wrong_is_refused(client, partner, territory, slug, data, sentence):
    answer = client.post(url("add_record", territory, slug), data)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_service_that_looks_like_a_person_is_told_then_kept(client, partner, territory):
    data = {"received_on": "2023-02-01", "service": "Mme Martin", "status": "accepted"}

    first = client.post(url("add_record", territory, "candidatures"), data)
    again = first.context["form"].data["texts_reread"]
    client.post(url("add_record", territory, "candidatures"), data | {"texts_reread": again})

    assert first.status_code == 422
    assert "désigner une personne" in first.content.decode()
    assert Referral.objects.get().service == "Mme Martin"


def test_correct_then_remove_a_record(client, partner, territory, register):
    claim = ClaimFactory(register=register)
    data = {"claimed_on": "2023-02-01", "nature": "hotel", "asked": "80", "granted": "0"}

    client.post(url("edit_record", territory, "fonds", claim.pk), data)
    corrected = Claim.objects.get()
    client.post(url("remove_record", territory, "fonds", claim.pk))

    assert (corrected.pk, corrected.asked, corrected.granted) == (claim.pk, 80, 0)
    assert Claim.objects.count() == 0


# --- Access log and export ---


def test_reads_and_exports_are_logged(client, partner, territory, register, tenancy):
    client.get(url("households", territory))
    client.get(url("household", territory, tenancy.household.code))
    client.get(url("records", territory, "fonds"))
    client.post(url("export", territory), {"reason": "Bilan annuel"})

    found = AccessLog.objects.order_by("pk").values_list("act", "register", "rows", "reason", "email")
    assert list(found) == [
        ("list", "Bail d'abord : ménages", 1, "", partner.email),
        ("row", "Bail d'abord : ménages", 1, "", partner.email),
        ("list", "Bail d'abord : fonds de sécurisation", 0, "", partner.email),
        ("export", "Bail d'abord : ménages", 1, "Bilan annuel", partner.email),
    ]
    assert {log.organisation for log in AccessLog.objects.all()} == {register.organisation}


def test_an_export_without_reason_gives_nothing(client, partner, territory, tenancy):
    answer = client.post(url("export", territory), {"reason": " "})

    assert answer.status_code == 422
    assert AccessLog.objects.count() == 0


def test_export_holds_the_rows_and_no_identity(client, partner, territory, tenancy):
    answer = client.post(url("export", territory), {"reason": "Bilan"})

    headings, row = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert headings[:4] == ["Code", "Connu depuis", "Adultes", "Enfants"]
    assert row[:8] == [
        show_code(tenancy.household.code),
        date(2019, 11, 1),
        1,
        0,
        "Hébergement d'urgence",
        date(2023, 3, 1),
        "Bail glissant",
        "Parc public",
    ]
