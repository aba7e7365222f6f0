"""A text as its pages show it: its figures lead to their explanation; to who writes the report, those that changed say
so, and the numbers typed in it are offered the figures for which they may stand."""

from dataclasses import dataclass, field
from functools import cached_property
from html import escape

from django.urls import reverse
from django.utils.safestring import mark_safe

from axes.citations import Reference
from axes.linking import Found, unlinked
from axes.models import Year
from axes.progress import count_words
from axes.staleness import Use, uses_of
from logement.richtext import notes, parse, to_html

LISTED = 30


@dataclass(frozen=True)
class Shown:
    """A rich text; `uses`: its figures, by (ref, words); `numbers`: those that are linked to none.

    Without `year` its figures lead nowhere. `is_open`: the numbers are being linked, their list stays open.
    """

    content: str = ""
    year: Year | None = None
    uses: dict[tuple[str, str], Use] = field(default_factory=dict)
    numbers: tuple[Found, ...] = ()
    is_open: bool = False

    @property
    def html(self):
        html = to_html(parse(self.content), cite=self._cite)
        return mark_safe(html)  # noqa: S308  every character of it was escaped by to_html and _cite

    def _cite(self, text):
        words, ref = escape(text.text, quote=False), escape(text.ref)
        if self.year is None:
            return f'<span class="cited" data-ref="{ref}">{words}</span>'
        use = self.uses.get((text.ref, text.text))
        name = escape(str(use.cited.indicator) if use else text.ref)
        url = explanation_url(self.year, Reference.read(text.ref))
        link = f'<a class="cited" data-ref="{ref}" href="{url}" title="{name}">{words}</a>'
        is_stale = use is not None and use.is_stale
        return f'{link} <mark class="stale">à revoir : {escape(use.words)}</mark>' if is_stale else link

    @property
    def stale_in_notes(self):
        """The figures of the notes that changed: a note is not read in the page."""
        cited = {
            (text.ref, text.text) for note in notes(parse(self.content)) for text in note.content if text.ref
        }
        return [use for key, use in self.uses.items() if key in cited and use.is_stale]

    @property
    def offered(self):
        """The numbers that may stand for a figure: the first ones, the others follow as these are linked."""
        return self._offered[:LISTED]

    @property
    def plain(self):
        """Those of which the figure is beyond doubt."""
        return [number for number in self.offered if number.is_plain]

    @cached_property
    def _offered(self):
        return [number for number in self.numbers if number.candidates]

    @property
    def unknown(self):
        """The numbers that no figure prints."""
        return [number for number in self.numbers if not number.candidates]

    @property
    def summary(self):
        """« 15 nombres à lier, 4 nombres sans chiffre connu »."""
        offered = count_words(len(self._offered), "nombre à lier", "nombres à lier")
        unknown = count_words(len(self.unknown), "nombre sans chiffre connu", "nombres sans chiffre connu")
        return ", ".join(filter(None, [offered, unknown]))


def explanation_url(year, reference):
    """Where a figure cited in a text of `year` tells where it comes from."""
    number = reference.exercise(year)
    return reverse("axes:explain", args=[year.territory.code, year.number, reference.code, number])


def linked_in(texts, year):
    """{text.pk: Shown} for who reads every figure: each leads to its explanation."""
    return {text.pk: Shown(text.content, year) for text in texts if text is not None}


def shown_in(texts, year, *, is_open=False):
    """{text.pk: Shown} for who writes the report, in a number of queries that does not grow with the texts."""
    texts = [text for text in texts if text is not None and text.pk and text.content]
    uses = {}
    for use in uses_of(year, texts=texts):
        uses.setdefault(use.citation.text_id, {})[use.citation.ref, use.citation.words] = use
    numbers = {text.pk: found for text, found in unlinked(year, texts)} if year.is_open else {}
    return {
        text.pk: Shown(text.content, year, uses.get(text.pk, {}), numbers.get(text.pk, ()), is_open)
        for text in texts
    }
