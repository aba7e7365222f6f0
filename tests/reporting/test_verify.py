"""The page where anyone checks a report, and what it does not tell."""

import hashlib
from datetime import UTC, datetime
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting import verification
from tests.factories.reporting import VersionFileFactory
from tests.reporting.exercise import Exercise

pytestmark = pytest.mark.postgresql

PDF = b"%PDF-1.7 content"


@pytest.fixture
def version(db, time_machine):
    time_machine.move_to(datetime(2024, 3, 1, 12, tzinfo=UTC))
    version = Exercise().transmit()
    VersionFileFactory(version=version, content=PDF, format="pdf", label="PDF")
    return version


def check(client, **form):
    answer = client.post(reverse("reporting:verify"), form)
    return answer.status_code, " ".join(unescape(answer.content.decode()).split())


def given(content):
    return {"fichier": SimpleUploadedFile("rapport.pdf", content, "application/pdf")}


@pytest.mark.parametrize(
    "write", [str, str.upper, lambda short: short.replace(" ", "-"), lambda s: f" {s}\n"]
)
def test_the_printed_fingerprint_says_which_version_it_is(client, version, write):
    status, page = check(client, empreinte=write(version.short_fingerprint))

    assert status == 200
    assert "celle de la version 1, transmise le 1er mars 2024." in page
    assert "Le plan – Rapport d'exécution 2023 – Métropole d'Ici. Métropole d'Ici." in page


@pytest.mark.parametrize("length", [16, 40, 64])
def test_any_length_of_the_fingerprint_of_the_data_is_enough(client, version, length):
    status, page = check(client, empreinte=version.fingerprint[:length])

    assert (status, "celle de la version 1" in page) == (200, True)


def test_the_file_is_recognised_by_its_bytes_and_by_its_fingerprint(client, version):
    by_file = check(client, **given(PDF))
    by_fingerprint = check(client, empreinte=hashlib.sha256(PDF).hexdigest())

    for status, page in (by_file, by_fingerprint):
        assert status == 200
        assert "Identique à la version 1, transmise le 1" in page
        assert "C'est bien son fichier PDF, sans un octet de différence." in page


@pytest.mark.parametrize("content", [PDF + b" ", PDF[:-1], b"%PDF-1.7 Content"])
def test_one_byte_more_less_or_other_is_unknown(client, version, content):
    status, page = check(client, **given(content))

    assert (status, "Inconnu ici." in page, "version 1" in page) == (200, True, False)


@pytest.mark.parametrize("typed", ["", "123", "z" * 16, "é" * 16, "a" * 65, "%" * 16, "0" * 15, "_" * 16])
def test_what_is_no_fingerprint_is_refused_with_what_to_do(client, version, typed):
    status, page = check(client, empreinte=typed)

    assert (status, "recopiez les 16 signes" in page) == (422, True)


def test_an_empty_file_is_no_file(client, version):
    status, _ = check(client, **given(b""))

    assert status == 422


def test_the_beginning_of_a_files_fingerprint_says_nothing(client, version):
    status, page = check(client, empreinte=hashlib.sha256(PDF).hexdigest()[:16])

    assert (status, "Inconnu ici." in page) == (200, True)


def test_it_says_that_a_version_was_replaced(client, db):
    exercise = Exercise()
    first = exercise.transmit()
    exercise.correct("Un motif confidentiel")

    _, page = check(client, empreinte=first.fingerprint)

    assert "remplacée depuis par la version 2, transmise le" in page
    assert "confidentiel" not in page


def test_it_tells_no_more_than_the_title_the_territory_the_version_and_the_date(client, version):
    _, page = check(client, empreinte=version.fingerprint)

    for hidden in ("Camille", "Ouvrir dix places", "Demandes", "Une phrase", "ici/2023"):
        assert hidden not in page


def test_a_file_too_heavy_is_refused_before_it_is_read(client, version, monkeypatch):
    monkeypatch.setattr(verification, "MAX_BYTES", 10)
    monkeypatch.setattr(verification.Hashing, "receive_data_chunk", None)  # reading would fail

    status, page = check(client, **given(PDF))

    assert status == 413
    assert "Ce fichier dépasse" in page


def test_nothing_of_the_file_is_kept_nor_written(client, version, settings):
    with CaptureQueriesContext(connection) as queries:
        check(client, **given(b"unknown" * 1_000_000))

    asked = [
        query["sql"] for query in queries if "logement_cache" not in query["sql"]
    ]  # the tries are counted
    asked = [sql for sql in asked if "SAVEPOINT" not in sql]
    assert [sql.split()[0] for sql in asked] == ["SELECT"] * 2  # by its data, then by its files
    assert not settings.MEDIA_ROOT.exists()


def test_checks_are_limited_in_number(client, version):
    statuses = [check(client, empreinte=version.fingerprint)[0] for _ in range(31)]
    _, page = check(client, empreinte=version.fingerprint)

    assert statuses == [200] * 30 + [429]
    assert "Trop de vérifications en peu de temps." in page
    assert "version 1" not in page
    assert client.get(reverse("reporting:verify")).status_code == 200
