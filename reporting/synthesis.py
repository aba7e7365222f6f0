"""What holds on the page « L'année en chiffres »: its charts two abreast, the table of their values below. Pure.

It is one page whatever is chosen, so heights are reckoned on the high side; a chart too many stays under its axis.
Millimetres, and characters of a line, are those of static/css/report-print.css.
"""

from itertools import zip_longest
from math import ceil

from logement.charts import FOOT, HEAD, ROW, SMALL
from logement.richtext import plain
from reporting.document import Charts
from reporting.renderers.reading import charts_table

CAPTION = "Chiffres clés"
PAGE = 248  # under the heading, above the foot; the head of the table and its caption left out
WIDTH = 166
PIXEL, EM = 25.4 / 96, 25.4 / 72  # of a point
GAP = 4  # below a chart
TITLE, SAID, VALUE = 4.2, 4.1, 3.4  # a line of a chart's title, of its description, of a cell
PADDING, SPACE = 1.4, 0.6  # of a row; above a description
SIDES = 4.5  # of a cell
#: Characters that are no wider than this part of an em in Source Sans 3, semibold; another one may be wider than an em.
WIDTHS = {
    0.3: " ',.:;Iijl|îï’ÎÏ\u00a0\u202f",
    0.37: "!()-/[]ft°",
    0.46: "*?rsz«»",
    0.52: "0123456789acegvxyàâäçéèêëFJLY–€+<=>",
    0.58: "bdhknopquôöùûüñACESTVXZÀÂÇÉÈÊË",
    0.68: "BDGHKNOPQRUÔÙÛ&",
    0.86: "mwMWœæ%",
}
EMS = {character: width for width, characters in WIDTHS.items() for character in characters}
OTHER = 1.3


def that_hold(charts):
    """Of `charts`, those that one page holds, in their order: a low one may follow one that was too high."""
    held = ()
    for chart in charts:
        if height_of((*held, chart)) <= PAGE:
            held += (chart,)
    return held


def height_of(charts):
    heights = [height_of_chart(chart) for chart in charts]
    pairs = zip_longest(heights[::2], heights[1::2], fillvalue=0)
    table = charts_table(Charts(CAPTION, charts))
    rows = (PADDING + VALUE * max(lines_of_cells(row, table.columns)) for row in table.rows)
    return sum(max(pair) + GAP for pair in pairs) + sum(rows)


def height_of_chart(chart):
    plot = SMALL.height + HEAD + FOOT if chart.shape == "series" else ROW * len(chart.points) + 4
    title, said = lines_of(chart.title, 80, points=9.5), lines_of(chart.description, 78, points=8.5)
    return PIXEL * plot + TITLE * title + SAID * said + SPACE * bool(said)


def lines_of_cells(row, columns):
    for cell, column in zip(row.cells, columns, strict=True):
        room = max(column.share * WIDTH / 100 - SIDES, 1)
        words, *notes = plain(cell.blocks).split("\n")
        yield lines_of(words, room, points=8) + sum(lines_of(note, room, points=7.1) for note in notes)


def lines_of(text, room, *, points):
    """How many lines a text takes in `room` millimetres; a word that is longer is cut."""
    lines, left = 0, 0
    for word in text.split():
        width = EM * points * sum(EMS.get(character, OTHER) for character in word)
        if width > left:
            lines, left = lines + ceil(width / room), room
            width %= room
        left -= width + EM * points * EMS[" "]
    return lines
