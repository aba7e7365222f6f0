"""From characters to the glyphs of our fonts, and back: what can be printed, and what a printed page says."""

import functools
import logging
import unicodedata
from io import BytesIO

from fontTools.ttLib import TTFont

MISSING = "□"
SOFT_HYPHEN = "\xad"
NO_GLYPH_OF_ITS_OWN = "\ufffd"


class Coverage:
    """What some fonts draw. `files` are their bytes."""

    def __init__(self, files):
        maps = [TTFont(BytesIO(file), lazy=True).getBestCmap() for file in files]
        self.codes = set().union(*maps)
        #: character -> the first of those drawn by the same glyph, where they are read otherwise: the hyphens, Ω and Ω.
        self.twins = {}
        for codes in maps:
            first = {}
            for code in sorted(codes):
                twin = first.setdefault(codes[code], code)
                if twin != code and unicodedata.category(chr(code)) not in {"Zs", "Cf"}:
                    self.twins[chr(code)] = chr(twin)

    def printable(self, html) -> str:
        """The HTML with a « □ » for each character that no font draws, or whose sense is private to some font.

        Both break the standards. Those that are not drawn by themselves (marks of direction, joiners, controls) are
        dropped: one that turns the direction would show another text than the one that is read.
        """
        signs = {ord(character): self._sign(character) for character in set(html)}
        missing = sorted(code for code, sign in signs.items() if sign == MISSING)
        if missing:
            names = ", ".join(f"U+{code:04X}" for code in missing[:20])
            logging.getLogger(__name__).warning("A box is printed for %d characters: %s", len(missing), names)
        changes = {code: sign for code, sign in signs.items() if sign is not None}
        return unicodedata.normalize("NFC", html.translate(changes))

    def _sign(self, character):
        """What is printed for a character; None for itself."""
        match unicodedata.category(character):
            case "Zl" | "Zp":
                return " "
            case "Cc" | "Cs" | "Cf":
                return None if character in {"\n", "\t", SOFT_HYPHEN} else ""
            case "Me" | "Mn" | "Mc":
                return None if ord(character) in self.codes else ""
            case "Co" | "Cn":
                return MISSING
        return None if ord(character) in self.codes else MISSING

    def indirect(self, html):
        """The characters of a page whose glyphs, in the order of the page, do not say which they are: they are spelled
        out beside them.
        """
        return {
            character
            for character in set(html)
            if unicodedata.category(character)[0] == "M"
            or unicodedata.bidirectional(character) in {"R", "AL"}
            or character in self.twins
        }

    def name_glyphs(self, font, indirect):
        """Mends the map from glyphs to text that WeasyPrint made for a font, where characters are `indirect`.

        It gives a glyph the text of the first cluster that used it: to a letter the accent drawn on it, which it then
        keeps in all words, and nothing to the accent.
        """
        for glyph, text in font.to_unicode.items():
            if not text or (len(text) > 1 and not indirect.isdisjoint(text)):
                font.to_unicode[glyph] = _characters(font.file_content).get(
                    glyph, text or NO_GLYPH_OF_ITS_OWN
                )
            elif text in indirect:
                font.to_unicode[glyph] = self.twins.get(text, text)


@functools.cache
def _characters(file):
    """{number of a glyph: the first character that it draws} in a font."""
    font = TTFont(BytesIO(file), lazy=True)
    codes = font.getBestCmap()
    return {font.getGlyphID(codes[code]): chr(code) for code in sorted(codes, reverse=True)}
