"""What our engine replaces in WeasyPrint and pydyf is still what was read when it was written, and changes no byte."""

import json
import subprocess
import sys
from pathlib import Path

from reporting.renderers import html
from tests.reporting.sample import sample

ROOT = Path(__file__).resolve().parents[2]

#: Functions that our engine (reporting/renderers/typeset.py and what it imports) replaces or counts on -> their digest.
READ = {
    "pydyf.PDF.add_object": "d2291d0d3ab5",
    "pydyf.PDF.page_references": "060bf90aad55",
    "pydyf.PDF.write": "242cd38f92ec",
    "pydyf.Stream.begin_marked_content": "4348260a8eb6",
    "pydyf.Stream.data": "bdc2bc513f28",
    "weasyprint.HTML.__init__": "5f19f40b8183",
    "weasyprint.HTML._ua_stylesheets": "4fadfde9d150",
    "weasyprint.anchors.gather_anchors": "373f8c676f27",
    "weasyprint.anchors.make_page_bookmark_tree": "269c0c4e1b2d",
    "weasyprint.css.StyleFor": "dac5a1326168",
    "weasyprint.document.Document.write_pdf": "086e4a8e9998",
    "weasyprint.document.Page.paint": "b2f0dcbda755",
    "weasyprint.draw.draw_block_level": "3de9ec3ad4aa",
    "weasyprint.draw.draw_inline_level": "068162a401d0",
    "weasyprint.draw.draw_page": "d5bda6b6e675",
    "weasyprint.draw.draw_stacking_context": "c5811b178bdf",
    "weasyprint.draw.text.draw_first_line": "1bb8eae6d88e",
    "weasyprint.formatting_structure.build.element_to_box": "2d0a37e45b7f",
    "weasyprint.layout.layout_document": "a5cbf437e99c",
    "weasyprint.layout.page.set_page_type_computed_styles": "4e68b396b35c",
    "weasyprint.pdf.anchors.add_links": "262e8b9b2998",
    "weasyprint.pdf.anchors.resolve_links": "f95937bb4e4f",
    "weasyprint.pdf.anchors.write_pdf_attachment": "11bdffe520ef",
    "weasyprint.pdf.fonts.Font.__init__": "1f281166b103",
    "weasyprint.pdf.fonts.build_fonts_dictionary": "fc551bef35d0",
    "weasyprint.pdf.generate_pdf": "626343ef25c3",
    "weasyprint.pdf.metadata.DocumentMetadata.include_in_pdf": "9dc4e74198a9",
    "weasyprint.pdf.pdfa.pdfa": "ea4cd3554d52",
    "weasyprint.pdf.stream.Stream.add_font": "e4226e111747",
    "weasyprint.pdf.stream.Stream.artifact": "be61e4218680",
    "weasyprint.pdf.stream.Stream.marked": "3fa3acacbbf6",
    "weasyprint.pdf.stream.Stream.set_alpha": "c9c74350fd9a",
    "weasyprint.pdf.tags.add_tags": "f0e74575b0ba",
    "weasyprint.stacking.StackingContext.from_box": "462a693cc322",
    "weasyprint.stacking.StackingContext.from_page": "7041d806bca6",
    "weasyprint.svg.SVG.draw_node": "5e24443a435c",
    "weasyprint.svg.text.text": "67a30c3e181b",
    "weasyprint.text.fonts.get_pango_font_key": "74cbeff1fac3",
    "weasyprint.text.line_break.split_first_line": "39ad1016863c",
}
DIGESTS = """
import hashlib, importlib, inspect, json, sys

def found(name):
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            thing = getattr(thing, part)
        return inspect.unwrap(getattr(thing, "fget", thing))

sources = {name: inspect.getsource(found(name)) for name in json.load(sys.stdin)}
print(json.dumps({name: hashlib.sha256(source.encode()).hexdigest()[:12] for name, source in sources.items()}))
"""

# The same page with and without what only saves time.
TWICE = """
import sys
import pydyf
import weasyprint.layout.page
from weasyprint import HTML
stock = weasyprint.layout.page.set_page_type_computed_styles, pydyf.PDF.page_references
from reporting.renderers import typeset
page = sys.stdin.read()
fast = typeset.write(page, typeset.toolkit())
weasyprint.layout.page.set_page_type_computed_styles, pydyf.PDF.page_references = stock
typeset.Page = lambda html, fetcher: HTML(string=html, url_fetcher=fetcher)
print(len(fast) > 20_000, fast == typeset.write(page, typeset.toolkit()))
"""

# The end of a stream whose last byte is a carriage return, and what a reader finds in it.
CARRIAGE_RETURN = """
import io
import pikepdf, pydyf
from reporting.renderers import archive
content = b"\\x0c"  # zlib ends with a sum of the bytes, and one
stream = pydyf.Stream([content], compress=True)
print(stream.data[-13:])
pdf, file = pydyf.PDF(), io.BytesIO()
pdf.add_object(stream)
pdf.write(file)
opened = pikepdf.open(file)
print(opened.get_object((stream.number, 0)).read_bytes() == content)
"""


def python(program, given=""):
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_replaced_is_what_was_read():
    changed = {
        name: digest
        for name, digest in json.loads(python(DIGESTS, json.dumps(list(READ)))).items()
        if digest != READ[name]
    }

    assert changed == {}, (
        "WeasyPrint or pydyf changed: read these again, mend our engine, then write their digests"
    )


def test_what_saves_time_changes_no_byte():
    assert python(TWICE, html.page(sample(rows=30))) == "True True\n"


def test_stream_that_ends_with_a_carriage_return_keeps_its_length():
    end, is_read = python(CARRIAGE_RETURN).splitlines()

    assert end.endswith("\\r\\r\\nendstream'")
    assert is_read == "True"
