"""A reviewed report, written into the plan at once or not at all: its exercise, its lines, its texts, its figures."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from axes.citations import citations_of, look_up
from axes.imports.decisions import check_pending
from axes.imports.documents import Decision, report_of
from axes.imports.documents.reported import citing
from axes.imports.items import Item, kind_of
from axes.imports.review import Review
from axes.imports.writing import IMPORT, write_report
from axes.linking import forms_of
from axes.models import Citation, Entry, Indicator, ReportImport, TextBlock
from axes.models.quantity import Quantity
from axes.passage import ONE_SPACE
from axes.periods import Period
from axes.values import period_of, refusals, value_of_fields
from logement import audit
from logement.richtext import mapped, parse, plain, references, to_html

CHANGED = (
    "Des décisions ont changé depuis que vous avez ouvert cette page : relisez le résumé, puis enregistrez."
)
WITHOUT_NUMBER, OUTSIDE = "X-", "C-"  # how the codes begin: of an axis without number, of no action
A_DAY = (Indicator.Temporality.STOCK, Indicator.Temporality.DATED)


class Changed(Exception):
    """What is to be saved is not what was read; its text says what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A figure that becomes a value of `indicator`, which is new where it has no key yet."""

    item: Item
    indicator: Indicator

    @property
    def quantity(self):
        return quantity_of(self.item.now)

    def entry(self, year, **fields):
        period = self._period(year.number)
        return Entry(
            indicator=self.indicator,
            year=year,
            starts_on=period.start,
            ends_on=period.end,
            **self.quantity,
            **fields,
        )

    def _period(self, number):
        """What the sentence says where it does; else the usual period of the indicator in that exercise."""
        figure, usual = self.item.now, period_of(self.indicator, number)
        if self.indicator.temporality in A_DAY:
            day = figure.day or figure.ends_on
            return Period.on(day) if day else usual
        start = usual.start if self.indicator.since else figure.starts_on
        return Period(start, figure.ends_on) if start and figure.ends_on else usual

    def cited(self, text, number):
        """(the FigureFound of the words that a reference prints in this text, its `ref`, its own words), or None.

        « 35 » of « 35 ménages », « environ 500 » where the text says so. The reference is to the value as it was read
        where a person wrote another: its sentence is then « à revoir », as it should be.
        """
        found, spaced = self.item.found, text.translate(ONE_SPACE)
        for figure in (self.item.now, found):
            value = value_of_fields(quantity_of(figure), number, indicator=self.indicator)
            forms = forms_of(self.indicator.code, value)
            for words in sorted(forms, key=len, reverse=True):
                start = place_of(words, spaced, found)
                if start is not None:
                    end = start + len(words)
                    narrow = replace(found, start=start, end=end, words=text[start:end])
                    return narrow, str(forms[words]), forms[words].words(value)
        return None


def quantity_of(figure):
    """The fields of a Quantity that a figure has."""
    return {name: getattr(figure, name, "") for name in Quantity.FIELDS}


def place_of(words, text, figure):
    """Where these whole words stand in a text, at a figure or from its precision on; else None."""
    before = text.rfind(words, 0, figure.start + len(words))
    for start in dict.fromkeys((before, text.find(words, figure.start, figure.end))):
        is_whole = not (text[start - 1 : start].isalnum() or text[start + len(words) :][:1].isalnum())
        if start >= 0 and is_whole and start + len(words) > figure.start:
            return start
    return None


@transaction.atomic
def save_import(*, report, number, seen, by):
    """Writes all that is taken as the exercise `number`, new or empty; gives (Year, how many figures of each fate).

    Raises Changed where it is no longer what was `seen`, ValidationError and ReportFileError with French sentences.
    """
    check_pending(report)
    review = Review(report)
    if review.seen != seen:
        raise Changed(CHANGED)
    if review.doubts:
        raise ValidationError("Il reste des éléments à vérifier : décidez de chacun, puis enregistrez.")
    taken = figures_of(review, report.territory)
    texts = texts_of(review, taken, number)
    year, lines = write_report(
        report_of(review.understanding, decisions_of(review, texts)),
        territory=report.territory,
        number=number,
        by=by,
    )
    actions = {row.key: line.action for row, line in zip(review.rows, lines, strict=True)}
    write_figures(taken, year, actions, report, by)
    linked = cite(year)
    ReportImport.objects.filter(pk=report.pk).update(year=year, saved_at=timezone.now(), saved_by=by)
    audit.record(
        by=by,
        act="Rapport repris",
        about=report,
        territory=report.territory,
        detail=f"Exercice {number} : {len(lines)} actions, {len(taken)} chiffres dont {linked} cités",
    )
    return year, Counter(taken=len(taken), linked=linked)


def texts_of(review, taken, number):
    """{key of a passage: its text, in which figures are cited}. The spaces of their words are those of the print."""
    texts = {}
    for one in taken:
        passage = review.items[one.item.found.passage]
        if cited := one.cited(plain(parse(passage.found.html)), number):
            figure, ref, words = cited
            held = citing(texts.get(passage.key, passage.value), figure, ref)
            texts[passage.key] = to_html(mapped(parse(held), partial(printed, ref=ref, words=words)))
    return texts


def printed(text, *, ref, words):
    """The words of a reference as it prints them, where the text says the same with other spaces."""
    is_same = text.ref == ref and text.text.translate(ONE_SPACE) == words.translate(ONE_SPACE)
    return replace(text, text=words) if is_same else text


def decisions_of(review, texts):
    """{key: Decision}, as `report_of` takes them; `texts`: those of `texts_of`."""
    found = {}
    for item in review.items.values():
        if item.key in texts:
            found[item.key] = Decision(value=texts[item.key])
        elif item.decision and item.kind not in {"column", "figure"}:
            found[item.key] = Decision(item.is_taken, item.value if item.is_corrected else None)
    return found


def figures_of(review, territory):
    """The Taken of a review; a new indicator has its code already, its action comes with the lines."""
    codes = Codes(review)
    found, rank = [], count(1)
    for item in review.figures_taken:
        indicator = review.joined(item) or new_indicator(
            item.now, codes.next_for(item), territory, next(rank)
        )
        figure = item.now
        if sentences := refusals(indicator, number=figure.number, denominator=figure.denominator):
            raise ValidationError([f"« {figure.words} » : {sentence}" for sentence in sentences.values()])
        found.append(Taken(item, indicator))
    return found


def new_indicator(figure, code, territory, position):
    is_cumul = figure.temporality == Indicator.Temporality.CUMULATIVE
    return Indicator(
        territory=territory,
        code=code,
        label=figure.label,
        unit=figure.unit,
        kind=kind_of(figure),
        temporality=figure.temporality,
        since=figure.starts_on if is_cumul else None,
        base=figure.base,
        position=position,
    )


class Codes:
    """The codes of new indicators: « A3-07 » follows the last one of the axis 3 in the territory."""

    def __init__(self, review):
        self.prefixes = {
            row.key: WITHOUT_NUMBER if table.number is None else f"A{table.number}-"
            for table in review.understanding.tables
            for row in table.rows
        }
        self.held = set(review.series.by_code)

    def next_for(self, item):
        prefix = self.prefixes.get(item.found.row, OUTSIDE)
        code = next(code for n in count(1) if (code := f"{prefix}{n:02}") not in self.held)
        self.held.add(code)
        return code


def write_figures(taken, year, actions, report, by):
    """The new indicators, each of its action, and a value of each figure, whose source is the document."""
    new = [one for one in taken if one.indicator.pk is None]
    for one in new:
        one.indicator.action = actions.get(one.item.found.row)
        one.indicator.source_detail = f"{report.name}, rapport {year.number}"[:300]
        one.indicator.clean_fields(
            exclude=["territory", "action", "supplier", "whole", "flow", "gathering_kind"]
        )
    bulk_create_with_history(
        [one.indicator for one in new], Indicator, default_user=by, default_change_reason=IMPORT
    )
    refuse_twice(taken, year)
    Entry.objects.bulk_create(one.entry(year, imported_from=report, created_by=by) for one in taken)


def refuse_twice(taken, year):
    """One value per indicator and exercise: of two figures of the document, or of one that the plan has already."""
    joined = Counter(one.indicator for one in taken)
    held = Entry.objects.filter(year=year, indicator__in=joined).values_list("indicator__code", flat=True)
    twice = sorted({indicator.code for indicator, times in joined.items() if times > 1})
    sentences = [
        *(
            f"{code} a déjà une valeur en {year.number} : laissez ce chiffre, ou faites-en un nouvel indicateur."
            for code in held
        ),
        *(
            f"Deux chiffres du rapport continuent {code} : gardez-en un, faites de l'autre un nouvel indicateur."
            for code in twice
        ),
    ]
    if sentences:
        raise ValidationError(sentences)


def cite(year):
    """Writes the rows that say what the texts of a new exercise cite; gives how many there are."""
    texts = [
        text for text in TextBlock.objects.filter(year=year).exclude(content="") if "data-ref" in text.content
    ]
    refs = {cited.ref for text in texts for cited in references(parse(text.content))}
    found = look_up(refs, year)
    return len(Citation.objects.bulk_create(row for text in texts for row in citations_of(text, found)))
