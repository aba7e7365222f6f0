"""Reads a PDF back as a screen reader does: by its tags, whose text is decoded from the pages with the fonts' own maps.

It knows nothing of the engine: only ISO 32000-1, by pikepdf.
"""

import io
import re
from dataclasses import dataclass, field

import page as validator
import pikepdf

PROFILES = (validator.ValidationProfile.PDF_UA_1, validator.ValidationProfile.PDF_A_3A)
RANGE = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


@dataclass
class Tag:
    """A structure element: its type, its PDF dictionary, and its kids in order, Tags and texts."""

    kind: str
    source: pikepdf.Dictionary
    file: pikepdf.Pdf
    kids: list = field(default_factory=list)

    def all(self, kind):
        """The tags of a kind in it, in order."""
        own = [self] if self.kind == kind else []
        return own + [tag for kid in self.kids if isinstance(kid, Tag) for tag in kid.all(kind)]

    def text(self, *, without=()):
        """Its words, with those of the tags below, but those of some kinds."""
        return "".join(
            kid if isinstance(kid, str) else "" if kid.kind in without else kid.text(without=without)
            for kid in self.kids
        )

    def __getitem__(self, name):
        return self.source.get(f"/{name}")

    @property
    def scope(self):
        return str(self["A"].get("/Scope"))


def faults(content):
    """What the strictest validator that the registries give finds against PDF/UA-1 and PDF/A-3a: rules and reasons."""
    reports = [validator.validate_pdf_bytes(content, profile=profile) for profile in PROFILES]
    assert [report.rules.total > 90 for report in reports] == [True, True]
    return [(failure.rule_id, failure.message) for report in reports for failure in report.failures]


def tags_of(content):
    """The root Tag of a file, which stays open as long as it."""
    file = pikepdf.open(io.BytesIO(content))
    texts = {page.obj.objgen: _marked_texts(page.obj) for page in file.pages}
    return _tag(file.Root.StructTreeRoot.K, texts, file)


def artifacts_of(content):
    """The text that is no content, page by page: what a screen reader leaves out."""
    with pikepdf.open(io.BytesIO(content)) as file:
        return [_marked_texts(page.obj).get(None, "") for page in file.pages]


def _tag(element, texts, file):
    tag = Tag(str(element.S)[1:], element, file)
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, pikepdf.Dictionary):
            tag.kids.append(texts[element.Pg.objgen][int(kid)])
        elif kid.get("/Type") == "/MCR":
            tag.kids.append(texts[kid.Pg.objgen][int(kid.MCID)])
        elif kid.get("/Type") != "/OBJR":
            assert kid.P.objgen == element.objgen
            tag.kids.append(_tag(kid, texts, file))
    return tag


def _marked_texts(page):
    """{number of the mark: its text} of a page; under None, the artifacts. Anything else that is drawn is an error."""
    fonts = {name: _decoder(font) for name, font in page.Resources.Font.items()}
    texts, marks, font, spoken = {}, [], None, None
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BMC" | "BDC":
                marks.append(_mark(operands))
                spoken = _spoken(operands)
                if marks[-1] is not None:
                    texts[marks[-1]] = spoken or ""
            case "EMC":
                marks.pop()
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tj" | "TJ" if not spoken:
                texts[marks[-1]] = texts.get(marks[-1], "") + _decoded(operands[0], font)
    return texts


def _mark(operands):
    if str(operands[0]) == "/Artifact":
        return None
    return int(operands[1].MCID)


def _spoken(operands):
    """What to say in place of the glyphs."""
    properties = operands[1] if len(operands) > 1 else {}
    return str(properties["/ActualText"]) if "/ActualText" in properties else None


def _decoded(shown, font):
    pieces = shown if isinstance(shown, pikepdf.Array) else [shown]
    return "".join(font(bytes(piece)) for piece in pieces if isinstance(piece, pikepdf.String))


def _decoder(font):
    """From the codes of a font, two bytes each, to text, by its ToUnicode map."""
    characters = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", _map(font), re.DOTALL):
        for code, text in RANGE.findall(block):
            characters[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return lambda shown: "".join(
        characters[int.from_bytes(shown[at : at + 2], "big")] for at in range(0, len(shown), 2)
    )


def _map(font):
    text = font.ToUnicode.read_bytes().decode()
    assert "bfrange" not in text
    return text
