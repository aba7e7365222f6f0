"""What the demonstration publishes to all, audited as an attacker would."""

import random
import re

import pytest

from axes import masking
from axes.models import Indicator, Year
from axes.public import public_figures
from bail_dabord.models import Claim, Household, Referral
from prevention.models import Household as PlatformHousehold
from prevention.models import Rehousing, Support
from reporting.assembly import assemble
from reporting.snapshot import take
from tests.axes.test_public import audited, facts, printed
from tests.measures import record

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def year(demonstration):
    return Year.objects.get(number=2023)


def test_the_public_figures_of_the_demonstration_resist_the_audit(year):
    cells, masks, found = audited(year)

    assert {mask.value for mask in masks.values()} == {"small", "hidden"}
    assert len([pair for pair in facts(cells) if set(pair) <= set(cells)]) == 40
    assert found == []


def test_territories_of_few_rows_resist_the_audit(year):
    """What is left of the demonstration when only so many rows of each register remain, drawn at random."""
    for kept in (60, 15, 6):
        thin(kept)

        _, masks, found = audited(year)

        assert len(masks) > 20
        assert found == []
    record(
        "famille.masquage",
        label="Chiffres masqués d'un registre de six ménages que les chiffres publiés permettent de recalculer",
        value=len(found),
        unit=f"sur {len(masks)}",
        aim="0",
        command="python -m pytest tests/axes/test_public_demonstration.py",
    )


def test_the_audit_sees_the_demonstration_without_secondary_masks(year, monkeypatch):
    monkeypatch.setattr(masking.Masking, "exposed", lambda self: [])

    _, _, found = audited(year)

    assert found != []


def test_the_public_version_prints_large_counts_and_masks_small_ones(year):
    found = {label: (value, base) for label, value, base in printed(year)}

    assert found["Ménages entrés dans un logement dans l'année"] == ("35\u00a0ménages", "")
    assert found["Part des personnes venant de la rue"] == ("16\u00a0%", "9 sur 56")
    assert found["Ménages entrés en hébergement"] == ("< 5", "")
    assert found["Part des situations signalées avant l'assignation"] == ("masqué", "")
    assert found["Comités de coordination"] == ("5\u00a0comités", "")
    assert found["Temps d'échange avec les polices"] == ("2\u00a0événements", "")
    assert found["Durée moyenne de l'accompagnement renforcé"] == ("5,8\u00a0mois", "")


def test_no_small_count_of_people_is_printed(year):
    people = Indicator.objects.filter(territory=year.territory, is_about_people=True)
    guarded = set(people.exclude(kind__in=["duration", "amount"]).values_list("label", flat=True))
    small = [
        (label, value)
        for label, value, _ in printed(year)
        if (label in guarded or label.startswith("–")) and re.fullmatch(r"[1-4]\b(?!,)[^%€]*", value)
    ]

    assert small == []


def test_the_full_version_masks_nothing_and_reads_no_public_figure(year):
    snapshot = take(year.pk)

    assert snapshot.public is None
    assert [section.label for section in assemble(snapshot).sections] != ["Chiffres publics"]


def test_two_shares_of_which_one_divides_the_other_have_one_cell(year):
    """The households that ask about an eviction: a numerator of 355, and the base of those who were met."""
    cells = dict(public_figures(year).cells)

    assert cells["prevention.platform_evictions 2023"].count == 106
    assert "A4-13 : numérateur" not in cells


def thin(kept):
    chance = random.Random(kept)  # noqa: S311 - a test, always the same
    for model in (Household, Referral, Claim, Support, PlatformHousehold, Rehousing):
        keys = sorted(model.objects.values_list("pk", flat=True))
        model.objects.filter(pk__in=set(keys) - set(chance.sample(keys, min(kept, len(keys))))).delete()
