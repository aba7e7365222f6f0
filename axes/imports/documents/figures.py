"""The report's own figures, found in its sentences: each one proposed as an indicator with its value.

The sentences are read by the grammar of the checks (axes/checks/prose); what it leaves open is said in the reason.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from axes.checks.prose import Kind, read
from axes.checks.prose.bases import shares_of
from axes.checks.prose.parts import COMPLEMENTS, FREE, leaned_on
from axes.checks.prose.vocabulary import fold, is_small
from axes.imports.documents import counted
from axes.imports.documents.labels import label_of, shortened
from axes.imports.documents.periods import Said, period_of
from axes.imports.documents.understood import Confidence, FigureFound
from axes.imports.headings import INDICATORS
from logement.richtext import parse, plain

QUALIFIERS = {"around", "nearly", "at_least", "more_than"}
TIMES = {"mois", "heure", "jour", "an", "annee", "semaine", "minute"}
CAPACITIES = {"place", "etp", "mesure", "logement", "lot", "bailleur", "association"}
#: Multiplications in one word: « le quintuplement des aides ».
TIMES_OVER = {"doublement": 2, "triplement": 3, "quadruplement": 4, "quintuplement": 5, "decuplement": 10}
RATIO = re.compile(r"(?<!\w)(?:un|une|1)\s+[^\W\d_]+\s+(?:sur|pour)\s+$", re.IGNORECASE)
PER = re.compile(r"\s+(?:[^\W_]+\s+){0,3}?par\s+(jour|mois|an|semaine|heure)\b", re.IGNORECASE)
NAMED_BY_A_LAW = {"loi", "decret", "arrete", "ordonnance", "circulaire"}

LEANS = "L'unité n'est pas écrite à côté du nombre : elle vient de ce qui précède."
NO_UNIT = "Ce que compte ce nombre n'est pas dit à côté de lui."
NO_BASE = "Le texte ne dit pas de quoi c'est une part : précisez la base."
AT_MOST = "« Moins de », « jusqu'à » : le nombre est un maximum, que la précision ne sait pas dire."
NO_NUMBER = "Le texte ne donne pas de nombre : un seul est supposé."
A_RANK = "C'est un rang, pas une quantité."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence is: its passage and its plain words, its row, the role of its column, the exercise."""

    passage: object
    text: str
    row: str
    role: str
    year: int | None
    before: object = None  # the sentence before


def figures_of(understanding):
    """The FigureFound of the whole report, in its order; the title page and the titles hold none."""
    for passage in understanding.preamble:
        yield from _in_passage(passage, "", "", understanding.year)
    for section in understanding.sections:
        for part in section.parts:
            if hasattr(part, "rows"):
                for row in part.rows:
                    for cell in row.cells:
                        for passage in cell.passages:
                            yield from _in_passage(
                                passage, row.key, part.columns[cell.column].role, understanding.year
                            )
            else:
                yield from _in_passage(part, "", "", understanding.year)


def _in_passage(passage, row, role, year):
    place = Place(passage, plain(parse(passage.html)), row, role, year)
    sentences = read(place.text).sentences
    shares = {percent.start: share for share in shares_of(sentences) for percent in share.percents}
    for before, sentence in zip((None, *sentences), sentences, strict=False):
        found = _in_sentence(sentence, replace(place, before=before), shares)
        yield from sorted(found, key=lambda figure: figure.start)
    if role == INDICATORS and not any(sentence.numbers for sentence in sentences):
        yield from _unnumbered(place, sentences)


def _in_sentence(sentence, place, shares):
    ratios = {number.start: match for number in sentence.counts if (match := _ratio(sentence, number))}
    inside = [range(match.start(), match.end()) for match in ratios.values()]
    for number in sentence.numbers:
        if number.start in ratios:
            yield _ratio_figure(sentence, number, ratios[number.start], place)
        elif any(number.start in span for span in inside) or _is_no_figure(sentence, number):
            continue
        elif number.kind is Kind.RANK:
            yield _figure(
                sentence,
                number.start,
                number.reach,
                place,
                unit="rang",
                doubt=(Confidence.LIKELY, A_RANK),
                number=number.value,
            )
        else:
            yield _counted(sentence, number, place, shares)
    yield from _days(sentence, place)
    for start, word in sentence.words:
        if word in TIMES_OVER:
            yield _figure(
                sentence,
                start,
                start + len(word),
                place,
                unit="×",
                number=Decimal(TIMES_OVER[word]),
                doubt=(Confidence.LIKELY, "Une multiplication, sans la valeur de départ."),
            )


def _is_no_figure(sentence, number):
    """A name (« Axe 3 »), or a bare number stuck to the noun before it (« les régulateurs 115 »)."""
    if number.kind not in {Kind.COUNT, Kind.PERCENT, Kind.MONEY, Kind.RANK}:
        return True
    if number.kind is not Kind.COUNT or number.unit or number.is_word:
        return False
    before = [token for token in sentence.tokens if token.end <= number.start][-1:]
    return bool(before) and before[0].text[:1].isalpha() and not is_small(before[0].text)


def _ratio(sentence, number):
    """The match of « une attribution pour » just before a number."""
    return RATIO.search(sentence.source[: number.start], sentence.start)


def _ratio_figure(sentence, number, match, place):
    base = number.noun
    return _figure(
        sentence,
        match.start(),
        number.reach,
        place,
        unit="ratio",
        numerator=Decimal(1),
        denominator=number.value,
        base=base,
        doubt=(Confidence.LIKELY, "Un rapport écrit en mots : vérifiez ce qui est compté."),
    )


def _counted(sentence, number, place, shares):
    """A count, a percentage or an amount of money."""
    noun, doubt = _unit(sentence, number)
    base = ""
    if number.kind is Kind.PERCENT:
        share = shares.get(number.start)
        base = f"{share.base.value} {share.noun}".strip() if share and share.base else ""
        doubt = doubt if base else (Confidence.UNSURE, NO_BASE)
    qualifier = number.qualifier if number.qualifier in QUALIFIERS else "exact"
    if number.qualifier and qualifier == "exact":
        doubt = (Confidence.UNSURE, AT_MOST)
    return _figure(
        sentence,
        number.start,
        number.reach,
        place,
        unit=noun,
        number=number.value,
        qualifier=qualifier,
        base=base,
        doubt=doubt,
        label=_label(sentence, number),
    )


def _label(sentence, number):
    """Its noun begins it, but for a sign: « Ménages accompagnés », « Ont un accompagnement » of 71 %."""
    is_noun = number.kind is Kind.COUNT and len(number.noun) > 1 and fold(number.noun) not in TIMES
    owner = leaned_on(sentence, number) if not number.unit else number
    whole = "" if owner is number else label_of(sentence, owner.start, owner.end)
    return label_of(sentence, number.start, number.end if is_noun else number.reach, whole)


def _unit(sentence, number):
    """(the unit as a plural noun, (confidence, reason))."""
    if number.kind is Kind.PERCENT:
        return "%", (Confidence.SURE, "")
    if number.kind is Kind.MONEY:
        return "€", (Confidence.SURE, "")
    if number.unit in FREE and (before := [n for n in sentence.counts if n.reach <= number.start and n.unit]):
        return counted.plural(before[-1]), (Confidence.LIKELY, LEANS)
    if number.unit:
        if (per := PER.match(sentence.source, number.reach)) and number.reach < per.start(1) <= sentence.end:
            return f"{number.noun.lower()} par {per[1].lower()}", (Confidence.SURE, "")
        return _people(sentence, number) or counted.plural(number), (Confidence.SURE, "")
    after = next((other for other in sentence.counts if other.start > number.start), None)
    if after and after.unit and sentence.words_between(number.reach, after.start) in (["et"], ["ou"]):
        return counted.plural(after), (Confidence.LIKELY, LEANS)
    owner = leaned_on(sentence, number)
    if owner is not number and owner.unit:
        return counted.plural(owner), (Confidence.LIKELY, LEANS)
    return "", (Confidence.UNSURE, NO_UNIT)


def _people(sentence, number):
    """Adults and children, women and men are counted in persons."""
    parts = {part for pair in COMPLEMENTS for part in pair}
    return "personnes" if number.unit in parts else ""


def _days(sentence, place):
    """The days that a sentence names, but for the end of a period (« au 31/12/2023 ») and the day of a law."""
    for mention in sentence.dates:
        before = [word for start, word in sentence.words if start < mention.start][-2:]
        is_end = (
            mention.since or (mention.start == sentence.start) or (mention.day, mention.month) == (31, 12)
        )
        opens = (
            before[-1:] in (["au"], ["depuis"], ["jusqu"])
            and len(sentence.words)
            and before == [sentence.words[0][1]]
        )
        year = mention.year or place.year
        if None in {mention.day, mention.month, year} or is_end or opens or NAMED_BY_A_LAW & set(before):
            continue
        try:
            day = date(year, mention.month, mention.day)
        except ValueError:
            continue  # « 31 juin »: the checks say so
        doubt = (Confidence.SURE, "")
        if mention.year is None:
            doubt = (Confidence.LIKELY, "L'année n'est pas écrite : celle de l'exercice est supposée.")
        yield _figure(sentence, mention.start, mention.end, place, unit="date", day=day, doubt=doubt)


def _unnumbered(place, sentences):
    """What a cell of indicators tells without a number: « Rapport sur… », « Organisation d'un atelier… »."""
    for sentence in sentences:
        for start, end, unit, clause in counted.things_of(sentence):
            yield replace(
                _figure(
                    sentence,
                    start,
                    end,
                    place,
                    unit=unit,
                    number=Decimal(1),
                    doubt=(Confidence.UNSURE, NO_NUMBER),
                ),
                words="",
                end=start,
                label=shortened(clause),
            )


def _figure(sentence, start, end, place, *, unit, doubt, label="", qualifier="exact", base="", **value):
    period, assumed = period_of(sentence, start, end, place.year, place.before)
    if doubt[0] == Confidence.SURE and assumed:
        doubt = (Confidence.LIKELY, assumed)
    if "day" in value:
        period, label = Said("dated", value["day"], value["day"]), shortened(sentence.text)
    return FigureFound(
        key=f"figure:{place.passage.places[0]}:{start}",
        places=place.passage.places[:1],
        passage=place.passage.key,
        row=place.row,
        start=start,
        end=end,
        words=place.text[start:end],
        sentence=sentence.text,
        label=label or label_of(sentence, start, end),
        unit=unit,
        kind=_kind(unit, place),
        temporality=period.temporality,
        qualifier=qualifier,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        base=base,
        confidence=doubt[0],
        reason=doubt[1],
        **value,
    )


def _kind(unit, place):
    """The code of Indicator.Kind."""
    folded = fold(unit.split(" ")[0]) if unit else ""
    if unit == "€":
        return "amount"
    if unit in {"%", "ratio"}:
        return "rate"
    if not place.row or unit in {"rang", "×"}:
        return "context"
    if folded in TIMES:
        return "duration"
    if unit == "date" or folded in counted.EVENTS:
        return "event"
    if folded in counted.DELIVERABLES or unit == "livrable":
        return "deliverable"
    if folded in CAPACITIES:
        return "capacity"
    return "headcount"
