"""Office documents read back: whether they are what their norms demand, and their words in the order of reading."""

import re
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

from lxml import etree

SCHEMAS = Path(__file__).resolve().parents[1] / "vendor/office-schemas.zip"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
ODF = "{{urn:oasis:names:tc:opendocument:xmlns:{}:1.0}}"
TEXT, TABLE, STYLE, OFFICE, FO = (
    ODF.format(name) for name in ("text", "table", "style", "office", "xsl-fo-compatible")
)
MANIFEST = ODF.format("manifest")
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
SVG = ODF.format("svg-compatible")
XLINK, DRAW = "{http://www.w3.org/1999/xlink}", ODF.format("drawing")
DC = "{http://purl.org/dc/elements/1.1/}"


class InZip(etree.Resolver):
    """Gives a schema those that it imports."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def resolve(self, url, public_id, context):
        with zipfile.ZipFile(SCHEMAS) as archive:
            return self.resolve_string(archive.read(f"{self.folder}/{Path(url).name}"), context)


@cache
def schema(name):
    """The validator called « ooxml/wml.xsd » in the archive."""
    folder, _, file = name.partition("/")
    parser = etree.XMLParser()
    parser.resolvers.add(InZip(folder))
    with zipfile.ZipFile(SCHEMAS) as archive:
        tree = etree.fromstring(archive.read(name), parser, base_url=file)
    return etree.XMLSchema(tree) if name.endswith(".xsd") else etree.RelaxNG(tree)


def parts_of(content):
    """{name: bytes} of a package, whose checksums hold; no name twice, no date."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(set(archive.namelist()))
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


def tree(content):
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))


def check(name, root):
    validator = schema(name)
    assert validator.validate(root), [str(error)[:300] for error in validator.error_log][:5]


# --- DOCX ---


def check_docx(content):
    """What Word demands of a file before it opens it without « a repair »."""
    parts = parts_of(content)
    images = {name for name in parts if name.startswith("word/media/")}
    trees = {name: tree(part) for name, part in parts.items() if name not in images}
    types = trees["[Content_Types].xml"]
    check("ooxml/opc-contentTypes.xsd", types)
    overridden = {override.get("PartName").lstrip("/") for override in types.iter(f"{TYPES}Override")}
    assert overridden == {name for name in trees if not name.endswith((".rels", "[Content_Types].xml"))}
    for name, root in trees.items():
        if name.endswith(".rels"):
            check("ooxml/opc-relationships.xsd", root)
            folder = Path(name).parent.parent
            assert all((folder / link.get("Target")).as_posix() in parts for link in root), name
        elif name.startswith("word/"):
            check("ooxml/wml.xsd", root)
    check_links(trees)


def check_links(trees):
    """Every name that a part calls is held by another: styles, numberings, notes, parts, bookmarks."""
    body, notes = trees["word/document.xml"], trees["word/footnotes.xml"]
    held = {style.get(f"{W}styleId") for style in trees["word/styles.xml"].iter(f"{W}style")}
    called = {
        element.get(f"{W}val")
        for root in (body, notes, trees["word/styles.xml"])
        for name in ("pStyle", "rStyle", "tblStyle", "basedOn", "next")
        for element in root.iter(f"{W}{name}")
    }
    assert called <= held, called - held
    numbers = [number.get(f"{W}numId") for number in trees["word/numbering.xml"].iter(f"{W}num")]
    assert len(numbers) == len(set(numbers))
    assert {number.get(f"{W}val") for number in body.iter(f"{W}numId")} <= set(numbers)
    ids = [note.get(f"{W}id") for note in notes.iter(f"{W}footnote")]
    assert ids[:2] == ["-1", "0"]  # the lines above the notes, which Word looks for
    assert [note.get(f"{W}id") for note in body.iter(f"{W}footnoteReference")] == ids[2:]
    links = {link.get("Id") for link in trees["word/_rels/document.xml.rels"]}
    assert {blip.get(f"{R}embed") for blip in body.iter("{*}blip")} <= links
    assert {foot.get(f"{R}id") for foot in body.iter(f"{W}footerReference")} <= links
    marks = [mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")]
    assert len(marks) == len(set(marks))
    assert {link.get(f"{W}anchor") for link in body.iter(f"{W}hyperlink")} <= set(marks)
    for table in body.iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        assert {len(row.findall(f"{W}tc")) for row in table.iter(f"{W}tr")} == {columns}
        after = table.getnext()
        assert after is not None, "Word wants a paragraph after a table"
        assert after.tag != table.tag, "Word would make one table of these two"


def docx_words(content):
    """The text of the body in order, notes in brackets where they are called; the contents left out."""
    parts = parts_of(content)
    notes = {
        note.get(f"{W}id"): "".join(note.itertext(f"{W}t"))
        for note in tree(parts["word/footnotes.xml"]).iter(f"{W}footnote")
    }
    body = tree(parts["word/document.xml"])[0]
    words = []
    for element in body.iter(f"{W}p", f"{W}t", f"{W}br", f"{W}footnoteReference"):
        if any(around.tag == f"{W}sdt" for around in element.iterancestors()):
            continue
        match element.tag.removeprefix(W):
            case "t":
                words.append(element.text or "")
            case "footnoteReference":
                words.append(f" ({notes[element.get(f'{W}id')]})")
            case _:
                words.append("\n")
    return "".join(words)


# --- ODT and ODS ---


def check_odf(content):
    """What OpenDocument demands: the type first and as it is, a complete manifest, valid parts, known styles."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    parts = parts_of(content)
    trees = {name: tree(part) for name, part in parts.items() if name.endswith(".xml")}
    manifest = trees.pop("META-INF/manifest.xml")
    check("odf/OpenDocument-v1.3-manifest-schema.rng", manifest)
    entries = {entry.get(f"{MANIFEST}full-path"): entry.get(f"{MANIFEST}media-type") for entry in manifest}
    assert entries.pop("/").encode() == parts["mimetype"]
    assert set(entries) == {*trees, *(name for name in parts if name.startswith("Pictures/"))}
    images = {image.get(f"{XLINK}href") for image in trees["content.xml"].iter(f"{DRAW}image")}
    assert images == set(entries) - set(trees)
    for root in trees.values():
        for element in root.iter(etree.Element):
            for name in [name for name in element.attrib if name.startswith(LOEXT)]:
                del element.attrib[name]  # LibreOffice's own, which the norm lets others skip
        check("odf/OpenDocument-v1.3-schema.rng", root)
    check_styles(trees)


def check_styles(trees):
    """Every style, page and bookmark that is called is held."""
    roots = [trees["content.xml"], trees["styles.xml"]]
    held = {
        value
        for root in roots
        for element in root.iter(etree.Element)
        for value in (element.get(f"{STYLE}name"),)
    }
    called = {
        value
        for root in roots
        for element in root.iter(etree.Element)
        for name, value in element.attrib.items()
        if re.search(r"}(parent-|next-|data-|visited-|default-cell-)?style-name$|}master-page-name$", name)
    }
    assert called <= held, called - held
    body = trees["content.xml"]
    marks = [mark.get(f"{TEXT}name") for mark in body.iter(f"{TEXT}bookmark-start")]
    assert len(marks) == len(set(marks))
    assert {link.get(f"{TEXT}ref-name") for link in body.iter(f"{TEXT}bookmark-ref")} <= set(marks)


def odt_words(content):
    """The text of the body in order, notes in brackets where they are called; the contents left out."""
    return read_odt(tree(parts_of(content)["content.xml"]).find(f"{OFFICE}body"))


def read_odt(element):
    match element.tag.removeprefix(TEXT):
        case "note-citation" | "table-of-content":
            return ""
        case "line-break":
            return "\n"
    if element.tag in {f"{TABLE}title", f"{SVG}title", f"{SVG}desc"}:
        return ""
    inside = (element.text or "") + "".join(read_odt(child) + (child.tail or "") for child in element)
    match element.tag.removeprefix(TEXT):
        case "note":
            return f" ({inside})"
        case "p" | "h":
            return f"{inside}\n"
    return inside
