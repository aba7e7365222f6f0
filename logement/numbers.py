"""Numbers as the French write and type them. Pure: imports no Django."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
SPACES = str.maketrans("", "", " \u00a0\u202f\u2009\t")


def format_number(value, places=None):
    """« 34 500 », « 5,8 »: thousands apart by U+202F, a comma, no useless zeros (or exactly `places` decimals)."""
    value = Decimal(value)
    if places is not None:
        value = round_half_up(value, places)
    whole, _, decimals = f"{abs(value):f}".partition(".")
    if places is None:
        decimals = decimals.rstrip("0")
    grouped = f"{int(whole):,}".replace(",", NARROW_SPACE)
    return ("−" if value < 0 else "") + grouped + (f",{decimals}" if decimals else "")


def format_change(value):
    """A difference with its sign: « +35 », « −2,5 », « 0 »."""
    return ("+" if value > 0 else "") + format_number(value)


def round_half_up(value, places=0):
    """12.5 -> 13: the rounding of the report, not the banker's one of Python."""
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def share(numerator, denominator, places=0):
    """The percentage that a numerator and a denominator print as (a Decimal, 71 for 40/56)."""
    return round_half_up(Decimal(numerator) * 100 / Decimal(denominator), places)


def parse_number(text):
    """A number typed in French: « 1 234,5 », any kind of space, comma or point. Raises ValueError with a sentence."""
    cleaned = text.translate(SPACES).replace("−", "-").replace(",", ".")
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or "e" in cleaned.lower() or "_" in cleaned:
        raise ValueError(
            f"« {text.strip()} » n'est pas un nombre : écrivez les chiffres seuls, par exemple 1 234,5."
        )
    return value


#: Units that take no « s » away in the singular, and those whose singular is another word.
SINGULARS = {
    "mois": "mois",
    "fois": "fois",
    "temps": "temps",
    "baux": "bail",
    "lieux": "lieu",
    "locaux": "local",
}


def agree(unit, number):
    """The unit after that number, as French counts: the plural begins at 2. « 1,5 mois », « 1 appel par jour »."""
    first, *rest = unit.split(" ")
    if abs(number) >= 2 or not first:
        return unit
    return " ".join([SINGULARS.get(first, first.removesuffix("s")), *rest])
