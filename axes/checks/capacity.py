"""Places, free places, and those who occupy them. Pure."""

from axes.checks.finding import Level, finding
from axes.checks.prose.parts import FREE, Form
from axes.checks.prose.vocabulary import fold, stem
from axes.checks.wording import count_words
from logement.numbers import agree, format_number

CODE = "capacite"
MEND = "Donnez d'un côté les places et celles qui sont libres, de l'autre les ménages accompagnés."
PLACES = frozenset("place mesure lit logement poste".split())
EACH = frozenset("chacun chacune chaque".split())
FOLLOWED = frozenset(map(stem, "accompagné suivi occupé hébergé logé pris".split()))


def capacity(dossier):
    """Free places among households; places - free = followed; so many each, so many in all."""
    for passages in dossier.passages_of.values():
        products = {
            total: (place, words) for passage in passages for total, place, words in _products(passage)
        }
        for passage in passages:
            for division in passage.divisions:
                yield from _of_division(passage, division, products)
            yield from _of_totals(passage, products)
            yield from _of_products(passage)
            yield from _side_by_side(passage)
    for figures in dossier.figures_of.values():
        yield from _of_values(figures)


def _of_division(passage, division, products):
    if not division.is_exact:
        return
    if (
        division.form is Form.REST
        and division.parts[0].value + division.parts[1].value != division.whole.value
    ):
        yield _rest(passage, division.sentence, Level.BLOCKING, division.whole, *division.parts)
    if division.form is Form.INCLUDING and _is_free(division) and division.whole.unit not in PLACES:
        yield _free_among(passage, division, products)


def _is_free(division):
    """« dont 6 mesures libres », « dont 6 libres »."""
    part, sentence = division.parts[0], division.sentence
    words = [part.unit, *(fold(word) for word in sentence.words_between(part.start, sentence.end)[:3])]
    return division.whole.unit != "" and bool(FREE & set(words))


def _rest(passage, sentence, level, whole, free, rest):
    taken = f"{format_number(whole.value)} − {format_number(free.value)}"
    return finding(
        CODE,
        level,
        [passage.place],
        f"{taken} = {format_number(whole.value - free.value)}, et non {count_words(rest.value, rest.noun)}.",
        MEND,
        numbers=[whole.value, free.value, rest.value],
        excerpt=sentence.text,
    )


def _free_among(passage, division, products):
    whole, free = division.whole, division.parts[0]
    place, words = products.get(whole.value, (passage.place, ""))
    same = f" {words} = {format_number(whole.value)} : c'est le nombre de places." if words else ""
    return finding(
        CODE,
        Level.ALERT,
        dict.fromkeys([passage.place, place]),
        f"{count_words(whole.value, whole.noun)} dont {format_number(free.value)} libres : une place libre n'est "
        f"occupée par personne, {format_number(whole.value)} − {format_number(free.value)} = "
        f"{format_number(whole.value - free.value)}.{same}",
        MEND,
        numbers=[whole.value, free.value],
        excerpt=division.sentence.text,
    )


def _products(passage):
    """(total, place, « 5 associations × 12 ménages ») of « 5 associations… 12 ménages chacune »."""
    for sentence in passage.reading.sentences:
        places = _each(sentence)
        if not places or len(sentence.counts) < 2 or not all(number.is_exact for number in sentence.counts):
            continue
        first, last = sentence.counts[0], sentence.counts[-1]
        if first.unit and last.unit and first.unit != last.unit and last.places == 0:
            words = f"{count_words(first.value, first.noun)} × {count_words(last.value, last.noun)}"
            yield first.value * last.value, passage.place, words


def _each(sentence):
    return [place for place, word in sentence.words if word in EACH]


def _of_products(passage):
    """« 5 associations portent 12 places chacune, soit 60 places »."""
    for sentence in passage.reading.sentences:
        if not _each(sentence):
            continue
        for holders, each, total in zip(
            sentence.counts, sentence.counts[1:], sentence.counts[2:], strict=False
        ):
            said = sentence.words_between(each.reach, total.start)
            is_product = bool(EACH & set(said)) and said[-1:] == ["soit"] and each.unit and holders.unit
            is_exact = all(number.is_exact for number in (holders, each, total))
            product = holders.value * each.value
            if is_product and is_exact and total.unit in {"", each.unit} and product != total.value:
                yield _not_so_many(passage, sentence, holders, each, total)


def _not_so_many(passage, sentence, holders, each, total):
    return finding(
        CODE,
        Level.BLOCKING,
        [passage.place],
        f"{count_words(holders.value, holders.noun)} × {count_words(each.value, each.noun)} = "
        f"{format_number(holders.value * each.value)}, et non {count_words(total.value, total.noun)}.",
        "Corrigez celui des trois nombres qui est faux.",
        numbers=[holders.value, each.value, total.value],
        excerpt=sentence.text,
    )


def _side_by_side(passage):
    """« 60 places sont conventionnées, 6 sont libres et 54 ménages sont accompagnés »."""
    for sentence in passage.reading.sentences:
        if len(sentence.counts) != 3 or not all(number.is_exact for number in sentence.counts):
            continue
        whole, free, followed = sentence.counts
        is_free = FREE & {fold(word) for word in sentence.words_between(free.start, followed.start)[:3]}
        is_followed = FOLLOWED & set(sentence.stems_between(followed.reach, sentence.end)[:2])
        are_tied = whole.unit in PLACES and free.unit in {"", whole.unit} and followed.unit not in PLACES
        is_said = {"dont", "soit"} & set(sentence.words_between(whole.reach, followed.start))
        if (
            is_free
            and is_followed
            and are_tied
            and not is_said
            and whole.value - free.value != followed.value
        ):
            yield _rest(passage, sentence, Level.ALERT, whole, free, followed)


def _of_totals(passage, products):
    """« 60 places conventionnées » beside « 5 associations, 10 places chacune »."""
    for sentence in passage.reading.sentences:
        contracted = any(found == stem("conventionné") for _, found in sentence.stems)
        for number in sentence.counts:
            if not contracted or number.unit not in PLACES or not number.is_exact or len(products) != 1:
                continue
            ((total, (place, words)),) = products.items()
            if total != number.value:
                yield finding(
                    CODE,
                    Level.ALERT,
                    dict.fromkeys([passage.place, place]),
                    f"{words} = {format_number(total)}, et non {count_words(number.value, number.noun)}.",
                    "Corrigez le nombre qui est faux, ou dites ce qui ne relève pas de ce calcul.",
                    numbers=[number.value, total],
                    excerpt=sentence.text,
                )


def _of_values(figures):
    """In the values of an action: places, of which some are free, beside a stock of those followed; so many each."""
    known = [figure for figure in figures if figure.exact is not None]
    yield from _rest_of_values(known)
    yield from _each_of_values(known)


def _rest_of_values(figures):
    by_code = {figure.code: figure for figure in figures}
    stocks = [f for f in figures if f.temporality == "stock" and f.kind != "capacity"]
    followed = [f for f in stocks if FOLLOWED & {stem(word) for word in f.label.split()}]
    for free in figures:
        whole = by_code.get(free.whole)
        is_free = FREE & {fold(word) for word in free.label.split()}
        if not is_free or whole is None or whole.kind != "capacity" or len(followed) != 1:
            continue
        left = whole.number - free.number
        if followed[0].number != left:
            yield finding(
                CODE,
                Level.BLOCKING,
                [whole.place, free.place, followed[0].place],
                f"« {whole.label} » − « {free.label} » : {format_number(whole.number)} − "
                f"{format_number(free.number)} = {format_number(left)}, alors que « {followed[0].label} » vaut "
                f"{format_number(followed[0].number)}.",
                MEND,
                numbers=[whole.number, free.number, followed[0].number],
            )


def _each_of_values(figures):
    """« 12 ménages par association » and « 5 associations » against the places of the same action."""
    wholes = [f for f in figures if f.kind == "capacity" and f.temporality == "stock" and not f.whole]
    for each in figures:
        words = [fold(word) for word in each.base.split()[:2]]
        if each.kind != "capacity" or words[:1] != ["par"] or len(words) < 2 or fold(each.unit) == "etp":
            continue
        holders = [
            f for f in figures if f is not each and fold(f.unit) == words[1] and not f.base.startswith("Par")
        ]
        if len(holders) != 1 or len(wholes) != 1 or wholes[0].number == holders[0].number * each.number:
            continue
        holder, whole = holders[0], wholes[0]
        yield finding(
            CODE,
            Level.ALERT,
            [whole.place, holder.place, each.place],
            f"{count_words(holder.number, agree(holder.unit, holder.number))} × "
            f"{count_words(each.number, agree(each.unit, each.number))} = "
            f"{format_number(holder.number * each.number)}, alors que « {whole.label} » vaut "
            f"{format_number(whole.number)}.",
            "Corrigez le nombre qui est faux, ou dites ce qui ne relève pas de ce calcul.",
            numbers=[whole.number, holder.number, each.number],
        )
