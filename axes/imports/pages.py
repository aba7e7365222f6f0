"""The pages of a review: its parts, each with the paragraphs of the document beside what was understood of them."""

from dataclasses import dataclass
from functools import cached_property

from axes.imports.documents import Passage, TableFound
from axes.imports.items import Item
from axes.imports.review import Review

OPENING, MISSING, DOUBTS = "debut", "non-repris", "a-verifier"


@dataclass(frozen=True, slots=True)
class Strip:
    """What is shown side by side: paragraphs of the document, the items read from them, each with its figures."""

    heading: str
    source: tuple
    items: tuple[tuple[Item, tuple[Item, ...]], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The strips of an action, or of a part of the report; `anchor` is its id in the page, `title` may be empty."""

    anchor: str
    title: str
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A page of the review; `items` are all those that it holds."""

    slug: str
    title: str
    short: str
    items: tuple[Item, ...]

    @property
    def anchor(self):
        return self.slug.replace(":", "-")

    @property
    def doubts(self):
        return sum(item.is_doubtful for item in self.items)


class Pages:
    """The parts of a Review, in the order of the report, and what each shows. Without a query."""

    def __init__(self, review: Review):
        self.review, self.understanding = review, review.understanding
        self.items = review.items

    @cached_property
    def parts(self):
        understanding = self.understanding
        parts = [
            Part(
                OPENING,
                "Page de titre et préambule",
                "Début",
                self._under(understanding.cover, understanding.preamble),
            )
        ]
        for section in understanding.sections:
            texts = [part for part in section.parts if isinstance(part, Passage)]
            number = "" if section.number is None else f"{section.number} "
            parts.append(
                Part(
                    section.key,
                    f"{number}{section.title}",
                    f"Partie {number}".strip() if number else section.title,
                    self._under([section], texts),
                )
            )
            parts += [
                Part(table.key, title_of(table), title_of(table).partition(" : ")[0], self._of_table(table))
                for table in section.parts
                if isinstance(table, TableFound)
            ]
        return parts

    def part(self, slug):
        return next((part for part in self.parts if part.slug == slug), None)

    def neighbour(self, slug, step):
        """The part `step` further on, or None."""
        slugs = [part.slug for part in self.parts]
        rank = slugs.index(slug) + step if slug in slugs else -1
        return self.parts[rank] if 0 <= rank < len(slugs) else None

    def part_of(self, item):
        """The part in which an item is shown."""
        return next(part for part in self.parts if item.key in {held.key for held in part.items})

    def _under(self, *lists):
        """The items of passages and sections, each followed by its figures."""
        return tuple(
            item
            for held in lists
            for found in held
            for item in (self.items[found.key], *self.review.figures_in(found.key))
        )

    def _of_table(self, table):
        rows = tuple(
            item
            for row in table.rows
            for item in (
                self.items[row.key],
                self.items[row.state.key],
                *self._under(*(cell.passages for cell in row.cells)),
            )
        )
        return (self.items[table.key], *(self.items[column.key] for column in table.columns), *rows)

    def table(self, slug):
        """The TableFound that this part is, or None."""
        return next((table for table in self.understanding.tables if table.key == slug), None)

    def groups(self, slug):
        """The Groups of a page: for a table, its heading, then an action each; one for a part without table."""
        if slug == DOUBTS:
            held = ((part, [item for item in part.items if item.is_doubtful]) for part in self.parts)
            return [
                Group(part.anchor, part.title, tuple(self._strip(item) for item in items))
                for part, items in held
                if items
            ]
        if table := self.table(slug):
            return [self._of_heading(table), *(self._of_row(table, row) for row in table.rows)]
        texts = (item for item in self.part(slug).items if item.kind != "figure")
        return [
            Group("textes", "", tuple(self._strip(item, self.review.figures_in(item.key)) for item in texts))
        ]

    def _strip(self, item, figures=()):
        return Strip("", self.source(item.found.places), ((item, figures),))

    def _of_heading(self, table):
        """The axis and the columns of its table."""
        columns = tuple((self.items[column.key], ()) for column in table.columns)
        places = tuple(place for column in table.columns for place in column.places)
        axis = self.source(table.places)[:1]
        return Group(
            "colonnes",
            "L'axe et les colonnes de son tableau",
            (
                Strip("Titre du tableau", axis, ((self.items[table.key], ()),)),
                Strip("En-têtes", self.source(places), columns),
            ),
        )

    def _of_row(self, table, row):
        columns = table.columns
        rank = {column.role: rank for rank, column in enumerate(columns)}
        heading = {column.role: column.heading for column in columns}
        title, state = self.items[row.key], self.items[row.state.key]
        strips = [
            Strip(heading.get("title", ""), self._cells(row.places, rank.get("title", 0)), ((title, ()),)),
            Strip(heading.get("state", ""), self.source(row.state.places), ((state, ()),)),
        ]
        for cell in row.cells:
            held = tuple((self.items[p.key], self.review.figures_in(p.key)) for p in cell.passages)
            strips.append(Strip(columns[cell.column].heading, self.source(cell.places) if held else (), held))
        return Group(f"action-{title.anchor}", title.value, tuple(strips))

    # --- The document ---

    @cached_property
    def _rows(self):
        return {row.place: row for table in self.review.reading.document.tables for row in table.rows}

    @cached_property
    def _places(self):
        """{place: its paragraphs}: of a paragraph, a cell, a row, a table, a note."""
        document, places = self.review.reading.document, {}
        for table in document.tables:
            for row in table.rows:
                places |= {cell.place: cell.paragraphs for cell in row.cells}
                places[row.place] = tuple(p for cell in row.cells for p in cell.paragraphs)
            places[table.place] = tuple(p for row in table.rows for p in places[row.place])
        places |= {note.place: note.paragraphs for note in document.notes}
        return places | {paragraph.place: (paragraph,) for paragraph in document.paragraphs}

    def source(self, places):
        """The paragraphs at these places, each once."""
        found = {p.place: p for place in places for p in self._places.get(place, ()) if p.text.strip()}
        return tuple(found.values())

    def _cells(self, rows, column):
        """The paragraphs of these rows (places) in a column."""
        cells = (self._rows[place].at(column) for place in rows if place in self._rows)
        return self.source([cell.place for cell in cells if cell])


def title_of(table):
    """« Axe 3 : Promouvoir… », as `Axis` writes it."""
    return table.label if table.number is None else f"Axe {table.number} : {table.label}"
