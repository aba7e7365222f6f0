"""The label proposed for a figure: the words of its sentence that say what it is. Pure: imports no Django."""

import re

from axes.checks.prose.vocabulary import is_small

STOPS = frozenset(",;:()–—.!?…")
LONGEST = 120  # characters
EDGE = re.compile(r"^[\s,;:()–—.-]+|[\s,;:()–—.-]+$")


def label_of(sentence, start, end, owner=""):
    """« Ménages ont intégré un logement… »: the words after a number that ends there, those before it where it ends
    its clause; both where one word follows it. `owner`: the label of the number whose unit it takes.
    """
    after, before = _clause_after(sentence, end), _clause_before(sentence, start)
    if not _meaning(after):
        words = f"{owner} – dont {after}" if owner else before if _meaning(before) else sentence.text
    elif _meaning(after) == 1 and _meaning(before):
        words = f"{after} – {before}"
    else:
        words = after
    return shortened(words)


def _meaning(words):
    """How many of the words say something."""
    return sum(not is_small(word) for word in re.findall(r"[^\W\d_]+", words))


def shortened(words):
    """On one line, with a capital, cut at a word."""
    words = EDGE.sub("", " ".join(words.split()))
    if len(words) > LONGEST:
        words = words[:LONGEST].rsplit(" ", 1)[0] + "…"
    return words[:1].upper() + words[1:]


def _clause_after(sentence, end):
    """From `end` to the next stop or number, the small words at its end left out."""
    stop = sentence.end
    for token in sentence.tokens:
        if token.start >= end and (token.text in STOPS or token.text[0].isdigit()):
            stop = token.start
            break
    return _trimmed(sentence.source[end:stop])


def _clause_before(sentence, start):
    """The words before `start`, back to the stop or the number before them."""
    tokens = [token for token in sentence.tokens if token.end <= start]
    while tokens and tokens[-1].text in STOPS:
        tokens.pop()
    end, first = (tokens[-1].end, tokens[-1].start) if tokens else (start, start)
    for token in reversed(tokens):
        if token.text in STOPS or token.text[0].isdigit():
            break
        first = token.start
    return _trimmed(sentence.source[first:end])


def _trimmed(words):
    kept = words.split()
    while kept and is_small(kept[-1].strip("'’")):
        kept.pop()
    return " ".join(kept)
