from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from axes.models import Entry, Year
from axes.workflow import record_entry
from logement.locking import Conflict
from tests.factories import EntryFactory, IndicatorFactory, UserFactory, YearFactory

PERIOD = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}


@pytest.fixture
def year(db):
    return YearFactory(number=2023)


@pytest.fixture
def indicator(year):
    return IndicatorFactory(territory=year.territory)


@pytest.fixture
def enter(year, indicator):
    def enter(**fields):
        fields = {"number": Decimal(142), "by": UserFactory()} | fields
        return record_entry(indicator=indicator, year=year, **PERIOD, **fields)

    return enter


def test_a_first_value_is_kept_with_its_author(enter, year, indicator):
    author = UserFactory()
    entry = enter(by=author, note="Relevé\u0007 du 3 janvier")
    assert list(Entry.objects.values_list("indicator", "year", "number", "note", "created_by")) == [
        (indicator.pk, year.pk, 142, "Relevé du 3 janvier", author.pk)
    ]
    assert list(Entry.objects.current()) == [entry]


def test_a_correction_replaces_and_keeps_what_it_corrects(enter):
    first = enter()
    second = enter(number=Decimal(140), corrects=first, reason="Deux ménages comptés deux fois")
    assert list(Entry.objects.current()) == [second]
    assert set(Entry.objects.all()) == {first, second}


def test_a_correction_without_reason_is_refused(enter):
    first = enter()
    with pytest.raises(ValidationError, match="Une correction demande un motif"):
        enter(corrects=first)
    assert list(Entry.objects.all()) == [first]


def test_a_second_first_value_meets_the_value_in_force(enter):
    first = enter()
    with pytest.raises(Conflict) as conflict:
        enter(number=Decimal(140))
    assert conflict.value.current == first
    assert Entry.objects.count() == 1


def test_a_second_correction_of_the_same_value_meets_the_first(enter):
    first = enter()
    second = enter(number=Decimal(140), corrects=first, reason="Doublons")
    with pytest.raises(Conflict) as conflict:
        enter(number=Decimal(141), corrects=first, reason="Un doublon")
    assert conflict.value.current == second
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("state", Year.SENT)
def test_a_sent_exercise_takes_no_value(enter, year, state):
    Year.objects.filter(pk=year.pk).update(state=state)
    with pytest.raises(ValidationError, match="rouvrez-le"):
        enter()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number": None}, "un seul des quatre"),
        ({"blank": "unavailable"}, "un seul des quatre"),
        ({"number": None, "numerator": Decimal(1), "denominator": Decimal(0)}, "supérieur à zéro"),
        ({"starts_on": date(2024, 1, 1)}, "finit avant de commencer"),
        ({"qualifier": "about"}, "about"),
    ],
)
def test_what_is_no_value_is_refused(year, indicator, fields, sentence):
    fields = {**PERIOD, "number": Decimal(1), **fields}
    with pytest.raises(ValidationError, match=sentence):
        record_entry(indicator=indicator, year=year, by=UserFactory(), **fields)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "change", [lambda rows: rows.update(number=1), lambda rows: rows._raw_delete("default")]
)
def test_the_database_refuses_to_change_a_value(year, change):
    entry = EntryFactory(year=year, number=142)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(Entry.objects.all())
    entry.refresh_from_db()
    assert entry.number == 142
