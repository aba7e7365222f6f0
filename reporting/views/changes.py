"""What changed from one report to another, on screen and on paper."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from axes.doors import year_page
from axes.models import Year
from reporting import frozen, snapshot
from reporting.comparison import compare
from reporting.models import READERS, Version
from reporting.renderers import RenderError, html, pdf
from reporting.views.report import download

SECONDS = 60.0  # the comparison of two years of 2023's size takes about one


@dataclass(frozen=True, slots=True)
class Side:
    """A report that can be compared: a version, or (None) an exercise as it stands."""

    year: Year
    version: Version | None

    @property
    def order(self):
        """Exercises by year; in each, the versions as they were sent, then what it is today."""
        return (self.year.number, self.version.number if self.version else float("inf"))

    @property
    def key(self):
        return f"{self.year.number}-{self.version.number}" if self.version else str(self.year.number)

    @property
    def name(self):
        return f"{self.year.number}, version {self.version.number}" if self.version else f"{self.year.number}"

    @property
    def label(self):
        if self.version is None:
            return f"{self.year.number}, tel qu'il est aujourd'hui"
        return f"{self.name}, transmise le {frozen.day_of(self.version)}"

    def read(self):
        return frozen.snapshot_of(self.version) if self.version else snapshot.take(self.year.pk)


def sides_of(user, territory):
    """{key: Side} of what this person may read of a territory, newest first."""
    drafts = Q(versions=None) | ~Q(state__in=Year.SENT)
    readable = Year.objects.with_report_visible_to(user).filter(drafts, chapters__isnull=False)
    visible = Version.objects.visible_to(user).select_related("year").defer("report", "act")
    sides = [Side(year, None) for year in readable.filter(territory=territory).distinct()]
    sides += [Side(version.year, version) for version in visible.filter(territory=territory)]
    return {side.key: side for side in sorted(sides, key=lambda side: side.order, reverse=True)}


def chosen(request, year):
    """(sides, (before, after) or None): those of the address, else the last of this exercise and the one before it."""
    sides = sides_of(request.user, year.territory)
    own = [side for side in sides.values() if side.year.number == year.number]
    after = sides.get(request.GET.get("a", "")) or next(iter(own), None)
    older = [side for side in sides.values() if after and side.order < after.order]
    before = sides.get(request.GET.get("de", "")) or next(iter(older), None)
    return sides, (before, after) if before and after and before != after else None


def document_of(pair):
    before, after = pair
    return compare(before.read(), after.read(), names=(before.name, after.name))


@require_safe
@year_page(READERS)
def changes(request, year):
    sides, pair = chosen(request, year)
    document = document_of(pair) if pair else None
    context = {
        "year": year,
        "tab": "reporting:report",
        "sides": sides.values(),
        "pair": pair,
        "document": document,
        "body": html.render(document, notes="end") if document else "",
        "query": f"?de={pair[0].key}&a={pair[1].key}" if pair else "",
    }
    return render(request, "reporting/changes.html", context)


@require_safe
@year_page(READERS)
def changes_pdf(request, year):
    _, pair = chosen(request, year)
    address = reverse("reporting:changes", args=[year.territory.code, year.number])
    if pair is None:
        return redirect(address)
    try:
        content = pdf.render(document_of(pair), seconds=SECONDS)
    except RenderError as error:
        messages.error(request, str(error))
        return redirect(f"{address}?de={pair[0].key}&a={pair[1].key}")
    return download(content, f"changements-{pair[0].key}-{pair[1].key}.pdf")
