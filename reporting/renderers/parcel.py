"""The container of office documents: a ZIP of XML parts. The same parts give the same bytes. Pure."""

import re
import zipfile
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from string import Template

from logement.text import clean_text

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SKELETONS = Path(__file__).with_name("skeletons")
LANGUAGE = re.compile("([a-z]{2,3})(?:-([A-Z]{2}))?")
COUNTRIES = {"fr": "FR"}  # a language without its country is not one for a spelling checker


def parcel(parts, *, stored=()) -> bytes:
    """The ZIP of `parts`, {name: str or bytes}, in their order and without a date; those `stored` are not deflated."""
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)  # of 1 January 1980
            entry.create_system = 3  # the same on every machine
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return output.getvalue()


def skeleton(name, **words):
    """The parts of a format that do not depend on the report, {name: XML}; `words` fill their $places, escaped."""
    filled = {place: xml(text) for place, text in words.items()}
    return {part: template.substitute(filled) for part, template in _templates(name).items()}


@cache
def _templates(name):
    folder = SKELETONS / name
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): Template(path.read_text(encoding="utf-8")) for path in paths}


def xml(text):
    """The text as XML content or as an attribute's value; what XML cannot hold (controls, surrogates) is left out."""
    return escape(clean_text(text))


def locale_of(document):
    """(language, country) of the spelling; the country is empty where it is not known."""
    found = LANGUAGE.fullmatch(document.language)
    language, country = found.groups() if found else ("fr", None)
    return language, country or COUNTRIES.get(language, "")
