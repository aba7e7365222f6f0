"""The workbook of a submission: its draft, ready to fill, or what somebody typed with its faults in red.

Locked but for the cells of answers, without password: against slips, not against people. What protects the answers is
the signature of the schema, and the preview.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from django.utils import timezone

from axes.models import Answer, Submission
from axes.models.quantity import Blank, Qualifier
from axes.submissions import moves
from axes.submissions.answers import MAX_TEXT, is_editable
from axes.submissions.last_year import values_last_year
from axes.submissions.sheets.schema import (
    FIGURES,
    HEADINGS,
    TEXTS,
    WORDS,
    Asked,
    Schema,
    base_of,
    codes_of,
    columns_for,
    key_of,
    signed,
    stamp_of,
)
from axes.values import Shape, shape_of
from logement.numbers import format_number
from logement.parsers import shown
from logement.spreadsheets.writing import FIRST_DAY, LONGEST, MAX_DIGITS

SCHEMA_SHEET = "schema"
WIDTHS = {
    "value": 16,
    "numerator": 12,
    "denominator": 13,
    "qualifier": 11,
    "blank": 15,
    "note": 26,
    "text": 90,
}
#: What the heading of a column says below its word.
HINTS = {
    "value": "zéro est un nombre",
    "numerator": "ce que l'on compte",
    "denominator": "sur quoi il porte",
    "qualifier": "vide : exact",
    "blank": "s'il n'y a pas de chiffre",
    "note": "facultative",
}
TOP = 4  # the hidden codes, the title, how to fill, the headings
INK, LINE, PAPER, FIELD, WRONG = "#1B2A3A", "#8A97A6", "#EEF2F6", "#FFF9DB", "#F9D6D5"
HELP = (
    ("Répondre", "Écrivez dans les cases jaunes seulement. Les autres sont verrouillées."),
    ("Nombres", "Écrivez-les comme d'habitude : 1 234,5. Zéro est un nombre : écrivez-le."),
    ("Taux", "Donnez le numérateur et le dénominateur : le pourcentage s'en déduit."),
    (
        "Précision",
        "Choisissez « environ », « près de », « au moins » ou « plus de » ; vide, le nombre est exact.",
    ),
    (
        "Absence",
        "« Non disponible » : le chiffre existe, mais il manque. « Sans objet » : la question ne se pose pas.",
    ),
    ("Formules", "Le résultat d'une formule est lu s'il est un nombre."),
    (
        "Rendre",
        "Enregistrez en .xlsx ou en .ods, puis redonnez le fichier : vous verrez ce qui change avant tout.",
    ),
    (
        "Garder",
        "Gardez les lignes, les colonnes et les feuilles, même masquées : elles disent quelle case est quoi.",
    ),
    ("Pièces jointes", "Elles se déposent sur la page du bilan."),
)


def write(submission, *, filled=None, faults=None):
    """The bytes of an XLSX. `filled`: a Filled, what somebody typed; `faults`: {(key, code): what is wrong there}."""
    output = BytesIO()
    book = xlsxwriter.Workbook(
        output,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    Writer(book, submission, filled, faults or {}).write()
    book.close()
    return output.getvalue()


class Writer:
    """Holds what every sheet needs while a workbook is written."""

    def __init__(self, book, submission, filled, faults):
        self.book, self.submission, self.faults = book, submission, faults
        self.asked = filled.schema.questions if filled else {}
        self.typed = {row.key: row.values for row in filled.rows if not row.twin} if filled else {}
        self.number = submission.campaign.year.number
        self.questions = list(moves.questions_of(submission))
        self.figures = [question for question in self.questions if question.is_figure]
        self.texts = [question for question in self.questions if question.is_text]
        self.is_returned = submission.state == Submission.State.RETURNED
        self.formats = {}

    def write(self):
        self.book.set_properties(
            {
                "title": f"Bilan {self.number}, {self.submission.organisation}",
                "author": str(self.submission.campaign.year.territory),
                "created": datetime(2000, 1, 1, tzinfo=UTC),
            }
        )
        self.book.set_size(2400, 1400)
        columns = {}
        if self.figures or not self.texts:
            columns[FIGURES] = columns_for(self.figures)
            self.write_figures(columns[FIGURES])
        if self.texts:
            columns[TEXTS] = ["text"]
            self.write_texts()
        self.write_help()
        self.write_schema(columns)

    # --- Figures ---

    def write_figures(self, codes):
        before = values_last_year(self.submission, [question.indicator for question in self.figures])
        left = [("Indicateur", 30), ("Ce qui est compté", 36), ("Unité", 11), (f"En {self.number - 1}", 15)]
        sheet, places = self.sheet("Chiffres", FIGURES, left, codes)
        for row, question in self.rows(sheet, self.figures, width=len(left) + len(codes) + self.is_returned):
            indicator, last = question.indicator, before.get(question.indicator_id)
            self.text(sheet, row, 1, indicator.label, bold=True)
            self.text(sheet, row, 2, definition_of(question))
            self.text(sheet, row, 3, indicator.unit)
            self.text(sheet, row, 4, last.display if last else "–", align="right")
            for code in codes:
                self.answer(sheet, row, places[code], question, code)

    def write_texts(self):
        left = [("Action", 34), ("Texte demandé", 26)]
        sheet, places = self.sheet("Textes", TEXTS, left, ["text"])
        for row, question in self.rows(
            sheet, self.texts, width=len(left) + 1 + self.is_returned, grouped=False
        ):
            self.text(sheet, row, 1, str(question.action or "Ensemble du bilan"), bold=True)
            self.text(sheet, row, 2, question.label)
            self.answer(sheet, row, places["text"], question, "text")

    def sheet(self, name, corner, left, codes):
        """(a sheet with its hidden codes, its title and its headings, {code: rank of its column})."""
        sheet = self.book.add_worksheet(name)
        places = {code: 1 + len(left) + rank for rank, code in enumerate(codes)}
        sheet.write_string(0, 0, corner)
        for code, column in places.items():
            sheet.write_string(0, column, code)
            sheet.set_column(column, column, WIDTHS[code])
        sheet.write_string(TOP - 1, 0, HEADINGS)
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.set_column(0, 0, None, None, {"hidden": True})
        title = f"Bilan {self.number} – {self.submission.organisation}"
        sheet.write_string(1, 1, title[:LONGEST], self.format(size=15, bold=True, is_bare=True))
        sheet.write_string(
            2, 1, self.how(), self.format(is_bare=True, color="#B3261E" if self.faults else INK)
        )
        heading = self.format(bold=True, background=PAPER, valign="vcenter")
        for column, (word, width) in enumerate(left, start=1):
            sheet.set_column(column, column, width)
            sheet.write_string(TOP - 1, column, word, heading)
        for code, column in places.items():
            hint = f"\n({HINTS[code]})" if code in HINTS else ""
            sheet.write_string(TOP - 1, column, WORDS[code] + hint, heading)
        last = len(left) + len(codes)
        if self.is_returned:
            last += 1
            sheet.set_column(last, last, 34)
            sheet.write_string(TOP - 1, last, "Demande de la métropole", heading)
        self.set_up(sheet)
        return sheet, places

    def how(self):
        if self.faults:
            count = len(self.faults)
            cells = f"{count} cases sont à corriger" if count > 1 else "Une case est à corriger"
            return f"{cells} : en rouge, avec un commentaire qui dit quoi faire."
        if not any(is_editable(question, self.submission) for question in self.questions):
            return "Ce bilan ne se modifie pas en ce moment : ce tableur est à lire."
        return "Répondez dans les cases jaunes, enregistrez, puis redonnez ce fichier sur la page du bilan."

    def set_up(self, sheet):
        sheet.freeze_panes(TOP, 2)
        sheet.set_row(TOP - 1, 48)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.repeat_rows(TOP - 1)
        name = str(self.submission.organisation).replace("&", "&&")[:100]
        sheet.set_footer(f"&L{name}, bilan {self.number}&RPage &P sur &N")
        sheet.hide_gridlines(2)
        sheet.set_comments_author("Contrôle du bilan")
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def rows(self, sheet, questions, *, width, grouped=True):
        """[(rank of the row, question)], under a band for each action; writes the key and what the lead asks."""
        row, action = TOP, object()
        for question in questions:
            if grouped and question.action != action:
                action = question.action
                band = self.format(bold=True, background=INK, color="#FFFFFF", wrap=False)
                for column in range(1, width + 1):
                    sheet.write_blank(row, column, None, band)
                sheet.write_string(row, 1, str(action or "Ensemble du bilan"), band)
                row += 1
            sheet.write_string(row, 0, key_of(question))
            if self.is_returned:
                asked = (question.remark or "À corriger.") if question.is_contested else "–"
                self.text(sheet, row, width, asked, bold=question.is_contested)
            yield row, question
            row += 1

    # --- One cell ---

    def answer(self, sheet, row, column, question, code):
        key = key_of(question)
        if code not in codes_of(question):
            value, is_open = self.typed.get(key, {}).get(code), False
        else:
            value = self.typed[key][code] if key in self.typed else held(question, code)
            is_open = is_editable(question, self.submission)
        sentence = self.faults.get((key, code))
        number_format = "dd/mm/yyyy" if isinstance(value, date) else format_of(question, code)
        style = self.format(
            background=WRONG if sentence else FIELD if is_open else PAPER,
            locked=not (is_open or sentence),
            align="left" if code in {"note", "text", "qualifier", "blank"} else "right",
            number_format=number_format,
        )
        write_value(sheet, row, column, value, style)
        if is_open:
            validate(sheet, row, column, question, code)
        if sentence:
            sheet.write_comment(row, column, sentence, {"x_scale": 2.2, "y_scale": 1.2, "font_size": 10})

    def text(self, sheet, row, column, words, **style):
        sheet.write_string(row, column, words[:LONGEST], self.format(**style))

    def format(self, **style):
        """Each format once: a workbook holds a table of them."""
        key = tuple(sorted(style.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(properties(**style))
        return self.formats[key]

    # --- The other sheets ---

    def write_help(self):
        sheet = self.book.add_worksheet("Mode d'emploi")
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 92)
        sheet.write_string(0, 0, "Mode d'emploi", self.format(size=15, bold=True, is_bare=True))
        campaign = self.submission.campaign
        rows = [*HELP, ("Date limite", f"{campaign.closes_on:%d/%m/%Y}")]
        if campaign.instructions:
            rows.append(("Consignes", campaign.instructions))
        for row, (word, sentence) in enumerate(rows, start=2):
            self.text(sheet, row, 0, word, bold=True)
            self.text(sheet, row, 1, sentence)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.protect()

    def write_schema(self, columns):
        sheet = self.book.add_worksheet(SCHEMA_SHEET)
        questions = {}
        for question in [*self.figures, *self.texts]:
            key = key_of(question)
            held = self.asked[key].base if key in self.asked else base_of(question.draft)
            questions[key] = Asked(question.pk, stamp_of(question), held)
        schema = Schema(self.submission.pk, timezone.localdate(), questions, columns)
        sheet.write_string(0, 0, signed(schema))
        sheet.very_hidden()
        sheet.protect()


def properties(
    *,
    bold=False,
    size=11,
    color=INK,
    background=None,
    align="left",
    valign="top",
    locked=True,
    wrap=True,
    number_format="General",
    is_bare=False,
):
    """The properties of a format; bare: neither border nor several lines."""
    made = {"bold": bold, "font_size": size, "font_color": color, "align": align, "valign": valign}
    made |= {"locked": locked, "num_format": number_format}
    if background:
        made["bg_color"] = background
    return made if is_bare else made | {"text_wrap": wrap, "border": 1, "border_color": LINE}


def definition_of(question):
    """What is counted, on what, with an example."""
    indicator = question.indicator
    parts = [
        indicator.definition,
        indicator.base and f"Base : {indicator.base}.",
        f"Partie de : {indicator.whole.label}." if indicator.whole else "",
        question.example and f"Exemple : {question.example}",
    ]
    return "\n".join(filter(None, parts)) or "–"


def held(question, code):
    """What the draft holds for a cell."""
    answer = question.draft
    if answer is None:
        return None
    if code == "value":
        return answer.day or answer.number
    if code == "qualifier":
        return "" if answer.qualifier == Qualifier.EXACT else answer.get_qualifier_display()
    return answer.get_blank_display() if code == "blank" else getattr(answer, code)


def format_of(question, code):
    if code == "value":
        shape = shape_of(question.indicator)
        # The sign is drawn, not the format of a percentage: there, 71 % is 0.71.
        return {Shape.DAY: "dd/mm/yyyy", Shape.SHARE: 'General" %"'}.get(shape, "General")
    return "General" if code in {"numerator", "denominator"} else "@"


def write_value(sheet, row, column, value, style):
    """Numbers and days as what they are, the rest as text: never a formula."""
    match value:
        case None | "":
            sheet.write_blank(row, column, None, style)
        case date() if not isinstance(value, datetime) and value >= FIRST_DAY:
            sheet.write_datetime(row, column, value, style)
        case bool():
            sheet.write_boolean(row, column, value, style)
        case int() | Decimal() if len(value_digits(value)) <= MAX_DIGITS:
            sheet.write_number(row, column, value, style)
        case str():
            sheet.write_string(row, column, value[:LONGEST], style)
        case _:
            sheet.write_string(row, column, shown(value)[:LONGEST], style)


def value_digits(value):
    return format_number(abs(value)).replace(",", "")


CHOICES = {"qualifier": Qualifier, "blank": Blank}
MAX_CHARACTERS = {"note": Answer._meta.get_field("note").max_length, "text": MAX_TEXT}


def validate(sheet, row, column, question, code):
    """What the spreadsheet itself refuses while one types."""
    if code in CHOICES:
        labels = [choice.label for choice in CHOICES[code]]
        rule = {"validate": "list", "source": labels}
        sentence = f"Choisissez dans la liste : {', '.join(labels)}."
    elif code in MAX_CHARACTERS:
        limit = MAX_CHARACTERS[code]
        rule = {"validate": "length", "criteria": "<=", "value": limit}
        sentence = f"{format_number(limit)} caractères au plus."
    elif shape_of(question.indicator) is Shape.DAY:
        rule = {
            "validate": "date",
            "criteria": "between",
            "minimum": date(1990, 1, 1),
            "maximum": date(2100, 12, 31),
        }
        sentence = "Écrivez une date, par exemple 24/05/2023."
    else:
        is_signed = question.indicator.kind == question.indicator.Kind.CONTEXT
        rule = {"validate": "decimal", "criteria": ">=", "value": -(10**13) if is_signed else 0}
        sentence = (
            "Écrivez un nombre seul, par exemple 1234,5. « Environ » et « non disponible » ont leur colonne."
        )
    sheet.data_validation(
        row, column, row, column, rule | {"error_title": WORDS[code], "error_message": sentence}
    )
