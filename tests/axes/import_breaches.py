"""Rows that the constraints of the review of a report refuse, by the name of the constraint."""

from django.utils import timezone

from axes.models import ImportDecision, ReportImport
from tests.factories import TerritoryFactory, UserFactory, YearFactory


def report(**fields):
    """A valid one, understood and not saved in the plan, not yet stored, but for `fields`."""
    common = {"file": "rapport.docx", "name": "rapport.docx", "size": 1, "digest": "0" * 64}
    given = {
        "territory": TerritoryFactory(),
        "given_by": UserFactory(),
        "document": "{}",
        "understanding": "{}",
    }
    return ReportImport(**common | given | fields)


def saved(**fields):
    return report(**{"year": YearFactory(), "saved_at": timezone.now(), "saved_by": UserFactory()} | fields)


def decision(**fields):
    return ImportDecision(**{"item": "t1.r1.state", "decided_by": UserFactory()} | fields)


def stored():
    kept = report()
    kept.save()
    return kept


def a_second_decision():
    kept = stored()
    decision(report=kept).save()
    return decision(report=kept)


BREACHES = {
    "report_import_saved_where_when_and_by": [
        lambda: saved(year=None),
        lambda: saved(saved_at=None),
        lambda: saved(saved_by=None),
        lambda: saved(understanding=""),
    ],
    "import_decision_once_per_item": [a_second_decision],
    "import_decision_is_known": [lambda: decision(report=stored(), verdict="maybe")],
}
