"""An exercise as its lead finds it in the browser, and the small gestures that the journeys share."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from axes.models import Block, Column, TextBlock
from tests.factories import (
    ActionFactory,
    AxisFactory,
    BlockFactory,
    ChapterFactory,
    EntryFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    OrganisationFactory,
    StateFactory,
    TextBlockFactory,
    YearFactory,
)


class Exercise:
    """Axis 1 with two actions, a second axis without any, the cover, the preamble and a section, two indicators."""

    def __init__(self):
        self.year = YearFactory(
            number=2023,
            state="writing",
            agreement__title="Convention 2023-2027",
            agreement__territory__code="ici",
            agreement__territory__name="Métropole d'Ici",
        )
        self.territory, agreement = self.year.territory, self.year.agreement
        self.metropole = OrganisationFactory(name="Métropole", kind="authority")
        self.association = OrganisationFactory(name="Le Toit", kind="association")
        self.territory.organisations.add(self.metropole, self.association)
        self.axis = AxisFactory(agreement=agreement, number=1, label="Accueillir", position=1)
        self.empty_axis = AxisFactory(agreement=agreement, number=2, label="Accompagner", position=2)
        self.done = StateFactory(agreement=agreement, position=1)
        self.late = StateFactory(
            agreement=agreement,
            outcome="postponed",
            fs="Reportée",
            ms="Reporté",
            fp="Reportées",
            mp="Reportés",
            position=2,
        )
        self.cover = ChapterFactory(year=self.year, cover=True, position=1)
        self.preamble = ChapterFactory(year=self.year, preamble=True, position=2)
        self.section = ChapterFactory(year=self.year, number=1, title="Bilan", position=3)
        cover = BlockFactory(chapter=self.cover)
        TextBlockFactory(block=cover, content="<p>Le plan</p><p>Rapport d'exécution</p>")
        self.block = BlockFactory(chapter=self.preamble, position=1)
        BlockFactory(chapter=self.preamble, kind=Block.Kind.AXES, position=2)
        BlockFactory(chapter=self.preamble, kind=Block.Kind.CONTEXT, position=3)
        table = BlockFactory(chapter=self.section, actions=True, axis=self.axis, position=1)
        BlockFactory(
            chapter=self.section, actions=True, axis=self.empty_axis, layout=table.layout, position=2
        )
        self.indicators = table.layout.columns.get(role=Column.Role.INDICATORS)
        self.observations = table.layout.columns.get(role=Column.Role.OBSERVATIONS)
        self.first = self.line("Ouvrir dix places", 1)
        self.second = self.line("Former les équipes", 2)
        self.indicator = IndicatorFactory(
            territory=self.territory, action=self.first.action, code="A1-01", label="Places", unit="places"
        )
        self.context = IndicatorFactory(
            territory=self.territory, kind="context", code="C-01", label="Habitants", unit="habitants"
        )
        self.lead = MembershipFactory(
            lead=True,
            territory=self.territory,
            organisation=self.metropole,
            user__full_name="Camille Ferrand",
            user__email="camille@metropole.example",
            user__password="toit-dabord-2023",
        ).user

    def line(self, title, position):
        action = ActionFactory(axis=self.axis, label=title)
        return LineFactory(year=self.year, action=action, position=position)

    def url(self, name, *args):
        return reverse(name, args=[self.territory.code, self.year.number, *args])

    def axis_url(self):
        return self.url("axes:axis", self.axis.pk)

    def cell_url(self, column=None):
        return self.url("axes:edit_cell", self.first.pk, (column or self.indicators).pk)

    def content(self, column=None):
        """What is stored in the cell of the first action."""
        text = TextBlock.objects.filter(line=self.first, column=column or self.indicators).first()
        return text.content if text else None

    def enter(self, number=12):
        """Gives a value to every indicator."""
        for indicator in (self.indicator, self.context):
            EntryFactory(indicator=indicator, year=self.year, number=number, created_by=self.lead)

    def write(self):
        """Writes a text everywhere one is missing, and a state on each line."""
        for line in (self.first, self.second):
            line.state = self.done
            line.save()
            for column in (self.indicators, self.observations):
                TextBlockFactory(
                    cell=True, line=line, column=column, content="<p>Dix <strong>places</strong>.</p>"
                )
        TextBlockFactory(block=self.block, content="<p>Le plan en bref.</p>")


@pytest.fixture
def open_page(open_page):
    """Pages that also fail their test on words that a screen reader would not say."""

    def listened_to(**options):
        page = open_page(**options)
        page.context.add_init_script(path=Path(__file__).parent / "hearing.js")
        return page

    return listened_to


@pytest.fixture
def exercise(live_server):
    return Exercise()


@pytest.fixture
def lead(exercise, page, log_in):
    """The lead's page, signed in."""
    log_in(page, exercise.lead)
    return page


def cell(page, line, column):
    """The place of a cell in the table of its axis."""
    return page.locator(f"#cellule-{line.pk}-{column.pk}")


def editor(place):
    return place.get_by_role("textbox")


def edit(place):
    """Opens a cell for writing; returns its editor, once it has the focus."""
    place.get_by_role("link", name="Modifier").click()
    writing = place.locator(".ProseMirror")
    expect(writing).to_be_focused()
    return writing


def save(place):
    """Saves what is being edited in this place, and waits until it says so."""
    place.get_by_role("button", name="Enregistrer").click()
    place.get_by_text("Enregistré", exact=True).wait_for()
