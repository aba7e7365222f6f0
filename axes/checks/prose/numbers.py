"""The numbers of a text with their unit, whatever they are written in. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from axes.checks.prose.tokens import THIN_SPACES, Sort
from axes.checks.prose.vocabulary import ADJECTIVES_BEFORE, fold, is_participle, is_small, unaccented
from axes.checks.prose.words import NUMBER_WORDS, ROUGH, number_in_words

MAX_DIGITS = 15  # what has more is an identifier
WORDS_AHEAD = 12  # the longest number in words that is looked for
NO_SPACES = str.maketrans("", "", THIN_SPACES)
RANKS = frozenset("er re e è ème eme ième ieme nd nde ères ers".split())
SCALES = {"million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}
MONEY = {"€": 1, "euro": 1, "euros": 1, "k€": 10**3, "m€": 10**6}
#: What stands before a number that names and does not count: « Axe 3 », « journée 1 », « n° 12 ».
NAMED = frozenset(
    """
    axe journee article page annexe tableau phase lot volet objectif chapitre partie action fiche loc numero no n° zone
    niveau type jalon rang edition figure ligne poste version indicateur mesure loi decret arrete tranche categorie
    """.split()
)
AFTER_ARTICLE = frozenset("le au du".split())
QUALIFIERS = {
    ("environ",): "around",
    ("quelque",): "around",
    ("presque",): "around",
    ("pres", "de"): "nearly",
    ("pres", "d"): "nearly",
    ("au", "moins"): "at_least",
    ("minimum",): "at_least",
    ("plus", "de"): "more_than",
    ("plus", "d"): "more_than",
    ("moins", "de"): "at_most",
    ("jusqu", "a"): "at_most",
    ("au", "plus"): "at_most",
}
OPENINGS = frozenset("«“\"'’")


FIRST_WORDS = NUMBER_WORDS | set(ROUGH)


class Kind(Enum):
    COUNT = "compte"
    PERCENT = "pourcentage"
    MONEY = "montant"
    RANK = "rang"
    NAME = "nom"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a text, from `start` to `end`; `reach` is where its unit ends.

    `unit` is the folded noun that it counts (« menage »), « » where it leans on another (« dont 35 en 2023 »);
    `qualifier` a code of axes.models.quantity.Qualifier, or `at_most`; `places` its decimals.
    """

    start: int
    end: int
    reach: int
    value: Decimal
    kind: Kind
    unit: str = ""
    noun: str = ""
    qualifier: str = ""
    places: int = 0
    is_word: bool = False

    @property
    def is_exact(self):
        return not self.qualifier


def number_at(tokens, rank):
    """(Number, rank after it and its unit) of the number that begins with this token, or None."""
    token = tokens[rank]
    if token.sort is Sort.NUMBER:
        return _in_digits(tokens, rank)
    if unaccented(token.lower).partition("-")[0] in FIRST_WORDS:
        return _in_words(tokens, rank)
    return None


def _in_digits(tokens, rank):
    token = tokens[rank]
    raw = token.text.translate(NO_SPACES).replace(",", ".")
    after = tokens[rank + 1] if rank + 1 < len(tokens) else None
    value = Decimal(raw) if len(raw) <= MAX_DIGITS else Decimal(0)
    places = len(raw.partition(".")[2])
    if after is not None and after.lower in RANKS and not after.is_first:
        return _simple(token, value, Kind.RANK, after.end), rank + 2
    if len(raw) > MAX_DIGITS or _is_name(tokens, rank):
        return _simple(token, value, Kind.NAME, token.end), rank + 1
    return _with_unit(tokens, rank, rank + 1, value, places=places)


def _simple(token, value, kind, reach):
    return Number(token.start, token.end, reach, value, kind)


def _is_name(tokens, rank):
    """Part of a code (« A3-07 », « SA3M »), a rank in a list (« 1- »), or what follows « axe », « n° »."""
    token = tokens[rank]
    before = tokens[rank - 1] if rank else None
    after = tokens[rank + 1] if rank + 1 < len(tokens) else None
    if token.is_first and after is not None and after.glued and after.text in {"-", ".", ")", "°"}:
        return True
    if after is not None and after.text == "-" and after.glued and len(token.text) == 4:
        return True  # « 2023-668 »
    if before is None or token.is_first:
        return False
    if token.glued and before.sort is Sort.WORD:
        return before.lower != "x"  # « x3 » is three times
    if token.glued and before.text in {"-", "–", "/", "."} and before.glued:
        return True
    return before.text in {"°", "º"} or unaccented(before.lower) in NAMED


def _with_unit(tokens, rank, after, value, *, places=0, is_word=False):
    """The number from `rank` to `after`, with its scale (« 100 millions »), its unit and its qualifier."""
    first, last = tokens[rank], tokens[after - 1]
    end = last.end
    if after < len(tokens) and tokens[after].lower in SCALES:
        value, end = value * SCALES[tokens[after].lower], tokens[after].end
        after = _past_of(tokens, after + 1)
    kind, unit, noun, reach, after = _unit(tokens, after, value)
    if kind is Kind.COUNT and not unit and not is_word and _leans_on_article(tokens, rank):
        kind = Kind.NAME
    if kind is Kind.MONEY:
        value, noun = value * MONEY.get(noun.lower(), 1), "€"
    number = Number(
        first.start,
        end,
        max(reach, end),
        value,
        kind,
        unit,
        noun,
        qualifier_before(tokens, rank),
        places,
        is_word,
    )
    return number, after


def _leans_on_article(tokens, rank):
    """« au 115 », « le 24 »: a number and no count."""
    return rank > 0 and tokens[rank - 1].lower in AFTER_ARTICLE and not tokens[rank].is_first


def _past_of(tokens, rank):
    """The rank after « de », « d' »."""
    if rank < len(tokens) and tokens[rank].lower in {"de", "d"}:
        rank += 1
        if rank < len(tokens) and tokens[rank].text in {"'", "’"}:
            rank += 1
    return rank


def _unit(tokens, rank, value):
    """(kind, folded unit, noun as written, where it ends, rank after it)."""
    nothing = (Kind.COUNT, "", "", 0, rank)
    if rank >= len(tokens) or tokens[rank].is_first:
        return nothing
    token = tokens[rank]
    if token.text == "%":
        return Kind.PERCENT, "%", "%", token.end, rank + 1
    if token.lower == "pour" and rank + 1 < len(tokens) and tokens[rank + 1].lower == "cent":
        return Kind.PERCENT, "%", "%", tokens[rank + 1].end, rank + 2
    if token.lower in MONEY:
        return Kind.MONEY, "€", token.text, token.end, rank + 1
    if token.lower in {"k", "m"} and rank + 1 < len(tokens) and tokens[rank + 1].text == "€":
        return Kind.MONEY, "€", token.text + "€", tokens[rank + 1].end, rank + 2
    if token.lower == "h":
        return Kind.COUNT, "heure", token.text, token.end, rank + 1
    return _noun(tokens, rank, value) or nothing


def _noun(tokens, rank, value):
    """The noun counted, past a guillemet and an adjective: « 2 « Rencontres Santé » », « 11 nouvelles résidences »."""
    skipped = 0
    while rank < len(tokens) and not tokens[rank].is_first and skipped < 3:
        token = tokens[rank]
        is_skipped = token.text in OPENINGS or unaccented(token.lower) in ADJECTIVES_BEFORE
        if not is_skipped:
            break
        rank, skipped = rank + 1, skipped + 1
    if rank >= len(tokens) or tokens[rank].is_first:
        return None
    token = tokens[rank]
    if token.sort is not Sort.WORD or not _is_counted(token.text, value):
        return None
    return Kind.COUNT, fold(token.text), token.text, token.end, rank + 1


def _is_counted(word, value):
    if is_small(word) or is_participle(word) or word.lower() in NUMBER_WORDS:
        return False
    if abs(value) < 2:
        return len(word) > 1
    return word.lower().endswith(("s", "x")) or (word.isupper() and len(word) > 1)


def _in_words(tokens, rank):
    """« trente-cinq ménages », « une quinzaine de personnes »; « un » alone is an article."""
    rough = _rough(tokens, rank)
    if rough:
        return rough
    words, ends = _words_ahead(tokens, rank)
    found = number_in_words(words) if words else None
    if not found:
        return None
    value, taken = found
    if taken not in ends or (words[:taken] in (["un"], ["une"], ["et"]) and not _is_one_of(tokens, rank)):
        return None
    return _with_unit(tokens, rank, rank + ends[taken], Decimal(value), is_word=True)


def _words_ahead(tokens, rank):
    """The number words from this token on, hyphens undone, and {how many of them: how many tokens they make}."""
    words, ends = [], {}
    for ahead, token in enumerate(tokens[rank : rank + WORDS_AHEAD], start=1):
        parts = unaccented(token.lower).split("-")
        if token.sort is not Sort.WORD or (ahead > 1 and token.is_first):
            break
        if not all(part in NUMBER_WORDS or part == "et" for part in parts):
            break
        words += parts
        ends[len(words)] = ahead
    return words, ends


def _is_one_of(tokens, rank):
    """« un ménage sur deux »; « un travail sur la… » is no number."""
    noun, preposition, base, *_ = [*tokens[rank + 1 : rank + 4], None, None, None]
    if base is None or noun.sort is not Sort.WORD or preposition.lower != "sur":
        return False
    return base.sort is Sort.NUMBER or unaccented(base.lower) in NUMBER_WORDS - {"un", "une"}


def _rough(tokens, rank):
    has_article = tokens[rank].lower in {"une", "un"} and rank + 1 < len(tokens)
    at = rank + 1 if has_article else rank
    word = tokens[at].lower
    value = ROUGH.get(word.removesuffix("s"))
    if value is None or (not has_article and word.endswith("s")):
        return None
    kind, unit, noun, reach, after = _unit(tokens, _past_of(tokens, at + 1), value)
    end = tokens[at].end
    number = Number(
        tokens[rank].start, end, max(reach, end), Decimal(value), kind, unit, noun, "around", is_word=True
    )
    return number, max(after, at + 1)


def qualifier_before(tokens, rank):
    """The code of « environ », « près de »… just before this token, or nothing."""
    words = tuple(
        unaccented(token.lower) for token in tokens[max(0, rank - 3) : rank] if token.text not in OPENINGS
    )
    return QUALIFIERS.get(words[-2:], "") or QUALIFIERS.get(words[-1:], "")
