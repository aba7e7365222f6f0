"""The pages: who opens them, what they write, and that nothing of an association shows to another."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from logement.codes import new_code, show_code
from logement.models import AccessLog
from prevention.models import Contact, FollowUp, Household, Rehousing, Support
from tests.factories import MembershipFactory, OrganisationFactory, TerritoryFactory
from tests.factories.prevention import (
    ContactFactory,
    FollowUpFactory,
    RegisterFactory,
    RehousingFactory,
    SupportFactory,
)
from tests.prevention.test_figures import undone

pytestmark = pytest.mark.postgresql

SLUGS = {"support": "accompagnements", "platform": "plateforme", "rehousing": "relogements"}
ACTS = {
    "accompagnements": ("entree", "sans-suite", "corriger"),
    "plateforme": (),
    "relogements": ("glissement", "fin", "corriger"),
}
IMPORTS = {"accompagnements": "supports", "plateforme": "contacts", "relogements": "rehousings"}


@pytest.fixture
def territory(db):
    return TerritoryFactory()


@pytest.fixture
def association(territory):
    """That of whoever is signed in by `partner`; it keeps the three registers."""
    association = OrganisationFactory(name="Association lectrice")
    association.territories.add(territory)
    return association


@pytest.fixture
def registers(territory, association):
    return {
        scheme: RegisterFactory(territory=territory, organisation=association, scheme=scheme)
        for scheme in SLUGS
    }


@pytest.fixture
def partner(client, territory, association, registers):
    membership = MembershipFactory(partner=True, territory=territory, organisation=association)
    client.force_login(membership.user)
    return membership.user


@pytest.fixture
def landlord(territory):
    landlord = OrganisationFactory(name="Bailleur de la ville")
    landlord.territories.add(territory)
    return landlord


def url(name, territory, *args):
    return reverse(f"prevention:{name}", args=[territory.code, *args])


def rows_of(registers):
    """One row in each register: {slug of the book: row}."""
    return {
        "accompagnements": SupportFactory(register=registers["support"]),
        "plateforme": ContactFactory(household__register=registers["platform"]).household,
        "relogements": RehousingFactory(register=registers["rehousing"]),
    }


def lists(territory):
    return [
        url("index", territory),
        *(url(name, territory, slug) for slug in SLUGS.values() for name in ("rows", "add", "export")),
        *(url(f"import_{name}", territory) for name in IMPORTS.values()),
        *(url(f"import_{name}_model", territory) for name in IMPORTS.values()),
    ]


def pages_of(territory, slug, row, code=None):
    """Every page about one row, under its code or another."""
    code = code or row.code
    pages = [url(name, territory, slug, code) for name in ("row", "erase")]
    pages += [url("act", territory, slug, code, act) for act in ACTS[slug]]
    if slug == "plateforme":
        pages += [url(name, territory, slug, code) for name in ("add_contact", "start_follow_up")]
        pages.append(url("remove_contact", territory, slug, code, row.contacts.get().pk))
        going_on = row.follow_ups.first() or FollowUpFactory(household=row)
        pages.append(url("end_follow_up", territory, slug, code, going_on.pk))
    return pages


# --- Who opens what ---


def test_an_association_opens_every_page_of_its_own(client, partner, territory, registers):
    pages = lists(territory)
    for slug, row in rows_of(registers).items():
        pages += [page for page in pages_of(territory, slug, row) if "retirer" not in page]

    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_rows_of_another_are_a_404_like_a_random_code(client, partner, territory, method):
    theirs = {scheme: RegisterFactory(territory=territory, scheme=scheme) for scheme in SLUGS}
    for slug, row in rows_of(theirs).items():
        for code in (row.code, new_code()):
            answers = {
                getattr(client, method)(page).status_code for page in pages_of(territory, slug, row, code)
            }
            assert answers - {405} == {404}


@pytest.mark.parametrize(
    ("role", "index"),
    [
        ("lead", 200),
        ("reader", 404),
        ("ddets", 404),
        ("dihal", 404),
        ("administrator", 404),
        ("partner", 200),
    ],
)
def test_other_roles_see_no_row(client, territory, registers, role, index):
    rows = rows_of(registers)
    client.force_login(MembershipFactory(**{role: True}, territory=territory).user)

    assert client.get(url("index", territory)).status_code == index
    pages = [page for page in lists(territory) if page != url("index", territory)]
    for slug, row in rows.items():
        pages += pages_of(territory, slug, row)
    assert {client.get(page).status_code for page in pages} - {405} == {404}


def test_nothing_of_an_association_shows_to_another_nor_to_the_lead(client, territory, registers, landlord):
    theirs = {scheme: RegisterFactory(territory=territory, scheme=scheme) for scheme in SLUGS}
    rows = rows_of(theirs)
    Support.objects.update(landlord=OrganisationFactory(name="Bailleur canari"))
    canaries = [show_code(row.code) for row in rows.values()] + [row.code for row in rows.values()]
    for member in (
        MembershipFactory(partner=True, territory=territory, organisation=registers["support"].organisation),
        MembershipFactory(lead=True, territory=territory),
    ):
        client.force_login(member.user)
        for page in lists(territory):
            words = client.get(page).content.decode(errors="replace")
            assert [canary for canary in [*canaries, "Bailleur canari"] if canary in words] == []
    for slug in SLUGS.values():
        client.force_login(
            MembershipFactory(
                partner=True, territory=territory, organisation=registers["support"].organisation
            ).user
        )
        sheet = exported(client.post(url("export", territory, slug), {"reason": "Bilan"}))
        assert len(sheet) == 1  # its headings


def test_the_lead_sees_how_many_rows_and_who_keeps_them(client, territory, registers):
    rows_of(registers)
    client.force_login(MembershipFactory(lead=True, territory=territory).user)

    words = client.get(url("index", territory)).content.decode()

    assert words.count("Association lectrice") == 3
    assert url("rows", territory, "accompagnements") not in words


def test_a_register_that_is_closed_opens_no_page(client, partner, territory, registers):
    row = SupportFactory(register=registers["support"])
    type(registers["support"]).objects.filter(pk=registers["support"].pk).update(is_open=False)

    pages = [url("rows", territory, "accompagnements"), *pages_of(territory, "accompagnements", row)]
    assert {client.get(page).status_code for page in pages} == {404}


def test_an_anonymised_row_is_no_longer_listed(client, partner, territory, registers):
    SupportFactory(register=registers["support"], code=None, anonymised_on=date(2026, 1, 1))

    assert "Le registre est vide" in client.get(url("rows", territory, "accompagnements")).content.decode()


# --- Lists and the journal ---


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("slug", "queries"), [("accompagnements", 9), ("plateforme", 8), ("relogements", 8)])
def test_a_list_takes_the_same_queries_whatever_its_length(
    client, partner, territory, registers, slug, queries, count, django_assert_num_queries
):
    for _ in range(count):
        rows_of(registers)
    with django_assert_num_queries(queries):
        response = client.get(url("rows", territory, slug))
    assert len(response.context["table"].rows) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_household_takes_the_same_queries_whatever_its_contacts(
    client, partner, territory, registers, count, django_assert_num_queries
):
    contact = ContactFactory(household__register=registers["platform"])
    ContactFactory.create_batch(count - 1, household=contact.household)
    FollowUpFactory.create_batch(count, household=contact.household, closed=True)
    with django_assert_num_queries(11):
        client.get(url("row", territory, "plateforme", contact.household.code))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"etat": "waiting"}, ["waiting"]),
        ({"etat": "ongoing"}, ["ongoing"]),
        ({"etat": "over"}, ["closed"]),
        ({"etat": "declined"}, ["declined"]),
        ({"stade": "summons"}, ["waiting"]),
        ({"motif": "upkeep"}, ["ongoing"]),
        ({"annee": "2022"}, ["closed"]),
        ({"annee": "9999999999999999999"}, ["closed", "declined", "ongoing", "waiting"]),
    ],
)
def test_the_supports_are_filtered(client, partner, territory, registers, filters, expected):
    made = {
        "waiting": SupportFactory(register=registers["support"], stage="summons"),
        "ongoing": SupportFactory(register=registers["support"], ongoing=True, reason="upkeep"),
        "closed": SupportFactory(register=registers["support"], closed=True, referred_on=date(2022, 5, 1)),
        "declined": SupportFactory(register=registers["support"], declined=True),
    }
    listed = {
        row.record.pk
        for row in client.get(url("rows", territory, "accompagnements"), filters).context["table"].rows
    }

    assert sorted(name for name, row in made.items() if row.pk in listed) == expected


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"sujet": "eviction"}, 2),
        ({"canal": "in_person"}, 1),
        ({"suivi": "ongoing"}, 1),
        ({"suivi": "over"}, 1),
        ({"suivi": "none"}, 1),
        ({"annee": "2023"}, 3),
        ({"annee": "2022"}, 0),
    ],
)
def test_the_households_are_filtered(client, partner, territory, registers, filters, count):
    one, two, _ = (
        ContactFactory(household__register=registers["platform"], **options).household
        for options in ({}, {"channels": ["in_person"]}, {"subjects": ["unfit"]})
    )
    FollowUpFactory(household=one)
    FollowUpFactory(household=two, closed=True)

    response = client.get(url("rows", territory, "plateforme"), filters)

    assert response.context["count"] == count


def test_reading_and_exporting_are_written_in_the_journal(client, partner, territory, registers):
    row = SupportFactory(register=registers["support"])
    client.get(url("rows", territory, "accompagnements"), {"code": row.code, "etat": "waiting"})
    client.get(url("row", territory, "accompagnements", row.code))
    client.post(url("export", territory, "accompagnements"), {"reason": "Bilan annuel"})

    lines = list(AccessLog.objects.order_by("pk"))
    assert [(line.act, line.rows, line.reason) for line in lines] == [
        ("list", 1, ""),
        ("row", 1, ""),
        ("export", 1, "Bilan annuel"),
    ]
    assert {line.organisation for line in lines} == {registers["support"].organisation}
    assert row.code not in str([line.detail for line in lines])


def exported(response):
    return CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()


def test_an_export_asks_what_for(client, partner, territory, registers):
    response = client.post(url("export", territory, "accompagnements"), {"reason": "  "})

    assert (response.status_code, AccessLog.objects.count()) == (422, 0)


def test_a_reason_that_names_somebody_is_told_then_kept(client, partner, territory, registers):
    address = url("export", territory, "accompagnements")
    first = client.post(address, {"reason": "Pour Mme Durand"})
    again = first.context["form"].data["texts_reread"]
    second = client.post(address, {"reason": "Pour Mme Durand", "texts_reread": again})

    assert (first.status_code, "désigner une personne" in first.content.decode()) == (422, True)
    assert again in first.content.decode()
    assert (second.status_code, AccessLog.objects.get().reason) == (200, "Pour Mme Durand")


def test_exports_hold_the_rows(client, partner, territory, registers):
    support = SupportFactory(register=registers["support"], closed=True)
    contact = ContactFactory(household__register=registers["platform"], channels=["phone", "in_person"])
    rehousing = RehousingFactory(register=registers["rehousing"], transferred=True)

    sheets = {
        slug: exported(client.post(url("export", territory, slug), {"reason": "Bilan"}))[1]
        for slug in SLUGS.values()
    }

    assert sheets["accompagnements"][:4] == [
        show_code(support.code),
        str(support.landlord),
        date(2023, 2, 1),
        "Premier impayé",
    ]
    assert sheets["plateforme"] == [
        show_code(contact.household.code),
        date(2023, 2, 1),
        "Expulsion locative",
        "Téléphone + Rencontre",
        *[""] * 4,
    ]
    assert sheets["relogements"] == [show_code(rehousing.code), date(2023, 2, 1), date(2023, 9, 1), ""]


# --- Entry and acts ---


def test_a_warning_is_written_and_the_form_comes_back_for_the_next_one(
    client, partner, territory, registers, landlord
):
    data = {"landlord": landlord.pk, "referred_on": "02/03/2023", "stage": "demand", "reason": "arrears"}
    response = client.post(url("add", territory, "accompagnements"), data | {"more": "1"})

    row = Support.objects.get()
    assert (row.register, row.landlord, row.referred_on, row.stage) == (
        registers["support"],
        landlord,
        date(2023, 3, 2),
        "demand",
    )
    assert response.url == url("add", territory, "accompagnements")
    assert show_code(row.code) in client.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"referred_on": "2099-01-01"}, "est pas encore passé"),
        ({"referred_on": "31/02/2023"}, "Cette date n&#x27;existe pas"),
        ({"entered_on": "2023-03-01"}, "précède le signalement"),
        ({"stage": "inconnu"}, "choix valide"),
        ({"landlord": ""}, "obligatoire"),
    ],
)
def test_a_wrong_warning_says_what_to_mend(
    client, partner, territory, registers, landlord, changes, sentence
):
    data = {"landlord": landlord.pk, "referred_on": "2023-03-02", "stage": "demand", "reason": "arrears"}
    response = client.post(url("add", territory, "accompagnements"), data | changes)

    assert (response.status_code, Support.objects.count()) == (422, 0)
    assert sentence in response.content.decode()


def test_the_association_that_supports_is_not_offered_as_landlord(
    client, partner, territory, registers, landlord
):
    form = client.get(url("add", territory, "accompagnements")).context["form"]

    assert list(form.fields["landlord"].queryset) == [landlord]


def test_entry_and_exit_are_acts_with_their_date(client, partner, territory, registers):
    row = SupportFactory(register=registers["support"])
    enter, leave = (url("act", territory, "accompagnements", row.code, act) for act in ("entree", "sortie"))
    assert client.post(enter, {"version": 1, "entered_on": "2023-03-01"}).status_code == 302
    assert (
        client.post(leave, {"version": 2, "exited_on": "2023-03-01", "outcome": "restored"}).status_code
        == 302
    )

    row.refresh_from_db()
    assert (row.entered_on, row.exited_on, row.outcome, row.version) == (date(2023, 3, 1),) * 2 + (
        "restored",
        3,
    )


def test_an_act_without_its_day_is_not_told_as_done(client, partner, territory, registers):
    row = SupportFactory(register=registers["support"])
    answer = client.post(
        url("act", territory, "accompagnements", row.code, "entree"), {"version": 1, "entered_on": ""}
    )

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["entered_on"])


def test_an_exit_before_the_entry_is_refused(client, partner, territory, registers):
    row = SupportFactory(register=registers["support"], ongoing=True)
    data = {"version": 1, "exited_on": "2023-02-28", "outcome": "restored"}
    response = client.post(url("act", territory, "accompagnements", row.code, "sortie"), data)

    assert response.status_code == 422
    assert "La sortie précède l&#x27;entrée" in response.content.decode()
    assert Support.objects.get().exited_on is None


def test_of_two_people_the_second_is_told(client, partner, territory, registers):
    row = SupportFactory(register=registers["support"])
    address = url("act", territory, "accompagnements", row.code, "corriger")
    data = {
        "landlord": row.landlord_id,
        "referred_on": "2023-02-01",
        "stage": "hearing",
        "reason": "arrears",
        "version": 1,
    }
    row.landlord.territories.add(territory)
    assert client.post(address, data).status_code == 302
    response = client.post(address, data | {"stage": "judgment"})

    assert (response.status_code, response.context["version"]) == (409, 2)
    assert "quelqu&#x27;un d&#x27;autre" in response.content.decode()
    assert Support.objects.get().stage == "hearing"


def test_an_act_sent_twice_is_written_once(client, partner, territory, registers):
    row = RehousingFactory(register=registers["rehousing"])
    address = url("act", territory, "relogements", row.code, "glissement")
    answers = [
        client.post(address, {"version": 1, "lease_transferred_on": "2023-09-01"}).status_code for _ in "ab"
    ]

    assert answers == [302, 302]
    assert Rehousing.objects.values_list("lease_transferred_on", "version").get() == (date(2023, 9, 1), 2)


@pytest.mark.parametrize("version", ["", "abc", "٣", "9" * 30, "-1"])
def test_a_forged_version_writes_nothing(client, partner, territory, registers, version):
    row = RehousingFactory(register=registers["rehousing"])
    address = url("act", territory, "relogements", row.code, "fin")

    assert client.post(address, {"version": version, "ended_on": "2023-09-01"}).status_code == 409
    assert Rehousing.objects.get().ended_on is None


CONTACT = {
    "contacted_on": "2023-02-01",
    "subjects": ["eviction", "unfit"],
    "channels": ["phone", "in_person"],
}


def test_a_contact_without_code_makes_a_household_and_with_its_code_joins_it(
    client, partner, territory, registers
):
    add = url("add", territory, "plateforme")
    client.post(add, CONTACT)
    household = Household.objects.get()
    client.post(add, CONTACT | {"code": show_code(household.code).lower(), "contacted_on": "2023-03-01"})

    assert Household.objects.get().contacts.count() == 2
    assert sorted(Contact.objects.earliest("contacted_on").channels.values_list("channel", flat=True)) == [
        "in_person",
        "phone",
    ]


def test_the_code_of_another_association_is_not_found(client, partner, territory, registers):
    theirs = ContactFactory(household__register__territory=territory).household
    response = client.post(url("add", territory, "plateforme"), CONTACT | {"code": theirs.code})

    assert response.status_code == 422
    assert "Aucun ménage de votre registre" in response.content.decode()


def test_a_support_of_the_platform_starts_and_ends(client, partner, territory, registers):
    household = ContactFactory(household__register=registers["platform"]).household
    start = url("start_follow_up", territory, "plateforme", household.code)
    data = {"subject": "eviction", "started_on": "2023-02-02"}
    assert [client.post(start, data).status_code for _ in "ab"] == [302, 422]  # one at a time
    follow_up = FollowUp.objects.get()
    end = url("end_follow_up", territory, "plateforme", household.code, follow_up.pk)
    answers = [client.post(end, {"ended_on": "2023-05-02", "outcome": "kept"}).status_code for _ in "ab"]

    follow_up.refresh_from_db()
    assert (answers, follow_up.ended_on, follow_up.outcome) == ([302, 404], date(2023, 5, 2), "kept")


def test_the_last_contact_of_a_household_stays(client, partner, territory, registers):
    one = ContactFactory(household__register=registers["platform"])
    two = ContactFactory(household=one.household)
    for contact in (one, two):
        client.post(url("remove_contact", territory, "plateforme", one.household.code, contact.pk))

    assert list(Contact.objects.all()) == [two]


def test_erasing_on_request_takes_the_code_and_the_days(client, partner, territory, registers):
    row = SupportFactory(register=registers["support"], closed=True)
    address = url("erase", territory, "accompagnements", row.code)
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"confirmed": "on"}).status_code == 302

    assert Support.objects.values_list("code", "exited_on").get() == (None, date(2023, 1, 1))
    assert client.get(url("row", territory, "accompagnements", row.code)).status_code == 404


def test_erasing_an_ongoing_support_says_to_end_it_first(client, partner, territory, registers):
    row = SupportFactory(register=registers["support"], ongoing=True)
    response = client.post(url("erase", territory, "accompagnements", row.code), {"confirmed": "on"})

    assert response.status_code == 422
    assert "notez d&#x27;abord la fin" in response.content.decode()


def test_reading_writes_no_row(client, partner, territory, registers):
    rows = rows_of(registers)
    before = [list(model.objects.values()) for model in (Support, Household, Contact, Rehousing)]
    for page in [
        *lists(territory),
        *(page for slug, row in rows.items() for page in pages_of(territory, slug, row)),
    ]:
        client.get(page)

    assert [list(model.objects.values()) for model in (Support, Household, Contact, Rehousing)] == before


# --- Import ---

CSV = {
    "accompagnements": (
        "Code;Bailleur;Date du signalement;Stade;Motif;Date d'entrée;Date de sortie;Issue\r\n"
        ";bailleur de la VILLE;02/03/2023;Impayés;impayé;10/03/2023;01/09/2023;rétablie\r\n"
        ";Bailleur de la ville;2023-04-02;Assignation;Autre;;;\r\n"
    ),
    "plateforme": (
        "Numéro de dossier;Date de contact;Sujets;Canaux\r\n"
        "12;02/03/2023;Expulsion;tel + physique\r\n"
        "12;05/03/2023;Habitat indigne;mail\r\n"
        "13;05/03/2023;Expulsion locative, Autre sujet;téléphone\r\n"
    ),
    "relogements": "Date d'attribution;Date de glissement\r\n02/03/2022;10/05/2023\r\n03/04/2023;\r\n",
}
MODELS = {"accompagnements": Support, "plateforme": Contact, "relogements": Rehousing}


def give(client, territory, slug, content, name="suivi.csv"):
    """Gives a file, then confirms what the preview shows."""
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    response = client.post(url(f"import_{IMPORTS[slug]}", territory), {"file": file}, follow=True)
    preview = response.context.get("preview") if response.context else None
    if preview is None:
        return response, None
    confirm = response.context["urls"]["confirm"]
    return client.post(confirm, {"seen": preview.seen}), preview


@pytest.mark.parametrize("slug", CSV)
def test_a_spreadsheet_is_imported(client, partner, territory, registers, landlord, slug):
    response, preview = give(client, territory, slug, CSV[slug])

    assert preview.told("faults") == []
    assert (response.status_code, MODELS[slug].objects.count()) == (302, CSV[slug].count("\r\n") - 1)


def test_lines_of_one_file_with_the_same_mark_are_one_household(client, partner, territory, registers):
    give(client, territory, "plateforme", CSV["plateforme"])

    assert sorted(household.contacts.count() for household in Household.objects.all()) == [1, 2]


@pytest.mark.parametrize("slug", ["accompagnements", "relogements"])
def test_the_same_spreadsheet_twice_changes_nothing(client, partner, territory, registers, landlord, slug):
    give(client, territory, slug, CSV[slug])
    _, preview = give(client, territory, slug, CSV[slug])

    assert (preview.counts["same"], preview.counts["new"]) == (2, 0)
    assert MODELS[slug].objects.count() == 2


@pytest.mark.parametrize("slug", CSV)
def test_what_was_exported_comes_back_unchanged(client, partner, territory, registers, landlord, slug):
    give(client, territory, slug, CSV[slug])
    content = client.post(url("export", territory, slug), {"reason": "Bilan"}).content
    _, preview = give(client, territory, slug, content, name="export.xlsx")

    assert dict(preview.counts) == {"same": CSV[slug].count("\r\n") - 1}


def test_a_line_with_a_code_changes_its_row(client, partner, territory, registers):
    row = RehousingFactory(register=registers["rehousing"])
    give(
        client,
        territory,
        "relogements",
        f"Code;Attribué le;Bail glissé le\r\n{show_code(row.code)};01/02/2023;01/09/2023\r\n",
    )

    assert Rehousing.objects.values_list("pk", "lease_transferred_on").get() == (row.pk, date(2023, 9, 1))


@pytest.mark.parametrize(
    ("slug", "line", "sentence"),
    [
        ("accompagnements", ";Inconnu;02/03/2023;Impayés;Impayé;;;", "n'est pas un organisme du territoire"),
        ("accompagnements", ";Bailleur de la ville;02/03/2999;Impayés;Impayé;;;", "Vérifiez l'année"),
        ("accompagnements", ";Bailleur de la ville;02/03/2023;Impayés;Impayé;01/03/2023;;", "précède"),
        (
            "accompagnements",
            ";Bailleur de la ville;02/03/2023;Impayés;Impayé;;01/04/2023;rétablie",
            "demande une date",
        ),
        (
            "accompagnements",
            ";Bailleur de la ville;02/03/2023;Impayés;Impayé;03/03/2023;01/04/2023;",
            "se donnent ensemble",
        ),
        (
            "accompagnements",
            ";Bailleur de la ville;02/03/2023;Peut-être;Impayé;;;",
            "n'est pas dans la liste",
        ),
    ],
)
def test_one_wrong_line_takes_back_the_whole_file(
    client, partner, territory, registers, landlord, slug, line, sentence
):
    response, preview = give(client, territory, slug, CSV[slug] + line + "\r\n")

    assert (response.status_code, MODELS[slug].objects.count()) == (422, 0)
    assert [sentence in told[3] for told in preview.told("faults")] == [True]


def test_the_code_of_another_is_refused_in_an_import(client, partner, territory, registers):
    theirs = RehousingFactory(register__territory=territory)
    _, preview = give(client, territory, "relogements", f"Code;Attribué le\r\n{theirs.code};01/02/2023\r\n")

    assert "Aucun ménage de votre registre" in preview.told("faults")[0][3]


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["31/02/2023", "01/03/2023", "2999-01-01", "Impayés", "=1+1", "Téléphone", "\0", "K7MP-3XWD"]
    ),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    slug=st.sampled_from(list(CSV)),
    lines=st.lists(st.lists(CELLS, min_size=2, max_size=8), min_size=1, max_size=4),
)
def test_no_file_makes_an_error_or_writes_a_part_of_itself(
    client, partner, territory, registers, slug, lines
):
    with undone():
        content = CSV[slug].split("\r\n")[0] + "\r\n" + "\r\n".join(";".join(line) for line in lines)
        response, preview = give(client, territory, slug, content.encode(errors="replace"))

        written = MODELS[slug].objects.count()
        assert response.status_code in {200, 302, 422}
        assert written == (preview.counts["new"] if preview and response.status_code == 302 else 0)
