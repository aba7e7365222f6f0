"""French typography at output: stored text stays as typed. Pure: imports no Django.

Only spaces and apostrophes change: without white space and with ’ read as ', the text is the same. Addresses,
hours (14:30), ratios (1:2) and code are left alone, and so is every case of doubt.
"""

import re

NARROW, FIXED = "\u202f", "\u00a0"
SPACES = f"[ {FIXED}{NARROW}\u2009]"

# A run of signs between spaces that is no prose: web and e-mail addresses, file paths, code.
# It begins where its run begins: looked for from each of its characters, a run of 40,000 would take minutes.
CODE = re.compile(r"((?:(?<![^\s«»“”])[^\s«»“”]*(?:://|[@_\\=`{}|<>~^])|\bwww\.)[^\s«»“”]*)")
UNIT = r"(?:ETPT?|[kM]?€|%|‰|km|m²|m2|ha|kWh|ans?|mois|jours?|heures?|h|min)"
MONTH = "(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
END = r"(?=[\s»)\]”\"’.,…]|$)"  # a sign of punctuation closes its word, or it is part of a code

RULES = [
    (r"(?<=[^\W\d_])'(?=[^\W\d_])", "’"),
    (
        rf"(?<![\w.,/:-])([1-9]\d{{0,2}})((?:{SPACES}\d{{3}})+)(?![\d/]|:[^\s«»)])",
        lambda m: m[1] + re.sub(SPACES, NARROW, m[2]),
    ),
    (rf"(?<=\d){SPACES}*(?=(?:[kM]?€|[%‰])(?![^\W_]))", FIXED),
    (rf"(?<=\d){SPACES}+(?={UNIT}(?![^\W_]))", FIXED),
    (rf"(?<![^\W_])([12]?\d|3[01]|1er){SPACES}+(?={MONTH}(?![^\W_]))", rf"\1{FIXED}"),
    (rf"(?<![^\W_])(n[°º]){SPACES}*(?=\d)", rf"\1{FIXED}"),
    (rf"«{SPACES}+|«(?=\S)", f"«{FIXED}"),
    (rf"(?<!{SPACES}){SPACES}+»|(?<=\S)»", f"{FIXED}»"),
    (rf"(?<=[^\s(\[«\"“'‘;!?:/-]){SPACES}*(?=[;!?]+{END})", NARROW),
    (rf"(?<=[^\s(\[«\"“'‘:]){SPACES}*(?=:(?:[\s«»)]|$))", FIXED),
]
RULES = [(re.compile(pattern), replacement) for pattern, replacement in RULES]


def french(text, before="", after="") -> str:
    """`text` as it prints. `before` and `after` are the characters that touch it in its paragraph, if any.

    They let a sign at the edge of a bold word get its space, once: of two texts « mot » and « : », the first ends
    with the space when it was typed there, the second begins with it when it was not.
    """
    pieces = CODE.split(text)
    for i in range(0, len(pieces), 2):
        left = pieces[i - 1][-1:] if i else before[-1:]
        right = pieces[i + 1][:1] if i + 1 < len(pieces) else after[:1]
        pieces[i] = _prose(pieces[i], left, right) if pieces[i] else ""
    return "".join(pieces)


def _prose(text, left, right):
    whole = left + text + right
    for pattern, replacement in RULES:
        whole = pattern.sub(replacement, whole)
    printed = whole[len(left) : len(whole) - len(right)]
    # A space put just between two texts goes with its sign: after the first if that is «, else before the second.
    if left == "«" and not text[0].isspace():
        printed = printed.lstrip(FIXED)
    if right and text[-1] != "«" and not text[-1].isspace():
        printed = printed.rstrip(FIXED + NARROW)
    return printed
