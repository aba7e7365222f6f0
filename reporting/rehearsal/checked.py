"""What the checks raise, and the cited figures that changed since their sentence was read."""

from dataclasses import replace

from axes.checks import ALL, Level
from axes.checks.acronyms import CODE as ACRONYM
from axes.checks.prose import read
from axes.checks.wording import words_of
from axes.dossier import place_of, place_of_use
from logement.numbers import NO_BREAK_SPACE
from logement.richtext import parse
from reporting.rehearsal.flaws import Flaw, Group, Sentence, Weight
from reporting.rehearsal.spots import spot_of

WEIGHTS = {
    Level.BLOCKING: Weight.BLOCKS,
    Level.ALERT: Weight.JUSTIFY,
    Level.INFORMATION: Weight.KNOW,
}


def findings(year, verdict):
    """What the checks find, acronyms apart; an « alerte » that was justified is no longer listed."""
    found = [*verdict.blocking, *verdict.alerts, *verdict.information]
    flaws = tuple(flaw_of(finding, year) for finding in found if finding.code != ACRONYM)
    silent = len(ALL) - len({finding.code for finding in found if finding.level is not Level.INFORMATION})
    wrong = sum(flaw.weight is not Weight.KNOW for flaw in flaws)
    why = (
        "L'arithmétique du rapport, tableaux et phrases compris. Un constat bloquant se corrige ; "
        "une alerte se corrige ou se justifie."
    )
    return Group("constats", "Constats des contrôles", why, flaws, silent + len(verdict.justified) + wrong)


def acronyms(year, verdict):
    flaws = (flaw_of(found, year) for found in verdict.information if found.code == ACRONYM)
    return Group(
        "sigles",
        "Sigles jamais développés",
        "Tous les lecteurs ne les connaissent pas.",
        tuple(replace(flaw, mend="") for flaw in flaws),
        mend="À la première occurrence, écrivez le nom en entier, suivi du sigle entre parenthèses.",
    )


def flaw_of(finding, year):
    return Flaw(
        WEIGHTS[finding.level],
        finding.sentence,
        tuple(dict.fromkeys(spot_of(place, year) for place in finding.places)),
        finding.mend,
        finding.excerpt,
        finding=finding,
    )


def changes(year, uses):
    """The figures cited in a sentence, a total or a chart that read otherwise today."""
    flaws = [change(use, year) for use in uses if use.is_stale]
    why = "La phrase garde le chiffre qui a été lu, jusqu'à ce que vous acceptiez le nouveau ou gardiez l'ancien."
    flaws.sort(key=lambda flaw: (flaw.places[0].url, [sentence.start for sentence in flaw.sentences]))
    return Group("a-revoir", "Chiffres à revoir", why, tuple(flaws), len(uses))


def change(use, year):
    citation, indicator = use.citation, use.cited.indicator
    place = place_of_use(citation, year)
    sentence = (
        f"« {citation.words} » se lit à présent « {use.words} » : {indicator.label} ({indicator.code}, "
        f"{use.cited.number})."
    )
    sentences = sentences_of(citation)
    return Flaw(
        Weight.BLOCKS,
        sentence,
        (spot_of(place, year),),
        "Acceptez le nouveau chiffre, ou gardez l'ancien avec un motif.",
        " … ".join(f"{held.before}{citation.words}{held.after}" for held in sentences),
        use=use,
        sentences=sentences,
    )


def typed_numbers(year, found):
    """The numbers of each text that no figure holds; `found` as axes.linking.unlinked gives it."""
    return Group(
        "nombres",
        "Nombres sans chiffre derrière eux",
        "Ils ne suivront pas une correction, et personne ne peut en demander la source d'un clic.",
        tuple(text_with_numbers(text, numbers, year) for text, numbers in found),
        mend="Ouvrez l'endroit : ceux d'un chiffre connu s'y relient d'un clic ; les autres peuvent rester.",
    )


def text_with_numbers(text, numbers, year):
    words = list(dict.fromkeys(number.words.replace(" ", NO_BREAK_SPACE) for number in numbers))
    known = len({number.words for number in numbers if number.candidates})
    start = f"{len(words)} nombres ne sont reliés" if len(words) > 1 else "Un nombre n'est relié"
    may = f" ({known} {'peuvent' if known > 1 else 'peut'} l'être)" if known else ""
    sentence = f"{start} à aucun chiffre{may} : {', '.join(words)}."
    return Flaw(Weight.KNOW, sentence, (spot_of(place_of(text, year), year),))


def sentences_of(citation):
    """The sentences of a text in which a citation stands; none for a total or a chart."""
    if not citation.text_id:
        return ()
    words, spans = words_of(parse(citation.text.content))
    sentences = read(words).sentences
    return tuple(
        Sentence(start, words[sentence.start : start], words[end : sentence.end])
        for start, end, ref in spans
        for sentence in sentences
        if ref == citation.ref
        and words[start:end] == citation.words
        and sentence.start <= start < sentence.end
    )
