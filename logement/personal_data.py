"""Does a text name a person? It warns, it never blocks. Pure: imports no Django.

Only what names somebody almost surely: a warning that is often wrong is no longer read. The text of a whole report of
2023 raises none.
"""

import re
from dataclasses import dataclass

GAP = "[ \u00a0\u202f.\\-]?"
BLANK = "[ \u00a0]+"
NAME = "[A-ZÀ-ÖØ-ÝŒ][\\w'’\\-]*"
#: After « M. » or « Mme », these words tell a function and not a name.
FUNCTIONS = "le|la|les|l|de|du|des|et|ou|m|mme|mmes|mm|mlle|monsieur|madame"
STREETS = "rue|avenue|av\\.|boulevard|bd|bld|chemin|impasse|allée|allées|route|faubourg|lotissement"
#: Streets whose name is also an everyday word (« 3 places », « 1 résidence sociale »): only with a capital after.
DOUBTFUL = "place|cours|quai|passage|square|cité|esplanade|hameau|montée|traverse|résidence"
LINKS = f"(?:(?:de|du|des|la|le|les){BLANK}|d['’]|l['’])*"
#: What may follow « 12 rue » in a list of counts, and not in an address.
NOT_A_STREET = "et|ou|puis|à|pour|en|dont|sur|dans|par|avec|sont|est|ont"
PATTERNS = {
    "adresse e-mail": r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+",
    "numéro de téléphone": (
        rf"(?<![\d,.])(?:(?:\+|00){GAP}33{GAP}(?:\(0\){GAP})?|0)[1-9](?:{GAP}\d{{2}}){{4}}(?!\d)"
    ),
    "numéro de sécurité sociale": (
        rf"(?<!\d)[12]{GAP}\d{{2}}{GAP}(?:0[1-9]|1[0-2]|[2-9]\d){GAP}(?:\d{{2}}|2[AB])"
        rf"{GAP}\d{{3}}{GAP}\d{{3}}(?:{GAP}\d{{2}})?(?!\d)"
    ),
    "date de naissance": (
        rf"(?i:\bné(?:e|\(e\)|\.e|·e)?{BLANK}(?:le|en){BLANK}\d[\d/.\-]*|\bdate de naissance\b)"
    ),
    "nom de personne": (
        rf"(?:\b(?i:mme|mlle|madame|mademoiselle|monsieur)|\b(?:M|Mr|MR)(?=[. \u00a0]))\.?{BLANK}"
        rf"(?!(?i:{FUNCTIONS})\b){NAME}"
        rf"|\b(?i:mme|mlle)\.?{BLANK}(?!(?i:{FUNCTIONS})\b)[^\W\d_]{{2,}}"
    ),
    "adresse postale": (
        rf"(?<![\d,.])\b\d{{1,4}}(?:[ \u00a0]?(?i:bis|ter|quater))?,?{BLANK}"
        rf"(?:(?i:{STREETS}){BLANK}(?!(?i:{NOT_A_STREET})\b)[^\W\d_][^\n,;.]{{,40}}"
        rf"|(?i:{DOUBTFUL}){BLANK}{LINKS}{NAME})"
    ),
}
COMPILED = {kind: re.compile(pattern) for kind, pattern in PATTERNS.items()}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a passage of a text looks like (« numéro de téléphone »), and where: `text[start:end]`."""

    kind: str
    passage: str
    start: int
    end: int


def looks_like_a_person(text):
    """The passages that seem to name, reach or number a person, in the order of the text."""
    found = [
        Finding(kind, match[0], match.start(), match.end())
        for kind, pattern in COMPILED.items()
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda finding: (finding.start, finding.end))


def warning_about(text):
    """The sentence for the page, or "" when the text names nobody."""
    findings = looks_like_a_person(text)
    if not findings:
        return ""
    told = ", ".join(f"« {finding.passage} » ({finding.kind})" for finding in findings)
    return f"Ce texte semble désigner une personne : {told}. Retirez ce passage, ou enregistrez de nouveau tel quel."
