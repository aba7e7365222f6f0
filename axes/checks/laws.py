"""Laws: their number and their date, as the report writes them and as they are. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from axes.checks.finding import Level, finding
from axes.checks.prose.vocabulary import stem, unaccented
from axes.periods import day_label

CODE = "loi"
REACH = 90  # characters between « loi » and its date
NUMBER = re.compile(r"\b(?:n\s?[°ºo]\s?)?((?:19|20)?\d{2}-\d{1,4})\b")
LAW = re.compile(r"\bloi\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Law:
    """A law in force or cited in the field; `subject` are words of which a sentence about it holds one."""

    number: str
    day: date
    name: str
    subject: str


#: Reference: Légifrance. The laws on housing, exclusion and local authorities that such reports cite.
LAWS = (
    Law("78-17", date(1978, 1, 6), "informatique et libertés", "informatique données libertés"),
    Law("89-462", date(1989, 7, 6), "rapports locatifs", "locatifs bail locataire loyer congé"),
    Law("90-449", date(1990, 5, 31), "Besson", "Besson logement droit PDALHPD"),
    Law("91-650", date(1991, 7, 9), "procédures civiles d'exécution", "exécution expulsion"),
    Law("98-657", date(1998, 7, 29), "lutte contre les exclusions", "exclusions expulsion"),
    Law("2000-614", date(2000, 7, 5), "accueil des gens du voyage", "voyage accueil"),
    Law("2000-1208", date(2000, 12, 13), "SRU", "SRU solidarité renouvellement urbains logement"),
    Law("2002-2", date(2002, 1, 2), "action sociale et médico-sociale", "sociale médico-sociale usagers"),
    Law("2007-290", date(2007, 3, 5), "DALO", "DALO opposable droit logement"),
    Law("2009-323", date(2009, 3, 25), "MOLLE", "MOLLE mobilisation logement exclusion"),
    Law("2014-58", date(2014, 1, 27), "MAPTAM", "MAPTAM métropoles affirmation"),
    Law("2014-366", date(2014, 3, 24), "ALUR", "ALUR logement urbanisme expulsion"),
    Law("2015-991", date(2015, 8, 7), "NOTRe", "NOTRe organisation territoriale"),
    Law("2017-86", date(2017, 1, 27), "égalité et citoyenneté", "égalité citoyenneté"),
    Law("2018-1021", date(2018, 11, 23), "ELAN", "ELAN évolution logement aménagement"),
    Law("2021-1104", date(2021, 8, 22), "climat et résilience", "climat résilience énergétique"),
    Law("2022-217", date(2022, 2, 21), "3DS", "3DS différenciation décentralisation"),
    Law(
        "2023-668",
        date(2023, 7, 27),
        "protection des logements contre l'occupation illicite",
        "occupation illicite squat expulsion expulser locataire impayés",
    ),
    Law("2024-322", date(2024, 4, 9), "habitat dégradé", "habitat dégradé rénovation"),
)


@dataclass(frozen=True, slots=True)
class Mention:
    """« la loi n° 2023-668 du 27 juillet 2023 » in a passage; `number` may be missing."""

    passage: object
    sentence: object
    number: str
    day: date


def laws(dossier):
    """A law of which the date is not its own, or which the report dates in two ways."""
    mentions = [
        mention for passage, sentence in dossier.sentences for mention in mentions_of(passage, sentence)
    ]
    for mention in mentions:
        yield from _against_the_table(mention)
    yield from _two_ways(mentions)


def mentions_of(passage, sentence):
    """The Mentions of a sentence: « loi », perhaps a number, and « du 27 juillet 2023 » soon after."""
    for match in LAW.finditer(sentence.source, sentence.start, sentence.end):
        after = [d for d in sentence.dates if match.end() <= d.start <= match.end() + REACH]
        found = next((d for d in after if d.is_whole and d.exists and _follows_du(sentence, d)), None)
        if found:
            number = NUMBER.search(sentence.source, match.end(), found.start)
            yield Mention(
                passage, sentence, number[1] if number else "", date(found.year, found.month, found.day)
            )


def _follows_du(sentence, day):
    return [word for place, word in sentence.words if place < day.start][-1:] == ["du"]


def _against_the_table(mention):
    if mention.day in {law.day for law in LAWS} and not mention.number:
        return
    law = _numbered(mention.number) if mention.number else _near(mention)
    if law is not None and law.day != mention.day:
        yield finding(
            CODE,
            Level.ALERT,
            [mention.passage.place],
            f"La loi n° {law.number} ({law.name}) est du {day_label(law.day)}, "
            f"et non du {day_label(mention.day)}.",
            "Corrigez la date, ou donnez le numéro de la loi dont il s'agit.",
            numbers=[law.number, mention.day.isoformat()],
            excerpt=mention.sentence.text,
        )


def _numbered(number):
    return next((law for law in LAWS if law.number == number), None)


def _near(mention):
    """The law of the same month whose subject the sentence names."""
    said = {found for _, found in mention.sentence.stems} | {
        unaccented(t.lower) for t in mention.sentence.tokens
    }
    for law in LAWS:
        same_month = (law.day.year, law.day.month) == (mention.day.year, mention.day.month)
        if same_month and said & {stem(word) or word.lower() for word in law.subject.split()}:
            return law
    return None


def _two_ways(mentions):
    """One number with two dates."""
    first = {}
    for mention in mentions:
        if not mention.number:
            continue
        earlier = first.setdefault(mention.number, mention)
        if earlier.day != mention.day and _numbered(mention.number) is None:
            yield finding(
                CODE,
                Level.ALERT,
                dict.fromkeys([earlier.passage.place, mention.passage.place]),
                f"La loi n° {mention.number} est datée du {day_label(earlier.day)} et du {day_label(mention.day)}.",
                "Gardez la date exacte de la loi.",
                numbers=[mention.number, earlier.day.isoformat(), mention.day.isoformat()],
                excerpt=mention.sentence.text,
            )
