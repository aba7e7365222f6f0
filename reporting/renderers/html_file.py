"""Document -> one HTML file that stands alone: the reader's page with its stylesheet inside, nothing to fetch."""

from pathlib import Path

from reporting.renderers import html

STYLESHEET = Path(__file__).resolve().parents[2] / "static/css/report.css"
#: On the site the reader page has a frame around it; alone, the body keeps its own margins.
FRAME = "body { max-width: 72rem; margin: 0 auto; padding: 1rem; font-size: 16px; }"


def render(document) -> bytes:
    """The file, in UTF-8; a lone surrogate, which it cannot write, becomes « ? »."""
    style = f"<style>{STYLESHEET.read_text(encoding='utf-8')}{FRAME}</style>"
    return html.page(document, notes="end", style=style).encode("utf-8", "replace")
