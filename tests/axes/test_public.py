"""What is published to all: the demonstration's own figures, audited as an attacker would; no text, no small count."""

from datetime import date

import pytest

from axes.masking import masks_of
from axes.public import Builder, public_figures
from logement.richtext import plain
from reporting.assembly import assemble
from reporting.snapshot import take
from tests.axes.test_masking import leaks
from tests.factories import EntryFactory, IndicatorFactory, YearFactory
from tests.factories.bail_dabord import ClaimFactory, RegisterFactory
from tests.factories.prevention import PlacesFactory, RehousingFactory, SupportFactory
from tests.factories.prevention import RegisterFactory as PreventionRegisterFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BD, PV = "bail_dabord", "prevention"
AT_MOST = {
    f"{BD}.households_entered": [f"{BD}.persons_entered"],
    f"{BD}.adults_entered": [f"{BD}.persons_entered"],
    f"{BD}.children_entered": [f"{BD}.persons_entered"],
    f"{BD}.persons_entered": [],
    f"{BD}.persons_from_emergency": [f"{BD}.persons_entered"],
    f"{BD}.persons_from_street": [f"{BD}.persons_entered"],
    f"{BD}.persons_from_shantytown": [f"{BD}.persons_entered"],
    f"{BD}.free_places": [f"{BD}.contracted_places"],
    f"{BD}.referring_services": [f"{BD}.referrals"],
    f"{BD}.claim_natures": [f"{BD}.claims"],
    f"{PV}.referring_landlords": [f"{PV}.referrals"],
    f"{PV}.before_summons": [f"{PV}.referrals"],
    f"{PV}.arrears": [f"{PV}.referrals"],
    f"{PV}.support_exits": [f"{PV}.supports"],
    f"{PV}.stable_exits": [f"{PV}.support_exits"],
    f"{PV}.occupancy": [f"{PV}.capacity_days"],
    f"{PV}.platform_by_phone": [f"{PV}.platform_households"],
    f"{PV}.platform_in_person": [f"{PV}.platform_households"],
    f"{PV}.platform_evictions": [f"{PV}.platform_households"],
    f"{PV}.platform_evictions_in_person": [f"{PV}.platform_evictions", f"{PV}.platform_in_person"],
    f"{PV}.platform_rehoused": [f"{PV}.platform_supports"],
    f"{PV}.platform_sheltered": [f"{PV}.platform_supports"],
    f"{PV}.platform_redirected": [f"{PV}.platform_supports"],
    f"{PV}.platform_kept": [f"{PV}.platform_supports"],
    f"{PV}.rehousings": [],
    f"{PV}.leases_transferred": [f"{PV}.rehousings"],
    f"{PV}.rehousing_associations": [f"{PV}.rehousings"],
}


def printed(year):
    """[(label, value, base)] of the public document."""
    section, *others = assemble(take(year.pk, public=True), public=True).sections
    assert others == []
    return [line for part in section.sections for line in lines_of(*part.content)]


def lines_of(table):
    """An axis of which no figure has a base has no column for it."""
    for row in table.rows:
        texts = {
            column.role: plain(held.blocks) for column, held in zip(table.columns, row.cells, strict=True)
        }
        yield texts["label"], texts["value"], texts.get("base", "")


def audited(year):
    """(cells, masks, those of the masked cells that a reader computes)."""
    figures = public_figures(year)
    cells = dict(figures.cells)
    masks = masks_of(cells, figures.sums, figures.threshold)
    known = [pair for pair in facts(cells) if set(pair) <= set(cells)]
    return cells, masks, leaks(cells, figures.sums, masks, figures.threshold, known)


def facts(cells):
    """What the audit knows by itself of the registers, period by period: the first is at most the second.

    What is counted in a year is at most what is counted since a day.
    """
    whole = [key for key, cell in cells.items() if cell.is_printed and " / " not in key]
    for key in whole:
        figure, _, period = key.partition(" ")
        for small, greats in AT_MOST.items():
            if figure == small:
                yield from ((key, f"{great} {period}") for great in greats)
                yield from ((key, other) for other in whole if other.startswith(f"{figure} de "))


def test_the_audit_sees_what_is_at_most_what(year, monkeypatch):
    """Four rehousings, beside the four associations that had one: « < 5 » alone would say four."""
    for _ in range(4):
        register = PreventionRegisterFactory(territory=year.territory, rehousing=True)
        RehousingFactory(register=register, allocated_on=date(2023, 3, 1))
    for key, is_about_people in (("rehousings", True), ("rehousing_associations", False)):
        fields = {"source": "register", "figure_key": f"prevention.{key}", "unit": "unités"}
        IndicatorFactory(territory=year.territory, is_about_people=is_about_people, **fields)

    _, _, found = audited(year)
    shown = [value for _, value, _ in printed(year)]
    monkeypatch.setattr(Builder, "bind_bounds", lambda self: None)
    _, _, leaking = audited(year)

    assert found == []
    assert shown == ["masqué", "4\u00a0unités"]
    assert leaking == ["prevention.rehousings 2023"]


@pytest.fixture
def year():
    return YearFactory(number=2023)


def typed(year, number, **fields):
    indicator = IndicatorFactory(territory=year.territory, **fields)
    EntryFactory(indicator=indicator, year=year, number=number)
    return indicator


def test_a_part_that_leaves_a_small_rest_is_masked(year):
    whole = typed(year, 56, label="Tous")
    typed(year, 53, label="Adultes", whole=whole)

    assert printed(year) == [("Tous", "56\u00a0personnes", ""), ("Adultes", "masqué", "")]


def test_the_report_of_the_year_before_is_not_forgotten(year):
    before = YearFactory(agreement=year.agreement, number=2022)
    cumulative = typed(year, 145, label="Depuis 2019", cumulative=True)
    EntryFactory(indicator=cumulative, year=before, number=142)

    assert printed(year) == [("Depuis 2019", "masqué", "")]


def test_the_threshold_is_a_setting(year, settings):
    typed(year, 7, label="Tous")

    assert printed(year) == [("Tous", "7\u00a0personnes", "")]
    settings.SMALL_COUNT_THRESHOLD = 8
    assert printed(year) == [("Tous", "< 8", "")]


def test_a_count_of_things_is_printed_however_small(year):
    typed(year, 1, label="Résidences", is_about_people=False, unit="résidences")

    assert printed(year) == [("Résidences", "1\u00a0résidence", "")]


@pytest.mark.parametrize(("claims", "value"), [(2, "masqué"), (5, "500\u00a0€"), (0, "0\u00a0€")])
def test_a_sum_over_few_rows_is_masked(year, claims, value):
    register = RegisterFactory(territory=year.territory)
    ClaimFactory.create_batch(claims, register=register, claimed_on=date(2023, 3, 1), asked=100, granted=100)
    fields = {"source": "register", "figure_key": "bail_dabord.amount_granted", "unit": "€", "kind": "amount"}
    IndicatorFactory(territory=year.territory, label="Accordé", **fields)

    assert printed(year) == [("Accordé", value, "")]


@pytest.mark.parametrize(("supports", "value"), [(4, "masqué"), (5, "50\u00a0%")])
def test_the_days_of_few_households_are_masked(year, supports, value):
    register = PreventionRegisterFactory(territory=year.territory)
    PlacesFactory(register=register, year=2023, number=2 * supports)
    day = {"referred_on": date(2022, 12, 1), "entered_on": date(2023, 1, 1), "exited_on": None}
    SupportFactory.create_batch(supports, register=register, **day)
    fields = {"source": "register", "figure_key": "prevention.occupancy", "unit": "%", "kind": "rate"}
    IndicatorFactory(territory=year.territory, label="Occupation", **fields)

    assert [(label, shown) for label, shown, _ in printed(year)] == [("Occupation", value)]
