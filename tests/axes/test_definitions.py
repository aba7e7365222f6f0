"""What an indicator counts, from one exercise to the next: redefinitions break the series, cumuls add up."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from axes.definitions import Definition, change_definition, definitions_of, version_of
from axes.models import Accepted, Indicator, SeriesBreak
from axes.progress import figures_item
from axes.tables import series_of
from axes.values import values_over
from logement.locking import Conflict
from tests.factories import EntryFactory, IndicatorFactory, MembershipFactory, UserFactory, YearFactory
from tests.factories.campaigns import CampaignFactory, QuestionFactory, SubmissionFactory, submission_in


@pytest.fixture
def year(db):
    return YearFactory(number=2023, state="writing")


@pytest.fixture
def before(year):
    return YearFactory(agreement=year.agreement, number=2022)


@pytest.fixture
def indicator(year, before):
    indicator = IndicatorFactory(
        territory=year.territory, code="A1", unit="ménages", definition="Entrés", perimeter="Métropole"
    )
    EntryFactory(indicator=indicator, year=before, number=30)
    EntryFactory(indicator=indicator, year=year, number=35)
    return indicator


@pytest.fixture
def lead(client, year):
    user = MembershipFactory(lead=True, territory=year.territory).user
    client.force_login(user)
    return user


def change(indicator, year, is_redefined=True, **fields):
    fields = {
        "definition": "Entrés et restés",
        "perimeter": "Métropole",
        "reason": "Convention 2023",
    } | fields
    return change_definition(
        indicator=indicator,
        year=year,
        version=fields.pop("version", None) or version_of(indicator),
        is_redefined=is_redefined,
        by=UserFactory(),
        **fields,
    )


def test_a_redefinition_keeps_what_was_in_force_before(indicator, year, before):
    change(indicator, year)
    indicator.refresh_from_db()

    assert definitions_of([indicator], 2022) == {indicator.pk: Definition("Entrés", "Métropole")}
    assert definitions_of([indicator], 2023) == {indicator.pk: Definition("Entrés et restés", "Métropole")}


def test_no_change_is_computed_across_a_redefinition(indicator, year, before):
    [(_, _, change_before), _] = series_of(indicator, [year, before])
    change(indicator, year)
    [(_, _, change_after), _] = series_of(indicator, [year, before])

    assert (change_before.difference, change_after) == (5, None)


def test_a_measure_better_said_breaks_nothing(indicator, year, before):
    change(indicator, year, is_redefined=False)
    indicator.refresh_from_db()

    assert indicator.definition == "Entrés et restés"
    assert not SeriesBreak.objects.exists()
    assert series_of(indicator, [year, before])[0][2].difference == 5


@pytest.mark.parametrize("is_redefined", [True, False])
def test_a_definition_does_not_change_without_a_reason(indicator, year, is_redefined):
    with pytest.raises(ValidationError, match="pourquoi"):
        change(indicator, year, is_redefined=is_redefined, reason=" ")


def test_two_editors_of_a_definition_one_wins(indicator, year):
    read = version_of(indicator)
    change(indicator, year, is_redefined=False)
    with pytest.raises(Conflict):
        change(indicator, year, is_redefined=False, definition="Autre", version=read)


def test_a_redefinition_comes_after_those_there_are(indicator, year, before):
    change(indicator, year)
    with pytest.raises(ValidationError, match="plus récent"):
        change(indicator, before, definition="Autre")


@pytest.fixture
def cumul(indicator, year, before):
    """107 at the end of 2022; nobody entered 2023."""
    cumul = IndicatorFactory(
        territory=year.territory,
        code="A2",
        unit="ménages",
        temporality="cumulative",
        since=date(2019, 11, 1),
        flow=indicator,
    )
    EntryFactory(indicator=cumul, year=before, number=107, qualifier="around")
    return cumul


def value_in(indicator, year):
    return values_over([indicator], [year])[indicator.pk, year.number]


def test_a_cumul_follows_from_its_flow(cumul, year):
    value = value_in(cumul, year)

    assert (value.number, value.qualifier) == (142, "around")
    assert [term.number for term in value.terms] == [107, 35]


def test_a_typed_cumul_stays_as_typed(cumul, year):
    EntryFactory(indicator=cumul, year=year, number=150)

    assert (value_in(cumul, year).number, value_in(cumul, year).terms) == (150, ())


def test_a_cumul_follows_from_one_that_was_itself_derived(cumul, indicator, year):
    EntryFactory(indicator=indicator, year=YearFactory(agreement=year.agreement, number=2024), number=20)
    last = YearFactory(agreement=year.agreement, number=2025)
    EntryFactory(indicator=indicator, year=last, number=0)

    assert (value_in(cumul, last).number, value_in(cumul, last).terms[0].number) == (162, 162)
    assert figures_item(last).total - figures_item(last).done == 0


def test_a_cumul_adds_what_the_partners_answered_and_says_who_did_not(cumul, indicator, year):
    Indicator.objects.filter(pk=indicator.pk).update(source="submitted")
    campaign = CampaignFactory(year=year, opened=True)
    for _ in range(2):
        submission = SubmissionFactory(campaign=campaign)
        question = QuestionFactory(submission=submission, indicator=indicator)
    assert value_in(cumul, year).is_pending

    sent = submission_in("sent", submission=submission).sendings.get()
    Accepted.objects.create(question=question, sending=sent, accepted_by=UserFactory(), number=35)

    assert value_in(cumul, year).display.replace("\u00a0", " ") == (
        "environ 142 ménages (total partiel : 1 association sur 2 a répondu)"
    )


def test_a_cumul_waits_for_its_flow(cumul, indicator, year):
    following = YearFactory(agreement=year.agreement, number=2024)
    EntryFactory(indicator=cumul, year=year, number=150)

    assert value_in(cumul, following).is_pending


def test_a_cumul_does_not_add_to_another_measure(cumul, year):
    change(cumul, year, perimeter="Département")
    cumul.refresh_from_db()

    assert value_in(cumul, year).is_pending


def test_a_derived_cumul_is_not_missing(cumul, indicator, year):
    assert (figures_item(year).done, figures_item(year).total) == (2, 2)
    indicator.entries.get(year=year)
    other = YearFactory(agreement=year.agreement, number=2024)
    assert (figures_item(other).done, figures_item(other).total) == (0, 2)


@pytest.mark.parametrize("rows", [1, 3])
def test_deriving_costs_four_queries_whatever_the_cumuls(django_assert_num_queries, year, before, rows):
    cumuls = []
    for _ in range(rows):
        flow = IndicatorFactory(territory=year.territory)
        EntryFactory(indicator=flow, year=year, number=1)
        cumuls.append(
            IndicatorFactory(
                territory=year.territory, temporality="cumulative", since=date(2019, 11, 1), flow=flow
            )
        )
        EntryFactory(indicator=cumuls[-1], year=before, number=2)
    with django_assert_num_queries(6):
        values = values_over(cumuls, [year])
    assert {value.number for value in values.values()} == {3}


def test_only_a_cumul_has_a_flow(indicator):
    with pytest.raises(IntegrityError):
        IndicatorFactory(territory=indicator.territory, flow=indicator)


def address(year, name="edit_definition"):
    return reverse(f"axes:{name}", args=[year.territory.code, year.number, "A1"])


def posted(indicator, **fields):
    return {
        "definition": "Entrés et restés",
        "perimeter": "Métropole",
        "measure": "other",
        "reason": "Convention",
        "version": version_of(indicator),
    } | fields


def test_the_page_redefines_and_the_indicator_shows_the_break(client, year, indicator, lead):
    response = client.post(address(year), posted(indicator), follow=True)
    page = " ".join(response.content.decode().split())

    assert "La définition est enregistrée" in page
    assert "la définition ou le périmètre change" in page
    assert "Avant : Entrés (périmètre : Métropole)" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"definition": "Entrés"}, "Rien n&#x27;a changé"),
        ({"measure": ""}, "la même mesure ou une autre"),
        ({"reason": ""}, "pourquoi la définition change"),
        ({"perimeter": "x" * 201}, "200 caractères"),
    ],
)
def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(
    client, year, indicator, lead, fields, sentence
):
    response = client.post(address(year), posted(indicator, **fields))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert fields.get("definition", "Entrés et restés") in response.content.decode()


def test_a_form_opened_before_another_change_comes_back(client, year, indicator, lead):
    form = posted(indicator)
    change(indicator, year, is_redefined=False, definition="Entre-temps")
    response = client.post(address(year), form)

    assert response.status_code == 409
    assert "Entre-temps" in response.content.decode()
    assert "Entrés et restés" in response.content.decode()
    assert Indicator.objects.get(pk=indicator.pk).definition == "Entre-temps"
