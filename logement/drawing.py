"""Specifications of charts.py -> SVG, and SVG -> PNG, by vl-convert in a process of its own (drawing_process.py).

The same specification gives the same bytes. What was drawn is kept in this process, by its content.
"""

import base64
import json
import os
import re
import subprocess
import sys
import threading
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 120  # for a machine that does much else; a report's pictures take less than two
KEPT = 400  # pictures, of 10 kB (SVG) or 40 kB (PNG)
#: What finds programs, and where fonts may be looked for; no secret.
PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")

SIZE = re.compile(r'width="(\d+)" height="(\d+)"')

_kept = {}  # (form, source) -> what was drawn, the oldest first
_lock = threading.Lock()


class DrawingError(Exception):
    """The pictures could not be drawn. Its text is a French sentence."""


def svgs(specifications):
    """The SVG of each specification, without a name."""
    return drawn("svg", [json.dumps(held, sort_keys=True) for held in specifications])


def pngs(sources):
    """The PNG of each SVG, three of its pixels for one of the SVG's."""
    return [base64.b64decode(png) for png in drawn("png", sources)]


def named(svg, *, title, description):
    """The SVG with the words that stand for it. Neither a style nor a link of its own: any page may hold it."""
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return svg.replace(">", f' role="img">{words}', 1)


def size_of(svg):
    """(width, height) of an SVG, in its pixels."""
    return tuple(int(side) for side in SIZE.search(svg).groups())


def drawn(form, sources):
    """What each source draws: those that are not kept are drawn together, once each."""
    with _lock:
        wanted = [source for source in dict.fromkeys(sources) if (form, source) not in _kept]
        if wanted:
            made = zip(wanted, ask(form, wanted), strict=True)
            _kept.update({(form, source): picture for source, picture in made})
        pictures = [_kept[form, source] for source in sources]
        for key in list(_kept)[: max(0, len(_kept) - KEPT)]:
            del _kept[key]
    return pictures


def ask(form, sources):
    """The answer of a process started for it."""
    held = [json.loads(source) for source in sources] if form == "svg" else sources
    try:
        done = subprocess.run(
            [sys.executable, "-m", "logement.drawing_process"],
            cwd=ROOT,
            env={name: os.environ[name] for name in PASSED if name in os.environ},
            input=json.dumps([form, held]),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=SECONDS,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise DrawingError(
            "Les graphiques n’ont pas pu être dessinés. Relancez la demande ; si cela se répète, "
            "prévenez l’administrateur."
        ) from error
    return json.loads(done.stdout)
