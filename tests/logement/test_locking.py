"""The optimistic lock, on a line of the plan."""

import pytest

from axes.models import Line
from logement.locking import Conflict, save_version
from tests.factories import LineFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    return LineFactory(title="Ouvrir dix places")


def records(line):
    """The history of a line: (title, version, who, why), oldest first."""
    return [
        (record.title, record.version, record.history_user, record.history_change_reason)
        for record in Line.history.filter(id=line.pk).order_by("history_id")
    ]


def test_a_save_at_the_version_read_wins_and_writes_its_history(line):
    person = UserFactory()

    saved = save_version(line, version=1, by=person, reason="Correction", title="Ouvrir vingt places")

    assert (saved.title, saved.version) == ("Ouvrir vingt places", 2)
    assert records(line) == [
        ("Ouvrir dix places", 1, None, None),
        ("Ouvrir vingt places", 2, person, "Correction"),
    ]


@pytest.mark.parametrize("version", [0, 2, -1])
def test_a_save_at_another_version_changes_nothing_and_tells_what_is_there(line, version):
    with pytest.raises(Conflict) as conflict:
        save_version(line, version=version, by=UserFactory(), title="Autre")

    assert conflict.value.current == line
    assert conflict.value.current.title == "Ouvrir dix places"
    assert records(line) == [("Ouvrir dix places", 1, None, None)]


def test_the_version_of_the_object_in_memory_does_not_count(line):
    stale = Line.objects.get(pk=line.pk)
    save_version(line, version=1, by=UserFactory(), title="Deuxième")
    stale.version = 2

    with pytest.raises(Conflict) as conflict:
        save_version(stale, version=1, by=UserFactory(), title="Troisième")

    assert conflict.value.current.title == "Deuxième"


def test_a_row_removed_meanwhile_is_a_conflict_with_nothing(line):
    Line.objects.filter(pk=line.pk).delete()

    with pytest.raises(Conflict) as conflict:
        save_version(line, version=1, by=UserFactory(), title="Autre")

    assert conflict.value.current is None
