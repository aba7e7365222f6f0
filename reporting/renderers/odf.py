"""What ODT and ODS share: the package, its metadata and its namespaces."""

from reporting.renderers.parcel import XML, locale_of, parcel, skeleton
from reporting.renderers.reading import GENERATOR, description_of, running_words
from reporting.typography import french

NAMES = {
    "office": "office",
    "style": "style",
    "text": "text",
    "table": "table",
    "draw": "drawing",
    "fo": "xsl-fo-compatible",
    "svg": "svg-compatible",
    "number": "datastyle",
}
NAMESPACES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"' for name, urn in NAMES.items()
)
MANIFEST = "META-INF/manifest.xml"
LINKS = ' xmlns:xlink="http://www.w3.org/1999/xlink"'


def package(document, kind, *, styles, body, pictures=None) -> bytes:
    """The file: `styles` are the automatic ones of `body`, both XML; `kind` is the folder of its skeleton.

    `pictures` are {name of a part: PNG}.
    """
    pictures = pictures or {}
    language, country = locale_of(document)
    static = skeleton(
        kind,
        title=french(document.title),
        publisher=french(document.publisher),
        subject=french(document.running_title),
        description=french(description_of(document)),
        generator=GENERATOR,
        language=language,
        country=country or "none",
        locale="-".join(filter(None, [language, country])),
        running=french(running_words(document)),
    )
    content = (
        f'{XML}<office:document-content{NAMESPACES}{LINKS} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="image/png"/>'
        for name in pictures
    )
    static[MANIFEST] = static[MANIFEST].replace("</manifest:manifest>", f"{entries}</manifest:manifest>")
    # The type comes first, as it is: readers look for it at a fixed place.
    parts = {"mimetype": static.pop("mimetype")} | static | {"content.xml": content} | pictures
    return parcel(parts, stored=("mimetype", *pictures))
