"""A backup is of one instant, whatever is written while it reads."""

import json
import threading

import pytest
from django.db import connection, transaction

from logement.backup import archive, rows, saving
from logement.models import Organisation, Territory
from tests.factories import OrganisationFactory, TerritoryFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_written_while_a_backup_is_made_is_in_it_whole_or_not_at_all(tmp_path, monkeypatch):
    """Somebody renames a territory and its body in one transaction, between the readings of their two tables."""
    TerritoryFactory(name="Avant")
    OrganisationFactory(name="Avant")
    order = [model for model in rows.tables() if model in {Territory, Organisation}]
    read_lines, renamed = rows.lines_of, threading.Event()

    def rename():
        try:
            with transaction.atomic():
                for model in order:
                    assert model.objects.update(name="Après") == 1
        finally:
            renamed.set()
            connection.close()

    writer = threading.Thread(target=rename)

    def lines_then_a_renaming(queryset, **options):
        yield from read_lines(queryset, **options)
        if queryset.model is order[0]:
            writer.start()
            renamed.wait(1)  # on SQLite the writer waits for the end of our transaction instead

    monkeypatch.setattr(rows, "lines_of", lines_then_a_renaming)

    path, missing = saving.save(tmp_path)
    writer.join()

    assert missing == []
    assert [names_in(path, model) for model in order] == [["Avant"], ["Avant"]]
    assert [model.objects.get().name for model in order] == ["Après", "Après"]


def names_in(path, model):
    with archive.reading(path) as reader, reader.open(f"tables/{model._meta.label}") as lines:
        titles, *kept = map(json.loads, lines)
    return [row[titles.index("name")] for row in kept]
