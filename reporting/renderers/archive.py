"""One file that is PDF/A-3a and PDF/UA-1, with its data inside: what WeasyPrint leaves to its callers."""

import zlib
from datetime import datetime

import pydyf
from weasyprint import Attachment

#: PDF/A wants every property it does not know declared: this one names the second standard that the file follows.
UNIVERSAL = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Indicates which part of ISO 14289 the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""
#: Embedded files carry a date. A fixed one: the same document gives the same bytes, whenever it is made.
EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 (WeasyPrint writes it as UTC, whatever its zone)
COMPRESSION = 6  # zlib's own choice; pydyf's 9 takes twice the time for 1 % of the size


def embedded(attachments):
    """WeasyPrint's attachments for (name, French description, relationship to the PDF, bytes)."""
    return [
        Attachment(
            string=content,
            name=name,
            description=description,
            relationship=relationship,
            created=EPOCH,
            modified=EPOCH,
        )
        for name, description, relationship, content in attachments
    ]


def finish(document, pdf):
    """The finisher of WeasyPrint: PDF/UA beside PDF/A, each file embedded once."""
    metadata = next(one for one in pdf.objects if getattr(one, "extra", {}).get("Type") == "/Metadata")
    (xmp,) = metadata.stream
    metadata.stream = [UNIVERSAL.join(xmp.split(b"</rdf:RDF>"))]
    metadata.compress = False  # readable by those who look for metadata without a PDF library
    if "AF" in pdf.catalog:  # WeasyPrint names each file twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _data(stream):
    """pydyf's bytes of a stream, made once: it would compress each one twice, for the file and for its identifier."""
    known = vars(stream)
    if "written" not in known:
        known["written"] = _written(stream)
    return known["written"]


def _written(stream):
    content = b"\n".join(map(pydyf._to_bytes, stream.stream))
    extra = pydyf.Dictionary(stream.extra)
    if stream.compress:
        extra["Filter"] = "/FlateDecode"
        content = zlib.compress(content, COMPRESSION)
    extra["Length"] = len(content)
    # One stream in 256 ends by chance with a carriage return: before a line feed, it would be taken for the line's end.
    end = b"\r\nendstream" if content.endswith(b"\r") else b"\nendstream"
    return b"".join((extra.data, b"\nstream\n", content, end))


pydyf.Stream.data = property(_data)
