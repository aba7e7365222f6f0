"""Versions: what sends a report freezes it, what is frozen never changes, and the chain says so."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from axes import steps
from axes.models import Entry, Line, Year
from axes.workflow import record_entry, save_text
from logement import jobs
from logement.models import Event, Job
from reporting import canonical, chain, frozen, gate, renderers, tasks, workflow
from reporting.models import Reopening, Version, VersionFile
from tests.factories import BlockFactory, EntryFactory, IndicatorFactory, MembershipFactory
from tests.factories.reporting import VersionFileFactory
from tests.reporting.exercise import Exercise

STATES = Year.State.values


@pytest.fixture
def exercise(db):
    return Exercise()


def html_of(version):
    return renderers.by_name("html").render(frozen.document_of(version)).decode()


# --- The acts ---


def test_sending_freezes_the_report_and_moves_the_exercise_in_one_act(exercise, time_machine, settings):
    settings.SITE_URL = "https://ici.example"
    time_machine.move_to(datetime(2024, 3, 1, 12, tzinfo=UTC), tick=False)

    version = exercise.transmit()

    assert exercise.state() == "sent"
    assert (version.number, version.rank, version.frozen_by) == (1, 1, exercise.lead)
    assert version.fingerprint == hashlib.sha256(version.content.encode()).hexdigest()
    assert json.loads(version.act) == {
        "address": "https://ici.example/verifier/",
        "correction": "",
        "frozen_at": "2024-03-01T12:00:00+00:00",
        "frozen_by": "Camille Ferrand",
        "number": 1,
        "previous": "",
        "rank": 1,
        "territory": "Métropole d'Ici",
        "territory_code": "ici",
        "title": "Le plan – Rapport d'exécution 2023 – Métropole d'Ici",
        "year": 2023,
    }
    assert frozen.snapshot_of(version).is_final is True
    assert Event.objects.filter(act="Rapport transmis").get().detail == version.fingerprint
    assert Job.objects.get(kind="version").params["version"] == version.pk


@pytest.mark.parametrize("state", [state for state in STATES if state != "review"])
def test_a_report_is_sent_from_its_review_only(exercise, state):
    Year.objects.update(state=state)

    with pytest.raises(ValidationError, match="ne passe pas à « Transmis »"):
        exercise.transmit()

    assert (exercise.state(), Version.objects.count()) == (state, 0)


@pytest.mark.parametrize("act", ["finalise", "reopen"])
@pytest.mark.parametrize("state", STATES)
def test_the_acts_that_follow_a_sending_are_tried_from_every_state(exercise, act, state):
    Year.objects.update(state=state)
    reason = {"reason": "Erreur"} if act == "reopen" else {}
    to, allowed = {"finalise": ("closed", {"sent"}), "reopen": ("review", {"sent", "closed"})}[act]

    if state in allowed:
        getattr(workflow, act)(year=exercise.year, by=exercise.lead, **reason)
    else:
        with pytest.raises(ValidationError, match="ne passe pas à"):
            getattr(workflow, act)(year=exercise.year, by=exercise.lead, **reason)

    assert exercise.state() == (to if state in allowed else state)


@pytest.mark.parametrize("to", ["sent", "closed"])
def test_the_steps_of_the_plan_do_not_reach_what_versions_decide(exercise, to):
    with pytest.raises(ValidationError, match="ne passe pas à"):
        steps.move_year(year=exercise.year, to=to, by=exercise.lead)


def test_nothing_is_sent_while_an_obstacle_remains(exercise):
    exercise.add_line("Sans état", state=None)

    with pytest.raises(ValidationError, match="Une action n'a pas d'état de réalisation : « Sans état »"):
        exercise.transmit()

    assert (exercise.state(), Version.objects.count(), Job.objects.count()) == ("review", 0, 0)


def test_nothing_is_sent_that_could_not_be_masked(exercise, settings):
    """The settings refuse such a threshold before anybody works: this is for whoever goes around them."""
    settings.SMALL_COUNT_THRESHOLD = 2

    with pytest.raises(ValidationError, match="ne peuvent pas être préparés"):
        exercise.transmit()

    assert (Version.objects.count(), exercise.state()) == (0, "review")


def test_a_threshold_that_masks_nothing_stops_the_application():
    done = subprocess.run(
        [sys.executable, "-c", "import logement.settings"],
        env=os.environ | {"SMALL_COUNT_THRESHOLD": "2"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "SMALL_COUNT_THRESHOLD : écrivez 3 au moins." in done.stderr


def test_the_gate_names_a_few_lines_and_counts_the_others(exercise):
    for rank in range(7):
        exercise.add_line(f"Action {rank}", state=None, position=rank)

    (sentence,) = gate.obstacles(exercise.year)

    assert sentence.startswith("7 actions n'ont pas d'état de réalisation : « Action 0 », ")
    assert "« Action 4 » et 2 autres." in sentence


def test_a_correction_is_one_more_version_and_says_why(exercise):
    first = exercise.transmit()
    workflow.reopen(year=exercise.year, by=exercise.lead, reason=" Un chiffre est faux ")

    assert (exercise.state(), Reopening.objects.get().reason) == ("review", "Un chiffre est faux")
    with pytest.raises(ValidationError, match="ce que cette version corrige"):
        exercise.transmit(" ")
    second = exercise.transmit("Le nombre de demandes")

    assert (second.number, second.rank) == (2, 2)
    assert (second.facts.previous, second.facts.correction) == (first.fingerprint, "Le nombre de demandes")


@pytest.mark.parametrize("reason", ["", "  "])
def test_reopening_asks_a_reason(exercise, reason):
    exercise.transmit()

    with pytest.raises(ValidationError, match="demande un motif"):
        workflow.reopen(year=exercise.year, by=exercise.lead, reason=reason)

    assert (exercise.state(), Reopening.objects.count()) == ("sent", 0)


def test_what_a_version_is_today_follows_from_what_came_after(exercise):
    def states():
        found = list(Version.objects.of(exercise.year))
        return [v.state_before(next_) for v, next_ in zip(found, [*found[1:], None], strict=True)]

    exercise.transmit()
    assert states() == ["sent"]
    workflow.finalise(year=exercise.year, by=exercise.lead)
    assert states() == ["final"]
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Erreur")
    assert states() == ["reopened"]
    exercise.transmit("Erreur")
    assert states() == ["replaced", "sent"]


def test_the_chain_goes_through_the_exercises_of_a_territory_and_no_other(exercise):
    other = Exercise(number=2024, before=exercise)
    elsewhere = Exercise(territory="ailleurs")

    versions = [exercise.transmit(), elsewhere.transmit(), other.transmit()]

    assert [(v.rank, v.number) for v in versions] == [(1, 1), (1, 1), (2, 1)]
    assert versions[2].facts.previous == versions[0].fingerprint
    assert versions[1].facts.previous == ""


# --- What is frozen ---


def test_a_version_keeps_the_old_names_and_the_old_figures(exercise):
    BlockFactory(chapter=exercise.table.chapter, kind="figures", position=9)
    version = exercise.transmit()
    before = html_of(version)
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Erreur")

    for row, field in (
        (exercise.supplier, "name"),
        (exercise.territory, "name"),
        (exercise.indicator, "label"),
    ):
        setattr(row, field, "Nouveau nom")
        row.save()
    exercise.done.fs = "Nouveau nom"
    exercise.done.save()
    Line.objects.update(title="Nouveau titre")
    save_text(text=exercise.narrative, version=1, content="<p>Autre.</p>", by=exercise.lead)
    corrected = {"number": 5, "reason": "Recompté", "starts_on": exercise.entry.starts_on}
    record_entry(
        indicator=exercise.indicator,
        year=exercise.year,
        by=exercise.lead,
        corrects=exercise.entry,
        ends_on=exercise.entry.ends_on,
        **corrected,
    )

    again = html_of(Version.objects.get(pk=version.pk))
    assert again == before
    assert "Nouveau" not in again
    assert "Saisie, Le Toit d’ici" in again
    assert Entry.objects.current().get(indicator=exercise.indicator).number == 5


def test_a_version_names_itself_and_its_fingerprint(exercise):
    version = exercise.transmit()

    page = html_of(version)

    assert f"Empreinte\u00a0: {version.short_fingerprint}" in page
    assert "Version 1, transmise le" in page
    assert frozen.document_of(version).edition == f"Version 1, empreinte {version.short_fingerprint}"
    assert version.short_fingerprint.replace(" ", "") == version.fingerprint[:16]


def test_only_the_figures_that_print_are_in_the_data_of_the_report(exercise):
    hidden = IndicatorFactory(territory=exercise.territory, action=exercise.line.action, label="Pas imprimé")
    EntryFactory(indicator=hidden, year=exercise.year, number=3)

    version = exercise.transmit()

    assert {figure.label for figure in frozen.snapshot_of(version).figures} == {"Demandes", "Pas imprimé"}
    assert [figure.label for figure in frozen.document_of(version).figures] == ["Demandes"]


@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.parametrize("model", [Version, VersionFile, Reopening])
def test_the_database_refuses_to_change_what_is_frozen(exercise, model, act):
    VersionFileFactory(version=exercise.transmit())
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Erreur")
    row = model.objects.filter(pk=model.objects.get().pk)
    acts = {"update": lambda: row.update(id=row.get().pk), "delete": lambda: row._raw_delete(row.db)}

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        acts[act]()


# --- The files ---


def run_job():
    job = Job.objects.filter(kind="version").latest("created_at")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


@pytest.mark.django_db(transaction=True)  # a long job gives signs of life from a thread of its own
def test_every_format_is_made_and_made_again_gives_the_same_bytes(exercise):
    version = exercise.transmit()

    job = run_job()

    assert (job.state, job.message) == ("done", "Terminé")
    files = {file.format: file for file in version.files.all()}
    assert list(files) == [renderer.name for renderer in renderers.ALL]
    again = frozen.rendered(Version.objects.get(pk=version.pk), lambda rank, renderer: None)
    assert {r.name: hashlib.sha256(content).hexdigest() for r, content in again} == {
        name: file.digest for name, file in files.items()
    }
    assert {bytes(file.content) for file in files.values()} == {content for _, content in again}
    assert files["html"].name == "rapport-ici-2023-v1.html"


def test_the_files_are_made_step_by_step(exercise, monkeypatch):
    exercise.transmit()
    steps = []
    real = jobs.step
    monkeypatch.setattr(tasks.jobs, "step", lambda job, *said: (steps.append(said), real(job, *said)))

    run_job()

    labels = [renderer.label for renderer in renderers.ALL]
    assert [words for _, words in steps] == [
        "Étape 1 sur 3 : données",
        f"Étape 2 sur 3 : mise en page ({labels[0]})",
        *(f"Étape 3 sur 3 : formats ({label})" for label in labels[1:]),
        "Étape 3 sur 3 : formats, enregistrement",
    ]
    assert [percent for percent, _ in steps] == sorted(percent for percent, _ in steps)


def failing(name, error):
    """The renderers, of which this one fails."""

    def fail(document):
        raise error

    return tuple(
        renderers.Renderer(r.name, r.label, r.extension, fail if r.name == name else r.render)
        for r in renderers.ALL
    )


def light():
    return tuple(renderer for renderer in renderers.ALL if renderer.name in {"html", "json"})


def test_a_format_that_fails_leaves_no_file_and_a_retry_makes_them_all(exercise, monkeypatch):
    version = exercise.transmit()
    with monkeypatch.context() as broken:
        broken.setattr(renderers, "ALL", failing("json", renderers.RenderError("Le passage est trop long.")))
        job = run_job()
    assert (job.state, job.message, version.files.count()) == ("failed", "Le passage est trop long.", 0)

    monkeypatch.setattr(renderers, "ALL", light())
    workflow.prepare_files(version=version, by=exercise.lead)
    job = run_job()

    assert (job.state, version.files.count()) == ("done", 2)


def test_a_job_cancelled_before_its_end_keeps_no_file(exercise, monkeypatch):
    version = exercise.transmit()
    monkeypatch.setattr(renderers, "ALL", light())
    keep = workflow.keep_files

    def cancel_then_keep(**kwargs):
        jobs.cancel(job=kwargs["job"], by=exercise.lead)
        keep(**kwargs)

    monkeypatch.setattr(workflow, "keep_files", cancel_then_keep)

    job = run_job()

    assert (job.state, job.message) == ("failed", "Arrêtée à la demande de Camille Ferrand.")
    assert version.files.count() == 0


def test_a_worker_killed_in_the_middle_is_replaced_and_the_set_is_whole(exercise, monkeypatch):
    """Killed: the process ends, so that nothing after its last step runs. The sweeper gives the job to another."""
    version = exercise.transmit()
    monkeypatch.setattr(renderers, "ALL", light())
    job = Job.objects.get(kind="version")
    with monkeypatch.context() as killed:
        killed.setattr(workflow, "keep_files", lambda **_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            jobs.run(job.pk)
    assert (Job.objects.get(pk=job.pk).state, version.files.count()) == ("running", 0)

    Job.objects.filter(pk=job.pk).update(heartbeat_at=datetime(2020, 1, 1, tzinfo=UTC))
    jobs.run(job.pk)

    assert (Job.objects.get(pk=job.pk).state, version.files.count()) == ("done", 2)


def test_two_workers_keep_one_set(exercise, monkeypatch):
    version = exercise.transmit()
    monkeypatch.setattr(renderers, "ALL", light())
    run_job()
    before = {file.pk for file in version.files.all()}
    workflow.prepare_files(version=version, by=exercise.lead)

    run_job()

    assert {file.pk for file in version.files.all()} == before


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_keeps_no_half_set(monkeypatch):
    """SQLite is told that it may not grow: the write of the files meets a full disk."""
    if connection.vendor != "sqlite":
        pytest.skip("A disk is filled with SQLite alone.")
    version = Exercise().transmit()
    monkeypatch.setattr(renderers, "ALL", light())
    heavy = [(renderer, b"x" * 3_000_000) for renderer in light()]
    monkeypatch.setattr(frozen, "rendered", lambda *_: heavy)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 800}")  # room for the first file, not for both
    try:
        job = run_job()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")

    assert (job.state, version.files.count()) == ("failed", 0)


# --- The chain ---


def change(table, column, value, pk):
    """Somebody with the keys of the database takes the triggers away and writes."""
    with connection.cursor() as cursor:
        on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {table}_no_update{on_table}")
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])  # noqa: S608  names of ours


@pytest.fixture
def three(exercise):
    versions = [exercise.transmit(), exercise.correct(), exercise.correct("Encore une")]
    VersionFileFactory(version=versions[0])
    return versions


def test_a_chain_that_holds_says_how_much_was_verified(three, exercise, capsys):
    assert chain.verify(exercise.territory) == chain.Verdict(3, 1)

    call_command("verifier_versions")

    assert capsys.readouterr().out == "ici : 3 version(s) et 1 fichier(s) intacts.\n"


@pytest.mark.parametrize("column", ["report", "act"])
def test_one_byte_changed_is_found_in_the_version_that_holds_it(three, exercise, column, capsys):
    text = getattr(three[1], column)
    place = text.index("Ici")
    change("reporting_version", column, f"{text[:place]}J{text[place + 1 :]}", three[1].pk)

    verdict = chain.verify(exercise.territory)

    assert verdict.versions == 1
    assert verdict.fault == "Exercice 2023, version 2 : son contenu ne correspond plus à son empreinte."
    with pytest.raises(CommandError, match="1 chaîne"):
        call_command("verifier_versions", territoire="ici")
    assert "Exercice 2023, version 2" in capsys.readouterr().out


def test_a_version_written_again_with_its_own_fingerprint_breaks_the_next(three, exercise):
    forged = three[0]
    forged.report = forged.report.replace("Une phrase", "Une fausse")
    fingerprint = hashlib.sha256(forged.content.encode()).hexdigest()
    change("reporting_version", "report", forged.report, forged.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reporting_version SET fingerprint = %s WHERE id = %s", [fingerprint, forged.pk]
        )

    assert chain.verify(exercise.territory).fault == (
        "Exercice 2023, version 2 : elle ne suit pas la version qui la précède dans la chaîne."
    )


def test_a_date_changed_beside_the_content_is_found(three, exercise):
    change("reporting_version", "frozen_at", datetime(2020, 1, 1, tzinfo=UTC), three[2].pk)

    assert chain.verify(exercise.territory).fault.startswith("Exercice 2023, version 3 : son numéro")


def test_a_file_changed_is_found(three, exercise):
    change("reporting_versionfile", "content", b"{ }", VersionFile.objects.get().pk)

    verdict = chain.verify(exercise.territory)

    assert (verdict.versions, verdict.files) == (3, 0)
    assert verdict.fault.endswith("n'est plus le fichier qui a été produit.")


def test_a_version_taken_out_of_the_middle_is_found(three, exercise):
    with connection.cursor() as cursor:
        for table in ("reporting_version", "reporting_reopening"):
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {table}_no_delete{on_table}")
        cursor.execute("DELETE FROM reporting_reopening WHERE version_id = %s", [three[1].pk])
        cursor.execute("DELETE FROM reporting_version WHERE id = %s", [three[1].pk])

    assert chain.verify(exercise.territory).fault == (
        "Exercice 2023, version 3 : la version de rang 2 de la chaîne manque."
    )


def test_the_command_refuses_a_territory_that_does_not_exist(db):
    with pytest.raises(CommandError, match="Aucun territoire"):
        call_command("verifier_versions", territoire="nulle-part")


# --- Who sees them ---


@pytest.mark.parametrize(
    ("role", "is_seen"),
    [
        ("lead", True),
        ("reader", True),
        ("partner", True),
        ("ddets", True),
        ("dihal", True),
        ("administrator", False),
    ],
)
def test_versions_are_seen_by_who_reads_a_report_once_sent(exercise, role, is_seen):
    exercise.transmit()
    user = MembershipFactory(**{role: True}, territory=exercise.territory).user
    stranger = MembershipFactory(**{role: True}).user

    assert Version.objects.visible_to(user).exists() is is_seen
    assert not Version.objects.visible_to(stranger).exists()


def test_an_act_of_another_schema_is_refused(exercise):
    version = exercise.transmit()

    with pytest.raises(ValueError, match="Act"):
        canonical.read(type(version.facts), version.report)
