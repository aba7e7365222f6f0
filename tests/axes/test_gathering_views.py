"""The pages of the gatherings, and those that say where the figures come from."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from axes.models import Gathering, GatheringKind, SeriesBreak
from logement.codes import show_code
from logement.models import AccessLog
from tests.factories import (
    GatheringFactory,
    GatheringKindFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    YearFactory,
)
from tests.factories.bail_dabord import RegisterFactory, TenancyFactory

pytestmark = pytest.mark.postgresql


@pytest.fixture
def year(db):
    return YearFactory(number=2023)


@pytest.fixture
def line(year):
    return LineFactory(year=year)


@pytest.fixture
def kind(year):
    return GatheringKindFactory(territory=year.territory, label="Comité")


@pytest.fixture
def gathering(line, kind):
    return GatheringFactory(action=line.action, kind=kind, title="Revue annuelle", participants=12)


@pytest.fixture
def log_in(client, year):
    def log_in(role, **fields):
        membership = MembershipFactory(**{role: True, "territory": year.territory} | fields)
        client.force_login(membership.user)
        return membership

    return log_in


@pytest.fixture
def lead(log_in):
    return log_in("lead").user


def url(name, year, *args):
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, *args])


def words(response):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def typed(line, chosen=None, **fields):
    return {
        "action": line.action_id,
        "kind": chosen.pk if chosen else "",
        "held_on": "2023-03-07",
        "participants": "12",
    } | fields


# --- Gatherings ---


def test_a_gathering_is_entered_and_the_form_is_ready_for_the_next(client, lead, year, line, kind):
    response = client.post(
        url("add_gathering", year), typed(line, kind, title="  Revue annuelle  "), follow=True
    )

    held = Gathering.objects.get()
    assert (held.action, held.kind, held.held_on, held.participants, held.title, held.created_by) == (
        line.action,
        kind,
        date(2023, 3, 7),
        12,
        "Revue annuelle",
        lead,
    )
    form = response.context["form"]
    assert (form["action"].value(), form["kind"].value()) == (str(line.action_id), str(kind.pk))
    assert form["title"].value() is None
    assert response.context["is_entering"]


def test_a_new_kind_is_made_once_whatever_its_case(client, lead, year, line, kind):
    for name in ("Petit déjeuner", "petit DÉJEUNER", "comité"):
        client.post(url("add_gathering", year), typed(line, new_kind=name))

    assert [kind.label for kind in GatheringKind.objects.all()] == ["Comité", "Petit déjeuner"]
    assert Gathering.objects.count() == 3


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"held_on": "2022-12-31"}, "held_on", "Cette date n'est pas dans l'exercice 2023."),
        ({"held_on": ""}, "held_on", "Ce champ est obligatoire."),
        ({"kind": ""}, "kind", "Choisissez un type, ou nommez-en un nouveau."),
        (
            {"new_kind": "Atelier"},
            "new_kind",
            "Choisissez un type de la liste, ou nommez-en un nouveau : pas les deux.",
        ),
        (
            {"participants_blank": "unavailable"},
            "participants_blank",
            "Donnez le nombre, ou la raison de son absence : pas les deux.",
        ),
        ({"participants": "douze"}, "participants", "Écrivez un nombre entier, par exemple 12."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, lead, year, line, kind, fields, field, sentence):
    response = client.post(url("add_gathering", year), typed(line, kind, **fields))

    assert (response.status_code, response.context["form"].errors[field]) == (422, [sentence])
    assert not Gathering.objects.exists()


def test_an_action_of_another_territory_is_refused(client, lead, year, kind):
    response = client.post(url("add_gathering", year), typed(LineFactory(), kind))

    assert list(response.context["form"].errors) == ["action"]


def test_a_title_that_names_somebody_is_saved_with_a_warning(client, lead, year, line, kind):
    response = client.post(
        url("add_gathering", year), typed(line, kind, title="Point sur Mme Durand"), follow=True
    )

    assert Gathering.objects.get().title == "Point sur Mme Durand"
    assert "« Mme Durand » semble désigner une personne" in words(response)


def test_a_new_kind_that_names_somebody_is_saved_with_a_warning(client, lead, year, line):
    response = client.post(
        url("add_gathering", year), typed(line, new_kind="Visite de Mme Durand"), follow=True
    )

    assert GatheringKind.objects.get().label == "Visite de Mme Durand"
    assert "« Mme Durand » semble désigner une personne" in words(response)


def test_a_change_of_source_that_names_somebody_is_saved_with_a_warning(
    client, lead, year, indicator, kind, gathering
):
    response = client.post(
        url("change_source", year, indicator.code),
        {"origin": "axes.gatherings", "gathering_kind": kind.pk, "reason": "Demandé par Mme Durand."},
        follow=True,
    )

    assert SeriesBreak.objects.get().reason == "Demandé par Mme Durand."
    assert "« Mme Durand » semble désigner une personne" in words(response)


def test_a_correction_needs_the_version_read(client, lead, year, line, kind, gathering):
    address = url("edit_gathering", year, gathering.pk)
    client.post(address, typed(line, kind, version=1, participants="14"))
    response = client.post(address, typed(line, kind, version=1, participants="15"))

    gathering.refresh_from_db()
    assert (gathering.participants, gathering.version, response.status_code) == (14, 2, 409)
    assert "Est enregistré à présent : Comité, 07/03/2023, 14." in words(response)
    assert response.context["form"]["participants"].value() == "15"
    assert gathering.history.first().history_user == lead


def test_a_gathering_is_removed_and_its_history_kept(client, lead, year, gathering):
    address = url("remove_gathering", year, gathering.pk)

    assert client.post(address, {"version": 7}).status_code == 409
    client.post(address, {"version": 1})

    assert not Gathering.objects.exists()
    assert Gathering.history.filter(id=gathering.pk, history_type="-").count() == 1


@pytest.mark.parametrize("name", ["add_gathering", "edit_gathering", "remove_gathering"])
def test_nothing_is_written_in_an_exercise_that_was_sent(client, lead, year, gathering, name):
    type(year).objects.update(state="sent")

    assert (
        client.post(url(name, year, *([] if name.startswith("add") else [gathering.pk]))).status_code == 403
    )
    assert Gathering.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "sees"), [("lead", True), ("reader", True), ("partner", False), ("ddets", None), ("dihal", None)]
)
def test_who_sees_the_gatherings(client, log_in, year, gathering, role, sees):
    log_in(role)
    response = client.get(url("gatherings", year))

    assert response.status_code == (404 if sees is None else 200)
    assert ("Revue annuelle" in response.content.decode()) == bool(sees)


def test_a_partner_sees_those_of_its_actions_and_edits_none(client, log_in, year, line, gathering):
    line.partners.add(log_in("partner").organisation)

    assert "Revue annuelle" in words(client.get(url("gatherings", year)))
    assert client.get(url("edit_gathering", year, gathering.pk)).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_whatever_its_length(
    client, lead, year, count, django_assert_num_queries
):
    for _ in range(count):
        GatheringFactory(action=LineFactory(year=year).action)
    with django_assert_num_queries(11):
        response = client.get(url("gatherings", year))
    assert len(response.context["table"].rows) == count


def test_list_is_narrowed(client, lead, year, line, gathering):
    GatheringFactory(action=line.action, title="Été")

    response = client.get(url("gatherings", year), {"texte": "ete"})

    assert [row.record.title for row in response.context["table"].rows] == ["Été"]


# --- Where the figures come from ---


def household(organisation, year):
    register = RegisterFactory(territory=year.territory, organisation=organisation)
    tenancy = TenancyFactory(household__register=register, entered_on=date(2023, 5, 2))
    return show_code(tenancy.household.code)


def source(response, key):
    return next(found for found in response.context["sources"] if found.figure.key == key)


def test_the_lead_sees_values_and_counts_of_rows_but_no_household(client, log_in, year):
    association = MembershipFactory(partner=True, territory=year.territory).organisation
    code = household(association, year)
    log_in("lead")

    found = source(client.get(url("sources", year)), "bail_dabord.households_entered")
    rows = client.get(url("figure_rows", year, "bail_dabord.households_entered"))

    assert (found.value.number, found.rows, found.readable) == (1, 1, 0)
    assert rows.context["table"] == []
    assert code not in words(rows)
    assert not AccessLog.objects.exists()


def test_an_association_opens_its_own_rows_and_the_reading_is_kept(client, log_in, year):
    other = MembershipFactory(partner=True, territory=year.territory).organisation
    theirs = household(other, year)
    membership = log_in("partner")
    mine = household(membership.organisation, year)

    found = source(client.get(url("sources", year)), "bail_dabord.households_entered")
    rows = words(client.get(url("figure_rows", year, "bail_dabord.households_entered")))

    assert (found.value, found.rows) == (None, 1)
    assert (mine in rows, theirs in rows, "2 mai 2023" in rows) == (True, False, True)
    assert AccessLog.objects.values_list("actor", "act", "organisation", "rows", "detail").get() == (
        str(membership.user),
        "figure",
        membership.organisation_id,
        1,
        "bail_dabord.households_entered, 2023",
    )


@pytest.mark.parametrize("role", ["reader", "ddets", "dihal", "administrator"])
def test_the_others_see_neither(client, log_in, year, role):
    log_in(role)

    assert client.get(url("sources", year)).status_code == 404
    assert client.get(url("figure_rows", year, "axes.gatherings")).status_code == 404


def test_a_figure_opens_on_the_rows_of_an_indicator(client, lead, year, line, kind, gathering):
    indicator = IndicatorFactory(gatherings=True, action=line.action, gathering_kind=kind)
    GatheringFactory(action=line.action, title="D'un autre type")

    response = client.get(url("figure_rows", year, "axes.gatherings"), {"indicateur": indicator.code})
    used = source(client.get(url("sources", year)), "axes.gatherings").uses

    assert [[str(content) for _, content in row] for row in response.context["table"]] == [
        ["2023-06-01", "Comité", "Revue annuelle", str(line.action), "12"]
    ]
    assert [(use.indicator, use.value.number) for use in used] == [(indicator, 1)]


@pytest.mark.parametrize(
    ("key", "query"),
    [
        ("nulle.part", {}),
        ("axes.participants", {"indicateur": "I"}),
        ("axes.gatherings", {"indicateur": "?"}),
    ],
)
def test_rows_of_nothing_are_not_found(client, lead, year, line, kind, key, query):
    IndicatorFactory(gatherings=True, action=line.action, gathering_kind=kind, code="I")

    assert client.get(url("figure_rows", year, key), query).status_code == 404


# --- How an indicator is obtained ---


@pytest.fixture
def indicator(year, line):
    return IndicatorFactory(territory=year.territory, action=line.action, kind="event", unit="réunions")


def test_the_source_is_changed_with_a_reason_and_the_break_is_shown(
    client, lead, year, indicator, kind, gathering
):
    response = client.post(
        url("change_source", year, indicator.code),
        {"origin": "axes.gatherings", "gathering_kind": kind.pk, "reason": "Notées une par une."},
        follow=True,
    )

    page = words(response)
    assert "À partir de 2023 : Saisie → Calculé d'après un registre" in page
    assert "Motif : Notées une par une." in page
    assert "Lignes comptées 1" in page
    assert "Saisir la valeur" not in page


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"gathering_kind": ""}, "gathering_kind"),
        ({"origin": "typed", "gathering_kind": ""}, "__all__"),
        ({"origin": "nulle.part"}, "origin"),
    ],
)
def test_a_change_of_source_is_refused(client, lead, year, indicator, kind, fields, field):
    data = {"origin": "axes.gatherings", "gathering_kind": kind.pk, "reason": "Parce que."} | fields
    response = client.post(url("change_source", year, indicator.code), data)

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert not SeriesBreak.objects.exists()


def test_a_computed_value_is_not_entered(client, lead, year, line, kind):
    indicator = IndicatorFactory(gatherings=True, action=line.action, gathering_kind=kind)

    response = client.post(
        url("enter_value", year, indicator.code), {"answer": "given", "number": "3"}, follow=True
    )

    assert "il ne se saisit pas" in words(response)
    assert not indicator.entries.exists()


def test_an_action_with_gatherings_stays_when_its_line_is_removed(client, lead, year, line, gathering):
    client.post(url("remove_line", year, line.pk), {"version": line.version})

    assert type(line.action).objects.filter(pk=line.action_id).exists()
    assert not type(line).objects.exists()


def test_a_page_of_a_reader_says_the_formula(client, log_in, year, line, kind, gathering):
    indicator = IndicatorFactory(gatherings=True, action=line.action, gathering_kind=kind)
    log_in("reader")
    page = words(client.get(url("indicator", year, indicator.code)))

    assert "Nombre d'événements de l'action" in page
    assert "Ouvrir les lignes" not in page
