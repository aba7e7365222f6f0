"""The snapshot: what of the database goes into the report, read at one instant."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from axes import workflow
from axes.models import Column, Line, TextBlock
from reporting import snapshot
from reporting.document import ReportedFigure
from tests.factories import (
    ActionFactory,
    BlockFactory,
    ChapterFactory,
    EntryFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    StateFactory,
    TextBlockFactory,
    YearFactory,
)


@pytest.fixture
def year(db):
    return YearFactory(
        number=2023, state="writing", agreement__title="Convention", agreement__territory__name="Ici"
    )


def fill(year, rows):
    """So many chapters, tables, lines, cells, texts and context figures."""
    done = StateFactory(agreement=year.agreement, fs=f"Faite en {year.number}")
    for rank in range(rows):
        chapter = ChapterFactory(year=year, position=rank)
        TextBlockFactory(block=BlockFactory(chapter=chapter))
        BlockFactory(chapter=chapter, axes=True)
        BlockFactory(chapter=chapter, context=True)
        block = BlockFactory(chapter=chapter, actions=True)
        for _ in range(rows):
            line = LineFactory(year=year, action=ActionFactory(axis=block.axis), state=done)
            for column in block.layout.columns.filter(role__in=Column.TEXT_ROLES):
                TextBlockFactory(cell=True, line=line, column=column)
        EntryFactory(
            indicator=IndicatorFactory(territory=year.territory, kind="context", action=None), year=year
        )


@pytest.mark.parametrize("rows", [1, 3])
def test_snapshot_takes_the_same_queries_whatever_its_rows(year, rows, django_assert_num_queries):
    fill(year, rows)

    with django_assert_num_queries(25):
        taken = snapshot.take(year.pk)

    assert [len(block.rows) for chapter in taken.chapters for block in chapter.blocks if block.rows] == [
        rows
    ] * rows


def test_snapshot_is_plain_data_in_the_order_of_the_report(year):
    section = ChapterFactory(year=year, number=1, title="Bilan", position=2)
    cover = ChapterFactory(year=year, cover=True, position=1)
    title = BlockFactory(chapter=cover)
    TextBlockFactory(block=title, content="<p>Le plan</p>")
    table = BlockFactory(chapter=section, actions=True, axis__number=1, axis__label="Accueillir", position=1)
    text = BlockFactory(chapter=section, position=2)
    TextBlockFactory(block=text, content="<p>Ensuite</p>")
    BlockFactory(chapter=section, axes=True, position=3)
    BlockFactory(chapter=section, context=True, position=4)
    second = LineFactory(
        year=year, action=ActionFactory(axis=table.axis), title="Deux", position=2, done=True
    )
    first = LineFactory(year=year, action=ActionFactory(axis=table.axis), title="Une", position=1)
    columns = {column.role: column.pk for column in table.layout.columns.all()}
    column = table.layout.columns.get(role="indicators")
    TextBlockFactory(cell=True, line=first, column=column, content="<p>Texte</p>")
    for number, fields in ((10, {"position": 1}), (None, {"position": 2})):
        indicator = IndicatorFactory(
            territory=year.territory,
            kind="context",
            label=f"Contexte {number}",
            source_detail="INSEE",
            **fields,
        )
        if number:
            EntryFactory(indicator=indicator, year=year, number=number)
            given = indicator

    taken = snapshot.take(year.pk)

    data = snapshot.BlockData
    assert taken == snapshot.Snapshot(
        territory="Ici",
        territory_code=year.territory.code,
        year=2023,
        agreement="Convention",
        is_final=False,
        chapters=(
            snapshot.ChapterData(
                cover.pk,
                "cover",
                None,
                "Page de titre",
                (data("text", "<p>Le plan</p>", key=title.pk),),
            ),
            snapshot.ChapterData(
                section.pk,
                "section",
                1,
                "Bilan",
                (
                    data(
                        "actions",
                        label="Axe 1 : Accueillir",
                        axis_key=table.axis_id,
                        columns=(
                            snapshot.ColumnData("Les actions réalisées en 2023", "title", columns["title"]),
                            snapshot.ColumnData("État de la réalisation", "state", columns["state"]),
                            snapshot.ColumnData(
                                "Indicateurs de suivi et résultats", "indicators", columns["indicators"]
                            ),
                            snapshot.ColumnData("Observations", "observations", columns["observations"]),
                        ),
                        rows=(
                            snapshot.RowData(first.pk, ("Une", "", "<p>Texte</p>", ""), first.action_id),
                            snapshot.RowData(
                                second.pk, ("Deux", "Réalisée", "", ""), second.action_id, "done"
                            ),
                        ),
                    ),
                    data("text", "<p>Ensuite</p>", key=text.pk),
                    data("axes", axes=("Axe 1 : Accueillir",)),
                    data("context", figures=(given.pk,)),
                ),
            ),
        ),
        figures=(
            ReportedFigure(
                key=given.pk,
                code=given.code,
                heading="Le territoire",
                action="",
                label="Contexte 10",
                value="10\u00a0personnes",
                unit="personnes",
                starts_on=date(2023, 1, 1),
                ends_on=date(2023, 12, 31),
                number=Decimal(10),
                source="Saisie",
                source_detail="INSEE",
                definition=given.definition,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("state", "is_final"), [("writing", False), ("review", False), ("sent", True), ("closed", True)]
)
def test_snapshot_is_final_once_sent(year, state, is_final):
    year.state = state
    year.save()

    assert snapshot.take(year.pk).is_final is is_final


def test_snapshot_holds_nothing_of_another_exercise(year):
    fill(year, 1)
    before = snapshot.take(year.pk)

    fill(YearFactory(agreement=year.agreement, number=2022), 1)
    fill(YearFactory(number=2023), 1)
    Line.objects.exclude(year=year).update(title="D'ailleurs")

    after = snapshot.take(year.pk)
    assert after.chapters[0].blocks[3] == before.chapters[0].blocks[3]
    assert len(after.chapters) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_saved_while_the_snapshot_is_taken_is_in_it_whole_or_not_at_all(year, monkeypatch):
    """Somebody saves two texts between the reading of the lines and that of the narrative."""
    fill(year, 1)
    person = MembershipFactory(lead=True, territory=year.territory).user
    line, narrative = Line.objects.get(), TextBlock.objects.select_related("year").get(line=None)
    read_tables, saved = snapshot.tables_of, threading.Event()

    def save():
        try:
            workflow.save_title(line=line, version=1, title="Après", by=person)
            workflow.save_text(text=narrative, version=1, content="<p>Après</p>", by=person)
        finally:
            saved.set()
            connection.close()

    writer = threading.Thread(target=save)

    def tables_then_a_save(*args, **kwargs):
        tables = read_tables(*args, **kwargs)
        writer.start()
        saved.wait(1)  # on SQLite the writer waits for the end of our transaction instead
        return tables

    monkeypatch.setattr(snapshot, "tables_of", tables_then_a_save)

    taken = snapshot.take(year.pk)
    writer.join()

    text, *_, table = taken.chapters[0].blocks
    assert (table.rows[0].cells[0], text.html) == (line.title, "<p>Texte.</p>")
    assert Line.objects.get().title == "Après"
    assert TextBlock.objects.get(pk=narrative.pk).content == "<p>Après</p>"
