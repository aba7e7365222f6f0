"""What is published to all: the demonstration's own figures, audited as an attacker would; no text, no small count."""

import re

import pytest

import bail_dabord.demo
import prevention.demo
from axes import demo, masking
from axes.masking import masks_of
from axes.models import Indicator, Year
from axes.public import public_figures
from logement import demo as people
from reporting.assembly import assemble
from reporting.snapshot import take
from tests.axes.test_masking import leaks
from tests.factories import EntryFactory, IndicatorFactory, YearFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration():
    for part in (people, demo, bail_dabord.demo, prevention.demo):
        part.load()
    return Year.objects.get(number=2023)


def printed(year):
    """[(label, value, base)] of the public document."""
    section, *others = assemble(take(year.pk, public=True), public=True).sections
    assert others == []
    return [
        (figure.label, figure.value, figure.source) for held in section.content[1:] for figure in held.figures
    ]


def test_the_public_figures_of_the_demonstration_resist_the_audit(demonstration, settings):
    figures = public_figures(demonstration)
    cells = dict(figures.cells)

    masks = masks_of(cells, figures.sums, figures.threshold)

    assert {mask.value for mask in masks.values()} == {"small", "hidden"}
    assert leaks(cells, figures.sums, masks, figures.threshold) == []


def test_the_audit_sees_the_demonstration_without_secondary_masks(demonstration, monkeypatch):
    figures = public_figures(demonstration)
    monkeypatch.setattr(masking.Masking, "exposed", lambda self: [])

    masks = masks_of(dict(figures.cells), figures.sums, figures.threshold)

    assert leaks(dict(figures.cells), figures.sums, masks, figures.threshold) != []


def test_the_public_version_prints_large_counts_and_masks_small_ones(demonstration):
    found = {label: (value, base) for label, value, base in printed(demonstration)}

    assert found["Ménages entrés dans un logement dans l'année"] == ("35\u00a0ménages", "")
    assert found["Part des personnes venant de la rue"] == ("16\u00a0%", "9 sur 56")
    assert found["Ménages entrés en hébergement"] == ("< 5", "")
    assert found["Part des situations signalées avant l'assignation"] == ("masqué", "")
    assert found["Comités de coordination"] == ("5\u00a0comités", "")
    assert found["Temps d'échange avec les polices"] == ("2\u00a0événements", "")
    assert found["Durée moyenne de l'accompagnement renforcé"] == ("5,8\u00a0mois", "")


def test_no_small_count_of_people_is_printed(demonstration):
    guarded = set(Indicator.objects.filter(is_about_people=True).values_list("label", flat=True))
    small = [
        (label, value)
        for label, value, _ in printed(demonstration)
        if (label in guarded or label.startswith("–")) and re.fullmatch(r"[1-4]\b(?!,)[^%€]*", value)
    ]

    assert small == []


def test_the_full_version_masks_nothing_and_reads_no_public_figure(demonstration):
    snapshot = take(demonstration.pk)

    assert snapshot.public is None
    assert [section.label for section in assemble(snapshot).sections] != ["Chiffres publics"]


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
