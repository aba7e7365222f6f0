"""The territories of an officer of the State, side by side: on screen, and as a spreadsheet."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from logement.roles import Permission as P
from logement.spreadsheets import to_csv
from reporting.comparison_filter import SideBySideFilter
from reporting.document import Document
from reporting.renderers import ods, xlsx
from reporting.renderers.sheets import Sheet, typed
from reporting.side_by_side import COMPARED_COLUMNS, compared, groups_of, versions_for
from reporting.views.report import download

PER_PAGE = 25  # indicators
TITLE = "Chiffres transmis, territoire par territoire"


def chosen(request):
    """(the filter, the figures that it keeps, the last versions that they come from); 404 for who compares none."""
    if not request.user.territories_with(P.COMPARE_TERRITORIES):
        raise Http404
    seen = versions_for(request.user)
    filterset = SideBySideFilter(request.GET, queryset=seen.defer("report"))
    versions = list(filterset.qs.defer(None))
    return filterset, [held for held in compared(versions) if filterset.keeps(held.figure)], versions


@require_safe
def table(request):
    filterset, found, versions = chosen(request)
    numbers = sorted({version.year.number for version in versions})
    groups = groups_of(found, numbers)
    if not filterset.takes_all and len({version.territory_id for version in versions}) > 1:
        groups = [group for group in groups if group.is_shared]
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "filter": filterset,
        "numbers": numbers,
        "page": Paginator(groups, PER_PAGE).get_page(request.GET.get("page")),
        "versions": versions,
        "query": kept.urlencode(),
        "formats": [("xlsx", "Excel"), ("ods", "ODS"), ("csv", "CSV")],
    }
    return render(request, "reporting/side_by_side.html", context)


@require_safe
def file(request, file_format):
    """One row per figure, territory and exercise, whether shared or not."""
    _, found, _ = chosen(request)
    if file_format not in WRITERS:
        raise Http404
    return download(WRITERS[file_format](found), f"territoires.{file_format}")


def workbook_by(renderer):
    def write(found):
        headings = tuple(column.title for column in COMPARED_COLUMNS)
        rows = tuple(tuple(typed(column.of(held)) for column in COMPARED_COLUMNS) for held in found)
        meanings = tuple((typed(column.title), typed(column.meaning)) for column in COMPARED_COLUMNS)
        sheets = [
            Sheet("Chiffres", TITLE, headings, rows, heads=6),
            Sheet("Colonnes", "Ce que veut dire chaque colonne", ("Colonne", "Contenu"), meanings, heads=0),
        ]
        return renderer.workbook(CARD, sheets)

    return write


#: What names the files.
CARD = Document(
    title=TITLE,
    running_title=TITLE,
    language="fr",
    cover=(),
    publisher="Suivi Logement d'abord",
    date_label="",
)
WRITERS = {
    "xlsx": workbook_by(xlsx),
    "ods": workbook_by(ods),
    "csv": lambda found: to_csv({column.name: column.of for column in COMPARED_COLUMNS}, found),
}
