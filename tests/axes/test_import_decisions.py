import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from axes.imports.decisions import Verdict, accept, decide
from axes.models import ImportDecision, ReportImport
from logement.locking import Conflict
from tests.axes.import_world import given, key
from tests.factories import UserFactory, YearFactory

pytestmark = pytest.mark.django_db


def stored(report):
    return {one.item: (one.verdict, one.fields, one.version) for one in report.decisions.all()}


def test_what_is_typed_stays_whatever_the_verdict_becomes():
    report = given()
    acting = {"report": report, "item": key("row"), "by": report.given_by}

    decide(version=0, fields={"title": "Baux qui glissent"}, **acting)
    decide(version=1, verdict=Verdict.LEFT, **acting)
    decide(version=2, verdict=Verdict.OPEN, **acting)

    assert stored(report) == {key("row"): ("open", {"title": "Baux qui glissent"}, 3)}


@pytest.mark.parametrize("version", [0, 1, 7])
def test_a_decision_taken_upon_an_older_one_is_refused_with_the_one_in_force(version):
    report, other = given(), UserFactory()
    item = key("total")
    decide(report=report, item=item, version=0, verdict=Verdict.ACCEPTED, by=other)
    decide(report=report, item=item, version=1, fields={"label": "Baux"}, by=other)

    with pytest.raises(Conflict) as conflict:
        decide(report=report, item=item, version=version, verdict=Verdict.LEFT, by=report.given_by)

    assert (conflict.value.current.version, conflict.value.current.decided_by) == (2, other)
    assert stored(report) == {item: ("accepted", {"label": "Baux"}, 2)}


def test_the_same_decision_sent_twice_is_one():
    report = given()
    acting = {"report": report, "item": key("total"), "verdict": Verdict.ACCEPTED, "by": report.given_by}

    decide(version=0, **acting)
    decide(version=0, **acting)

    assert stored(report) == {key("total"): ("accepted", {}, 1)}


def test_accepting_together_leaves_what_somebody_decided():
    report = given(rows=2)
    acting = {"report": report, "by": report.given_by}
    decide(item=key("total"), version=0, verdict=Verdict.LEFT, **acting)
    decide(item=key("year"), version=0, fields={"label": "Baux"}, **acting)

    done = accept(items=[key("total"), key("year"), key("total", 2)], **acting)

    assert done == 2
    assert stored(report) == {
        key("total"): ("left", {}, 1),
        key("year"): ("accepted", {"label": "Baux"}, 2),
        key("total", 2): ("accepted", {}, 1),
    }


def test_nothing_is_decided_once_the_report_is_saved():
    report = given()
    year = YearFactory(agreement__territory=report.territory)
    ReportImport.objects.update(year=year, saved_at=timezone.now(), saved_by=report.given_by)

    with pytest.raises(ValidationError, match="déjà enregistré"):
        decide(report=report, item=key("row"), version=0, verdict=Verdict.LEFT, by=report.given_by)
    with pytest.raises(ValidationError, match="déjà enregistré"):
        accept(report=report, items=[key("total")], by=report.given_by)

    assert not ImportDecision.objects.exists()
