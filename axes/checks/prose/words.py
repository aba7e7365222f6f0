"""Numbers written in words: « trente-cinq », « deux cents », « quatre-vingt-onze ». Pure.

A table and one rule of order: PyPI's text2num is a compiled extension, and does not say where in the text it read.
"""

UNITS = dict(
    zip(
        "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split(),
        range(17),
        strict=True,
    )
) | {"une": 1}
TENS = {
    "vingt": 20,
    "vingts": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "huitante": 80,
    "octante": 80,
    "nonante": 90,
}
HUNDREDS = {"cent", "cents"}
SCALES = {"mille": 10**3, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}
#: « une quinzaine »: about that many.
ROUGH = {
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
    "millier": 1000,
}
NUMBER_WORDS = {*UNITS, *TENS, *HUNDREDS, *SCALES}
WIDEST = 10**12


class NumberInWords:
    """A number read word by word: `take` says whether the word goes on with it."""

    def __init__(self):
        self.total = 0  # the thousands and above, done
        self.current = 0  # under a thousand
        self.floor = 1
        self.room = WIDEST  # what comes next is smaller than this: « vingt » leaves room for 1 to 9
        self.scale = WIDEST
        self.last = None
        self.taken = 0

    @property
    def value(self):
        return self.total + self.current

    def take(self, word):
        went = self._take(word)
        self.last = word if went else self.last
        self.taken += went
        return went

    def _take(self, word):
        if word in {"vingt", "vingts"} and self.last == "quatre" and self.current % 100 == UNITS["quatre"]:
            self.current += 76
            self.floor, self.room = 1, 20
            return True
        if word in UNITS or word in TENS:
            return self._add(UNITS.get(word, TENS.get(word)))
        if word in HUNDREDS:
            return self._hundred()
        return word in SCALES and self._scaled(SCALES[word])

    def _add(self, number):
        if self.taken and not self.floor <= number < self.room:
            return False
        self.current += number
        self.floor = 7 if number == 10 else 1  # dix-sept, dix-huit, dix-neuf: « dix-deux » is no number
        self.room = 20 if number == 60 else 10 if number == 10 or number >= 20 else 0
        return True

    def _hundred(self):
        if self.current > 9 or (self.current == 0 and self.taken and self.room < 1000):
            return False
        self.current = max(self.current, 1) * 100
        self.floor, self.room = 1, 100
        return True

    def _scaled(self, scale):
        if scale >= self.scale:
            return False
        self.total += max(self.current, 1) * scale
        self.current, self.scale = 0, scale
        self.floor, self.room = 1, scale
        return True


def number_in_words(words):
    """(value, how many of the words it took) of the number that begins a list of lower-case words, or None."""
    reader = NumberInWords()
    rank = 0
    while rank < len(words):
        word = words[rank]
        if (
            word == "et"
            and reader.taken
            and rank + 1 < len(words)
            and words[rank + 1] in {"un", "une", "onze"}
        ):
            if not (reader.room in {10, 20} and reader.take(words[rank + 1])):
                break
            rank += 2
        elif reader.take(word):
            rank += 1
        else:
            break
    return (reader.value, rank) if reader.taken else None
