"""The formats of the report: one list, one file each, `render(document) -> bytes`."""

from collections.abc import Callable
from dataclasses import dataclass

from reporting.document import Document
from reporting.renderers import csv_figures, docx, html_file, json_tree, ods, odt, pdf, xlsx
from reporting.renderers.pdf import RenderError

__all__ = ["ALL", "RenderError", "Renderer", "by_name"]


@dataclass(frozen=True, slots=True)
class Renderer:
    """A format: its name in commands and forms, its French name, whether the reader page offers it."""

    name: str
    label: str
    extension: str
    render: Callable[[Document], bytes]
    is_offered: bool = True


ALL = (
    Renderer("pdf", "PDF", "pdf", pdf.report),
    Renderer("html", "HTML", "html", html_file.render),
    Renderer("docx", "Word", "docx", docx.render),
    Renderer("odt", "ODT", "odt", odt.render),
    Renderer("xlsx", "Excel", "xlsx", xlsx.render),
    Renderer("ods", "ODS", "ods", ods.render),
    Renderer("json", "JSON", "json", json_tree.render),
    Renderer("csv", "CSV", "csv", csv_figures.render),
)


def by_name(name):
    """The renderer of this name; KeyError for a name that no format has."""
    return {renderer.name: renderer for renderer in ALL}[name]
