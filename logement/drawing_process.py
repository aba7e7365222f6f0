"""The process that draws: one list of pictures on standard input, the pictures on standard output, and it is gone.

Started as `python -m logement.drawing_process` by drawing.py. Vega-Lite runs in V8: half a second to start, 100 MB,
which go with this process.
"""

import base64
import json
import sys
from pathlib import Path

import vl_convert

FONTS = Path(__file__).resolve().parent.parent / "static/fonts/drawn"
SCALE = 3  # of the pixels of a PNG: 288 to the inch


def png(svg):
    return base64.b64encode(vl_convert.svg_to_png(svg, scale=SCALE)).decode()


DRAW = {"svg": vl_convert.vegalite_to_svg, "png": png}


def main():
    vl_convert.register_font_directory(str(FONTS))
    form, sources = json.load(sys.stdin)
    json.dump([DRAW[form](source) for source in sources], sys.stdout)


if __name__ == "__main__":
    main()
