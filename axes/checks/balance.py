"""What was there, plus what came in, less what went out, is what remains. Pure."""

from axes.checks.finding import Level, finding
from axes.checks.wording import count_words
from logement.numbers import agree, format_number

CODE = "solde"
MEND = "Vérifiez les entrées, les sorties et le nombre de l'an dernier, puis corrigez celui qui est faux."
ENTRIES = frozenset(
    "entré entrée entrés entrées arrivés arrivées admis admises admissions nouveaux nouvelles".split()
)
EXITS = frozenset("sorti sortie sortis sorties départs partis parties".split())


def balance(dossier):
    """Opening stock + entries - exits = closing stock, for the figures of an action and inside a paragraph."""
    for figures in dossier.figures_of.values():
        yield from _of_values(figures)
    for passage in dossier.texts:
        lines = {}
        for sentence in passage.reading.sentences:
            lines.setdefault(sentence.line, []).append(sentence)
        for sentences in lines.values():
            yield from _of_paragraph(passage, sentences)


def _of_values(figures):
    """One stock with its value of the year before, one flow of entries and one of exits, in one unit."""
    known = [figure for figure in figures if figure.exact is not None and figure.action]
    for unit in dict.fromkeys(figure.unit for figure in known):
        alike = [figure for figure in known if figure.unit == unit]
        stocks = [f for f in alike if f.temporality == "stock" and f.kind != "capacity" and not f.whole]
        flows = [f for f in alike if f.temporality == "flow" and f.kind != "rate"]
        entries = [f for f in flows if _says(f.label, ENTRIES) and not _says(f.label, EXITS)]
        exits = [f for f in flows if _says(f.label, EXITS) and not _says(f.label, ENTRIES)]
        if [len(stocks), len(entries), len(exits)] == [1, 1, 1]:
            yield from _of_stock(stocks[0], entries[0], exits[0])


def _says(label, words):
    """Whether one of the first words of a label is one of these."""
    return bool(words & set(label.lower().split()[:3]))


def _of_stock(stock, entries, exits):
    before = stock.previous.exact if stock.previous else None
    if before is None or stock.is_new_series or before + entries.number - exits.number == stock.number:
        return
    yield finding(
        CODE,
        Level.BLOCKING,
        [stock.place, entries.place, exits.place],
        f"{_sum(before, entries.number, exits.number)}, alors que « {stock.label} » vaut "
        f"{count_words(stock.number, agree(stock.unit, stock.number))}.",
        MEND,
        numbers=[before, entries.number, exits.number, stock.number],
    )


def _sum(before, entries, exits):
    total = format_number(before + entries - exits)
    return f"{format_number(before)} + {format_number(entries)} − {format_number(exits)} = {total}"


def _of_paragraph(passage, sentences):
    """« 40 ménages au 1er janvier, 35 entrées, 21 sorties, 54 ménages au 31 décembre. »"""
    roles = {}
    for sentence in sentences:
        for number in sentence.counts:
            role = _role(sentence, number)
            if role and number.is_exact:
                roles.setdefault(role, []).append(number)
    if sorted(roles) != sorted(ROLES) or any(len(numbers) != 1 for numbers in roles.values()):
        return
    before, entries, exits, after = (roles[role][0].value for role in ROLES)
    if before + entries - exits != after:
        yield finding(
            CODE,
            Level.BLOCKING,
            [passage.place],
            f"{_sum(before, entries, exits)}, et non {count_words(after, roles['closing'][0].noun)}.",
            MEND,
            numbers=[before, entries, exits, after],
            excerpt=" ".join(sentence.text for sentence in sentences),
        )


ROLES = ("opening", "entries", "exits", "closing")


def _role(sentence, number):
    """What a count is in a balance: the word after it, or the day nearest to it in its clause."""
    after = [n.start for n in sentence.counts if n.start > number.start]
    limit = after[0] if after else sentence.end
    words = {token.lower for token in sentence.tokens if number.end <= token.start < limit}
    if words & ENTRIES:
        return "entries"
    if words & EXITS:
        return "exits"
    before = [n.reach for n in sentence.counts if n.reach <= number.start]
    start = before[-1] if before else sentence.start
    days = [date for date in sentence.dates if number.reach <= date.start < limit]
    days = days or [date for date in sentence.dates if start <= date.start < number.start]
    if [(date.day, date.month) for date in days] == [(1, 1)]:
        return "opening"
    return "closing" if [(date.day, date.month) for date in days] == [(31, 12)] else ""
