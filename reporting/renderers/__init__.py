"""The formats of the report: one list, one file each, `render(document) -> bytes`."""

from collections.abc import Callable
from dataclasses import dataclass

from reporting.document import Document
from reporting.renderers import html_file, json_tree, pdf
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
    Renderer("pdf", "PDF", "pdf", pdf.render),
    Renderer("html", "HTML", "html", html_file.render),
    Renderer("json", "JSON", "json", json_tree.render),
)


def by_name(name):
    """The renderer of this name; KeyError for a name that no format has."""
    return {renderer.name: renderer for renderer in ALL}[name]
