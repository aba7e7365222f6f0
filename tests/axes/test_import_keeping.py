"""How long a report that was given is kept: as evidence once it is saved, and not for ever where nobody finishes."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from axes.imports import keeping
from axes.imports.decisions import Verdict, accept, decide
from axes.imports.review import Review
from axes.imports.saving import save_import
from axes.models import ReportImport
from logement import upkeep
from logement.models import Event
from tests.axes.import_world import given, key

pytestmark = pytest.mark.django_db
LATER = keeping.UNFINISHED + timedelta(days=1)


@pytest.fixture
def report():
    return given()


def test_a_review_that_nobody_finishes_goes_with_its_file(report, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.forget_unfinished(timezone.now() + LATER) == 1

    assert not ReportImport.objects.exists()
    assert not default_storage.exists(report.file.name)
    assert Event.objects.get().act == "Reprise jamais terminée, effacée"
    assert keeping.forget_unfinished(timezone.now() + LATER) == 0


def test_a_decision_keeps_it_for_as_long_again(report):
    ReportImport.objects.update(given_at=timezone.now() - LATER)
    decide(report=report, item=key("month"), version=0, verdict=Verdict.LEFT, by=report.given_by)

    assert keeping.forget_unfinished() == 0
    assert keeping.forget_unfinished(timezone.now() + LATER) == 1


def test_what_was_saved_is_evidence_and_stays(report):
    decide(report=report, item=key("month"), version=0, verdict=Verdict.LEFT, by=report.given_by)
    accept(report=report, items=[key("total")], by=report.given_by)
    save_import(report=report, number=2023, seen=Review(report).seen, by=report.given_by)

    assert keeping.forget_unfinished(timezone.now() + 20 * LATER) == 0
    assert default_storage.exists(ReportImport.objects.get().file.name)


def test_it_is_done_every_night():
    assert keeping.forget_unfinished in upkeep.WORK["daily"]
