"""A report is frozen while others write: what they did is in it whole, or not at all, and then it was refused."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from axes import workflow as plan
from axes.models import Line, TextBlock
from logement.locking import Conflict
from reporting import frozen, snapshot, workflow
from reporting.models import Version
from tests.factories import MembershipFactory
from tests.reporting.exercise import Exercise

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def exercise():
    return Exercise()


def write_both(exercise, person):
    """One act of two writes, as a submission is: a title and a text."""
    with transaction.atomic():
        plan.save_title(line=exercise.line, version=1, title="Après", by=person)
        plan.save_text(text=exercise.narrative, version=1, content="<p>Après.</p>", by=person)


def in_thread(act):
    """Starts `act` beside us, with a connection of its own; gives (thread, list of what it raised)."""
    raised = []

    def run():
        try:
            act()
        except (ValidationError, Conflict) as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


def frozen_words(version):
    taken = frozen.snapshot_of(version)
    (row,) = (row for chapter in taken.chapters for block in chapter.blocks for row in block.rows)
    return row.cells[0], taken.chapters[1].blocks[0].html


def live_words(exercise):
    return Line.objects.get().title, TextBlock.objects.get(pk=exercise.narrative.pk).content


def test_a_submission_under_way_is_waited_for_and_is_in_the_version(exercise):
    """It has written and not yet committed when the freeze begins."""
    other = MembershipFactory(lead=True, territory=exercise.territory).user
    sent = []
    with transaction.atomic():
        write_both(exercise, other)
        thread, raised = in_thread(lambda: sent.append(exercise.transmit()))
        time.sleep(0.5)
        assert sent == []
    thread.join()

    assert raised == []
    assert frozen_words(Version.objects.get()) == live_words(exercise) == ("Après", "<p>Après.</p>")


def test_a_submission_that_comes_during_the_freeze_is_refused_whole(exercise, monkeypatch):
    """It comes between the reading of the tables and that of the narrative."""
    other = MembershipFactory(lead=True, territory=exercise.territory).user
    before = live_words(exercise)
    started = []
    read_tables = snapshot.tables_of

    def tables_then_a_submission(*args, **kwargs):
        tables = read_tables(*args, **kwargs)
        if not started:
            started.append(in_thread(lambda: write_both(exercise, other)))
            time.sleep(0.5)
        return tables

    monkeypatch.setattr(snapshot, "tables_of", tables_then_a_submission)

    version = exercise.transmit()
    thread, raised = started[0]
    thread.join()

    assert frozen_words(version) == live_words(exercise) == before
    assert [error.messages for error in raised] == [
        ["Cet exercice a été transmis : rouvrez-le pour le modifier."]
    ]


def test_what_no_exercise_guards_is_read_at_the_same_instant(exercise, monkeypatch):
    """The name of a state, changed by an administrator who locks no exercise, between two readings."""
    read_figures, renamed = snapshot.public_figures, []

    def rename():
        type(exercise.done).objects.filter(pk=exercise.done.pk).update(fs="Changée")

    def figures_then_a_change(year):
        thread, _ = in_thread(rename)
        renamed.append(thread)
        thread.join(1)  # on SQLite it waits for us instead
        return read_figures(year)

    def states(taken):
        return {row.cells[1] for chapter in taken.chapters for block in chapter.blocks for row in block.rows}

    monkeypatch.setattr(snapshot, "public_figures", figures_then_a_change)
    with workflow.one_instant():
        before = states(snapshot.take(exercise.year.pk, public=True))
        after = states(snapshot.take(exercise.year.pk))
    renamed[0].join()

    assert before == after == {"Réalisée"}
    assert states(snapshot.take(exercise.year.pk)) == {"Changée"}


def test_two_who_send_at_once_make_one_version(exercise):
    threads = [in_thread(exercise.transmit) for _ in range(2)]
    for thread, _ in threads:
        thread.join()

    assert Version.objects.count() == 1
    assert [error.messages for _, raised in threads for error in raised] == [
        ["Un exercice à l'étape « Transmis » ne passe pas à « Transmis »."]
    ]


def test_two_exercises_of_a_territory_sent_at_once_make_one_chain(exercise):
    other = Exercise(number=2024, before=exercise)
    threads = [in_thread(one.transmit) for one in (exercise, other)]
    for thread, raised in threads:
        thread.join()
        assert raised == []

    first, second = Version.objects.order_by("rank")
    assert second.facts.previous == first.fingerprint


def test_sending_fails_whole(exercise, monkeypatch):
    """Neither the step nor the version without the other: the job that follows them fails."""

    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr(workflow, "prepare_files", fail)

    with pytest.raises(RuntimeError):
        exercise.transmit()

    assert (exercise.state(), Version.objects.count()) == ("review", 0)
