"""What the lead says of a finding: an « alerte » stands with a written reason, for its numbers and no others."""

import pytest
from django.core.exceptions import ValidationError

from axes.checks import Level
from axes.justifications import in_force, justify, verdict_of, withdraw
from axes.models import Justification
from axes.workflow import save_text
from logement.models import Event
from tests.factories import BlockFactory, JustificationFactory, TextBlockFactory, UserFactory, YearFactory

ALERT = "<p>Sur les 48 ménages suivis, 17 ont été relogés, 3 sont hébergés, 12 sont orientés et 8 sont maintenus.</p>"
OTHER_ALERT = ALERT.replace("17", "18")
BLOCKING = "<p>16 personnes, soit 10 adultes et 5 enfants.</p>"
INFORMATION = "<p>Le SIAO oriente.</p>"


@pytest.fixture
def year(db):
    return YearFactory(number=2023, state="writing")


@pytest.fixture
def text(year):
    return TextBlockFactory(block=BlockFactory(chapter__year=year), content=ALERT)


@pytest.fixture
def lead(db):
    return UserFactory(full_name="Camille Ferrand")


@pytest.fixture
def write(text, lead):
    def write(content):
        text.refresh_from_db()
        save_text(text=text, version=text.version, content=content, by=lead)

    return write


def found(year, level=Level.ALERT):
    [finding] = [finding for finding in verdict_of(year).findings if finding.level is level]
    return finding


def test_an_alert_stands_with_a_reason_and_who_gave_it(year, text, lead):
    finding = found(year)

    written = justify(year=year, key=finding.key, reason="  Huit sont en cours. ", by=lead)

    assert (written.code, written.sentence, written.reason) == (
        finding.code,
        finding.sentence,
        "Huit sont en cours.",
    )
    assert verdict_of(year).alerts == []
    assert verdict_of(year).justified == [(finding, written)]
    assert in_force(year) == [written]
    assert Event.objects.get(act="Constat justifié").actor == "Camille Ferrand"


def test_the_same_form_sent_twice_justifies_once(year, text, lead):
    key = found(year).key
    first = justify(year=year, key=key, reason="En cours.", by=lead)

    assert justify(year=year, key=key, reason="En cours.", by=lead) == first
    assert Justification.objects.count() == 1


def test_two_reasons_for_one_finding_are_refused(year, text, lead):
    key = found(year).key
    justify(year=year, key=key, reason="En cours.", by=lead)
    with pytest.raises(ValidationError, match="déjà justifié"):
        justify(year=year, key=key, reason="Autre.", by=lead)


@pytest.mark.parametrize(
    ("content", "level", "sentence"),
    [
        (BLOCKING, Level.BLOCKING, "bloque la transmission"),
        (INFORMATION, Level.INFORMATION, "ne demande aucune justification"),
    ],
)
def test_only_an_alert_is_justified(year, write, lead, content, level, sentence):
    write(content)
    with pytest.raises(ValidationError, match=sentence):
        justify(year=year, key=found(year, level).key, reason="Parce que.", by=lead)
    assert not Justification.objects.exists()


@pytest.mark.parametrize(
    ("reason", "sentence"), [(" ", "Écrivez pourquoi"), ("x" * 1001, "au plus 1000 caractères")]
)
def test_a_reason_is_neither_empty_nor_endless(year, text, lead, reason, sentence):
    with pytest.raises(ValidationError, match=sentence):
        justify(year=year, key=found(year).key, reason=reason, by=lead)


def test_a_finding_that_is_not_raised_is_not_justified(year, text, lead):
    with pytest.raises(ValidationError, match="n'est plus relevé"):
        justify(year=year, key="0" * 20, reason="En cours.", by=lead)


def test_a_justification_lapses_when_its_numbers_change(year, text, write, lead):
    written = justify(year=year, key=found(year).key, reason="En cours.", by=lead)
    write(OTHER_ALERT)

    verdict = verdict_of(year)
    assert [finding.level for finding in verdict.alerts] == [Level.ALERT]
    assert (verdict.justified, verdict.lapsed, in_force(year)) == ([], [written], [])

    write(ALERT)
    assert in_force(year) == [written]


def test_a_justification_does_not_cover_what_became_blocking_under_its_key(year, write):
    write(BLOCKING)
    finding = found(year, Level.BLOCKING)
    row = JustificationFactory(year=year, key=finding.key)

    verdict = verdict_of(year)
    assert (verdict.justified, verdict.lapsed) == ([], [row])
    assert verdict.blocking == [finding]


def test_a_justification_taken_back_leaves_a_trace_and_the_finding_asks_again(year, text, lead):
    finding = found(year)
    written = justify(year=year, key=finding.key, reason="En cours.", by=lead)

    withdraw(justification=written, by=lead)

    assert verdict_of(year).alerts == [finding]
    event = Event.objects.get(act="Justification retirée")
    assert (event.object_label, event.detail) == (finding.sentence, "En cours.")


def test_nothing_is_justified_in_an_exercise_that_was_sent(year, text, lead):
    key = found(year).key
    row = JustificationFactory(year=year)
    year.state = "sent"
    year.save()

    for act in (
        lambda: justify(year=year, key=key, reason="En cours.", by=lead),
        lambda: withdraw(justification=row, by=lead),
    ):
        with pytest.raises(ValidationError, match="transmis"):
            act()


def test_a_justification_of_another_exercise_is_not_of_this_one(year, text, lead):
    JustificationFactory(key=found(year).key)
    assert len(verdict_of(year).alerts) == 1
