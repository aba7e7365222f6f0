"""A backup taken back is equal, table by table; what is damaged, of another version or in the way is refused."""

import hashlib
import random
import re
from io import StringIO

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import override_settings

from axes.models import Entry
from logement.backup import Refused, archive, restoring, rotation, rows, saving
from logement.models import CacheEntry, Event, Job, Organisation, Territory, User
from tests.conftest import rows_kept
from tests.logement.test_files import full_disk
from tests.measures import record
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(lasting_files, django_db_setup, django_db_blocker):
    with rows_kept(django_db_blocker):
        with override_settings(MEDIA_ROOT=lasting_files):
            made = World("transmis")
            CacheEntry.objects.create(cache_key="essai", value="", expires="2100-01-01T00:00:00Z")
        connection.check_constraints()  # PostgreSQL empties no table that waits for the end of a transaction
        yield made


@pytest.fixture(autouse=True)
def _next_keys(db, world):
    """PostgreSQL does not undo with the rows what a restore does to the next keys."""
    rows.reset_sequences()


@pytest.fixture(scope="module")
def tables(world, django_db_blocker):
    """{table: fingerprint of its lines} of the world."""
    with django_db_blocker.unblock():
        return digests()


@pytest.fixture(scope="module")
def saved(world, tables, lasting_files, tmp_path_factory, django_db_blocker):
    """The world, in a file."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=lasting_files):
        return saving.save(tmp_path_factory.mktemp("saved"))[0]


@pytest.fixture(scope="module")
def of_territory(world, lasting_files, tmp_path_factory, django_db_blocker):
    """One of the two territories of the world, in a file."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=lasting_files):
        return saving.save_territory(world.here.territory, tmp_path_factory.mktemp("territory"))[0]


@pytest.fixture
def files_away(lasting_files):
    """Puts the files aside for the time of a test: an empty instance has none."""
    aside = lasting_files.with_name("aside")
    lasting_files.rename(aside)
    lasting_files.mkdir()
    yield
    for path in sorted(lasting_files.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    lasting_files.rmdir()
    aside.rename(lasting_files)


def digests(without=()):
    """{table: fingerprint of its lines}."""
    tables = [model for model in rows.tables() if model._meta.label not in without]
    return {
        model._meta.label: hashlib.sha256(b"".join(rows.lines_of(model._base_manager.all()))).hexdigest()
        for model in tables
    }


def files_kept(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def restored(path, *arguments):
    """What the command says."""
    out = StringIO()
    call_command("restaurer", str(path), *arguments, stdout=out)
    return out.getvalue()


# --- Equal ---


def test_what_is_restored_is_equal_table_by_table_and_file_by_file(saved, tables, lasting_files, request):
    kept = files_kept(lasting_files)
    request.getfixturevalue("files_away")
    rows.clear()

    said = restored(saved)

    assert digests() == tables
    assert files_kept(lasting_files) == kept
    assert len(kept) > 2
    assert re.search(r"ici : 1 version\(s\) et \d+ fichier\(s\) intacts", said)
    record(
        "perdu.restauration",
        label="Sauvegarde restaurée dans une instance vide : tables et fichiers qui reviennent différents",
        value=0,
        unit=f"sur {len(tables) + len(kept)}",
        aim="0",
        command="python -m pytest tests/logement/test_backup.py",
    )


def test_an_encrypted_backup_is_restored_with_its_key_alone(world, tmp_path):
    before, identity = digests(), pyrage.x25519.Identity.generate()
    path, _ = saving.save(tmp_path, key=str(identity.to_public()))
    keys = {"good": str(identity), "other": str(pyrage.x25519.Identity.generate()), "bad": "abc"}
    for name, key in keys.items():
        (tmp_path / name).write_text(f"# created: 2026\n{key}\n")
    rows.clear()

    for key, refusal in {
        "": "est chiffrée",
        "bad": "n'est pas une clé",
        "other": "pour une autre clé",
    }.items():
        with pytest.raises(CommandError, match=refusal):
            restored(path, *([f"--cle={tmp_path / key}"] if key else []))
    restored(path, f"--cle={tmp_path / 'good'}")

    assert path.read_bytes().startswith(archive.ENCRYPTED)
    assert digests() == before


def test_what_was_frozen_stays_so_and_new_rows_follow_the_old_ones(saved):
    restoring.restore(saved, force=True)

    last = Organisation.objects.order_by("-pk").first()
    assert Organisation.objects.create(name="Nouvel organisme").pk > last.pk
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.update(reason="")


def test_an_object_is_written_the_same_whatever_the_order_of_its_keys(world):
    job = Job.objects.first()
    written = []
    for params in ({"year": 1, "format": "pdf"}, {"format": "pdf", "year": 1}):
        Job.objects.filter(pk=job.pk).update(params=params)
        written.append(list(rows.lines_of(Job.objects.filter(pk=job.pk))))

    assert written[0] == written[1]


def test_open_sessions_and_counted_tries_are_not_saved(saved):
    with archive.reading(saved) as reader:
        tables = reader.under("tables")

    assert {*tables} & rows.LEFT == set()
    assert {"logement.User", "axes.Line_partners", "axes.HistoricalTextBlock"} <= {*tables}


def test_a_backup_says_when_it_was_made_to_the_trail_and_nothing_else_moves(saved, tables):
    now = digests()

    assert {name for name, digest in now.items() if digest != tables[name]} == {"logement.Event"}
    assert Event.objects.get(act="Sauvegarde").object_label == saved.name


def test_a_file_that_is_nowhere_is_said_and_the_rest_is_saved(world, tmp_path, lasting_files):
    lost = next(path for path in lasting_files.rglob("*") if path.is_file())
    content = lost.read_bytes()
    lost.unlink()
    said = StringIO()

    call_command("sauvegarder", dossier=tmp_path, stdout=StringIO(), stderr=said)
    lost.write_bytes(content)

    assert str(lost.relative_to(lasting_files)) in said.getvalue()
    assert "n'est pas chiffrée" in said.getvalue()


# --- Refused ---


def test_a_database_that_holds_something_is_left_alone_without_force(saved):
    User.objects.update(full_name="Changée depuis")
    before = digests()

    with pytest.raises(CommandError, match="La base n'est pas vide"):
        restored(saved)
    assert digests() == before

    restored(saved, "--force")
    assert not User.objects.filter(full_name="Changée depuis").exists()


@pytest.mark.parametrize("encrypted", [False, True])
def test_no_changed_byte_changes_what_is_read(tmp_path, encrypted):
    """Refused, or a bit that means nothing to gzip: its header, the end of a block. Encrypted, always refused."""
    identity = pyrage.x25519.Identity.generate()
    key, path = str(identity) if encrypted else "", tmp_path / "essai"
    with archive.writing(path, key=str(identity.to_public()) if encrypted else "") as writer:
        writer.describe({})
        writer.add("tables/a", [bytes(range(256)) * 2])
    whole, read = path.read_bytes(), {}
    changes = random.Random(2023)  # noqa: S311  which bits does not matter

    for place in [*range(0, len(whole), 3), len(whole) // 2]:
        changed = bytearray(whole)
        changed[place] ^= 1 << changes.randrange(8)
        path.write_bytes(changed if place != len(whole) // 2 else whole[:place])
        try:
            with archive.reading(path, key=key) as reader:
                read[place] = {name: member.read_bytes() for name, member in reader.members.items()}
        except Refused as refused:
            assert "abîmée ou incomplète" in str(refused) or "est chiffrée" in str(refused)  # noqa: PT017

    same = {archive.DESCRIPTION: b"{}", "tables/a": bytes(range(256)) * 2}
    assert all(members == same for members in read.values())
    assert len(read) <= (0 if encrypted else len(whole) // 10)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("content", "« tables/b » n'a pas l'empreinte attendue"),
        ("missing", "« tables/b » y manque"),
        ("more", "« tables/c » n'a pas l'empreinte attendue"),
    ],
)
def test_a_member_that_is_not_the_one_listed_is_refused(tmp_path, change, refusal):
    """What somebody rewrote by hand, compressed again as it should be."""
    path = tmp_path / "essai.tar.gz"
    with archive.writing(path) as writer:
        writer.describe({})
        writer.add("tables/a", [b"a"])
        listed = [*writer.digests]
        if change != "missing":
            writer.add("tables/b", [b"c" if change == "content" else b"b"])
        if change == "more":
            writer.add("tables/c", [b"c"])
        writer.digests = [*listed, f"{hashlib.sha256(b'b').hexdigest()}  tables/b\n"]

    with pytest.raises(Refused, match=refusal), archive.reading(path):
        pass


def test_another_version_of_the_software_is_refused_by_what_differs(saved, monkeypatch):
    rows.clear()
    monkeypatch.setattr(saving, "migrations", lambda: ["axes.0001_initial"])

    with pytest.raises(Refused, match=r"autre version du logiciel .*axes\.0002_initial"):
        restoring.restore(saved)

    assert rows.is_empty()


def test_a_database_without_tables_is_told_to_migrate(saved, monkeypatch):
    monkeypatch.setattr(saving, "migrations", list)

    with pytest.raises(Refused, match=r"lancez « \./manage\.py migrate »"):
        restoring.restore(saved)


def test_a_file_in_the_way_is_never_overwritten(saved, lasting_files):
    taken = next(path for path in lasting_files.rglob("*") if path.is_file())
    content = taken.read_bytes()
    taken.write_bytes(b"autre")
    rows.clear()

    with pytest.raises(Refused, match="Un autre fichier est déjà à la place"):
        restoring.restore(saved)
    assert rows.is_empty()
    assert taken.read_bytes() == b"autre"

    restoring.restore(saved, force=True)
    assert taken.read_bytes() == content


def test_a_full_disk_leaves_nothing_and_the_backup_before_intact(tmp_path):
    path = tmp_path / "essai"
    path.write_bytes(b"avant")

    with full_disk(100_000), pytest.raises(OSError, match="File too large"), archive.writing(path) as writer:
        writer.add("tables/a", [bytes(200_000)])

    assert path.read_bytes() == b"avant"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ([], "Dites où écrire"),
        (["--dossier=/nulle/part"], "n'existe pas : créez-le"),
        (["--dossier=.", "--territoire=nulle-part"], "Aucun territoire « nulle-part »"),
        (["--dossier=.", "--cle=abc"], "La clé publique n'est pas une clé d'age"),
    ],
)
def test_what_cannot_be_saved_is_said(arguments, refusal, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError, match=refusal):
        call_command("sauvegarder", *arguments)

    assert list(tmp_path.iterdir()) == []


# --- Each night ---


def test_each_night_one_backup_is_written_where_a_folder_is_given(db, settings, tmp_path):
    assert rotation.save_tonight() is None
    settings.BACKUP_DIR = str(tmp_path)
    settings.BACKUP_PUBLIC_KEY = str(pyrage.x25519.Identity.generate().to_public())

    made = rotation.save_tonight()

    assert rotation.save_tonight() is None
    assert [path.name for path in tmp_path.iterdir()] == [made]
    assert (tmp_path / made).read_bytes().startswith(archive.ENCRYPTED)


def test_the_last_ones_are_kept_then_the_last_of_each_month_for_a_year(settings):
    settings.BACKUP_KEPT = 3
    days = [
        f"{year}{month:02}{day:02}" for year in (2022, 2023) for month in range(1, 13) for day in (1, 15, 28)
    ]
    names = [f"sauvegarde-{day}-031500.tar.gz.age" for day in days]

    left = rotation.left([*names, "notes.txt", "territoire-ici-20200101-000000.tar.gz"])

    assert [name[11:19] for name in names if name not in left] == [
        *(f"2023{month:02}28" for month in range(1, 12)),
        "20231201",
        "20231215",
        "20231228",
    ]
    assert {*left} < {*names}


# --- A territory ---


def test_the_archive_of_a_territory_is_taken_back_whole_by_an_empty_instance(
    world, of_territory, request, lasting_files
):
    place = world.here.territory
    expected = {model: lines for model, lines in _lines(saving.territory.rows_of(place)) if model != Event}
    request.getfixturevalue("files_away")
    rows.clear()

    said = restored(of_territory)

    held = (model._base_manager.all() for model in rows.tables() if model != Event and model.objects.exists())
    assert dict(_lines(held)) == expected
    assert [territory.code for territory in Territory.objects.all()] == [place.code]
    assert re.search(r"ici : 1 version\(s\) et \d+ fichier\(s\) intacts", said)
    assert files_kept(lasting_files)


def _lines(querysets):
    for queryset in querysets:
        replaced = saving.territory.REPLACED.get(queryset.model._meta.label)
        yield queryset.model, list(rows.lines_of(queryset, replaced=replaced))


def test_the_archive_of_a_territory_holds_nothing_of_another_nor_a_way_in(world, of_territory):
    with archive.reading(of_territory) as reader:
        text = "".join(member.read_text("utf-8", "replace") for member in reader.members.values())
        names = {*reader.under("tables")}

    found = world.found(text)
    assert {what for what in found if what.startswith("ailleurs")} == set()
    assert {what for what in world.canaries.values() if what.startswith("ici")} <= found
    assert world.people["cheffe"].password not in text
    assert names & {"mfa.Authenticator", "account.EmailAddress", "admin.LogEntry"} == set()


def test_the_archive_of_a_territory_replaces_nothing(of_territory):
    with pytest.raises(CommandError, match="ne se reprend que dans une instance vide"):
        restored(of_territory, "--force")
