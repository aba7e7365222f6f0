"""A cell of a spreadsheet -> a value of a register, or ValueError with a sentence. Pure: imports no Django.

Each maker gives a function `(value) -> value`; `value` is what `logement.spreadsheets` reads (str, int, Decimal, date,
moment, bool), never None: an empty cell is the import's business.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from logement.codes import read_code
from logement.numbers import format_number, parse_number

MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2}|[a-z]+)[/.\- ](\d{4}|\d{2})")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t].*)?")
MONTH = re.compile(r"(\d{1,2}|[a-z]+)[/.\- ](\d{4})")
FIRST_YEAR, LAST_YEAR = 1990, 2100


def folded(text):
    """Words without case, accents nor punctuation: « N° d'entrée (date) » -> « n d entree date »."""
    bare = unicodedata.normalize("NFKD", str(text).casefold())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in bare if not unicodedata.combining(c))))


def shown(value):
    """A value as the screen quotes it."""
    match value:
        case None | "":
            return ""
        case bool():
            return "oui" if value else "non"
        case datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case int() | Decimal():
            return format_number(value)
        case tuple() | list() | set() | frozenset():
            return ", ".join(sorted(map(shown, value)))
        case _:
            return str(getattr(value, "label", value))


def text(max_length):
    """One line of at most `max_length` characters. A number is taken as it shows."""

    def parse(value):
        line = " ".join(shown(value).split())
        if len(line) > max_length:
            raise ValueError(
                f"Ce texte a {len(line)} caractères, le maximum est {max_length} : raccourcissez-le."
            )
        return line

    return parse


def code(value):
    """The code of a household, as the application made it."""
    return read_code(shown(value))


def day(value):
    """A day: a date of the spreadsheet, « 24/05/2023 », « 24 mai 2023 », « 2023-05-24 »."""
    found = _day(value)
    if found is None:
        raise ValueError(f"« {shown(value)} » n'est pas une date : écrivez-la ainsi, 24/05/2023.")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(
            f"Vérifiez l'année de « {shown(value)} » : elle doit aller de {FIRST_YEAR} à {LAST_YEAR}."
        )
    return found


def month(value):
    """The first day of a month: any day of it, « 05/2023 », « mai 2023 »."""
    if isinstance(value, str) and (match := MONTH.fullmatch(_plain(value))):
        value = _date(int(match[2]), _month(match[1]), 1) or value
    try:
        return day(value).replace(day=1)
    except ValueError as error:
        message = str(error)
        raise ValueError(message.replace("une date", "un mois").replace("24/05/2023", "05/2023")) from error


def _day(value):
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    plain = _plain(value)
    if match := ISO_DAY.fullmatch(plain):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := DAY.fullmatch(plain.replace("1er", "1")):
        year = int(match[3])
        return _date(year + 2000 if year < 100 else year, _month(match[2]), int(match[1]))
    return None


def _plain(value):
    bare = unicodedata.normalize("NFKD", value.casefold())
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


def _month(word):
    return MONTHS.index(word) + 1 if word in MONTHS else int(word) if word.isdecimal() else 0


def _date(year, month_number, day_number):
    try:
        return date(year, month_number, day_number)
    except ValueError:
        return None


def amount(minimum=0, maximum=99_999_999, places=2):
    """A Decimal: a number of the spreadsheet, « 1 234,50 », « 300 € »."""

    def parse(value):
        number = _number(value, minimum, maximum)
        if number != round(number, places):
            raise ValueError(f"« {shown(value)} » : gardez au plus {places} chiffres après la virgule.")
        return number

    return parse


def whole(minimum=0, maximum=1_000_000):
    """An int."""

    def parse(value):
        number = _number(value, minimum, maximum)
        if number != int(number):
            raise ValueError(f"« {shown(value)} » n'est pas un nombre entier.")
        return int(number)

    return parse


def _number(value, minimum, maximum):
    if isinstance(value, bool | date):
        raise ValueError(f"« {shown(value)} » n'est pas un nombre.")
    number = parse_number(value.replace("€", "")) if isinstance(value, str) else Decimal(value)
    if not minimum <= number <= maximum:
        raise ValueError(
            f"« {shown(value)} » doit aller de {format_number(minimum)} à {format_number(maximum)}."
        )
    return number


def yes_no(value):
    """True or False: « oui », « non », « x », 1, 0."""
    known = {
        "oui": True,
        "o": True,
        "x": True,
        "1": True,
        "vrai": True,
        "non": False,
        "n": False,
        "0": False,
        "faux": False,
    }
    word = folded(shown(value))
    if word not in known:
        raise ValueError(f"« {shown(value)} » : écrivez oui ou non.")
    return known[word]


def choice(choices, synonyms=None):
    """The member of a TextChoices: its label, its code or one of `synonyms` ({word: member}), whatever the accents."""
    words = {folded(member.label): member for member in choices}
    words |= {folded(member.value): member for member in choices}
    words |= {folded(word): member for word, member in (synonyms or {}).items()}
    labels = ", ".join(member.label for member in choices)

    def parse(value):
        word = folded(shown(value))
        if word in words:
            return words[word]
        close = get_close_matches(word, words, n=1)
        meant = f" : vouliez-vous « {words[close[0]].label} » ?" if close else "."
        raise ValueError(f"« {shown(value)} » n'est pas dans la liste{meant} Réponses possibles : {labels}.")

    return parse


def several(choices, synonyms=None):
    """Several members, in the order of the list: « Téléphone, physique », « mail + téléphone »."""
    one = choice(choices, synonyms)

    def parse(value):
        try:
            return (one(value),)
        except ValueError:
            parts = [part for part in re.split(r"[,;/+\n]| et ", shown(value)) if part.strip()] or [value]
        found = {one(part) for part in parts}
        return tuple(member for member in choices if member in found)

    return parse
