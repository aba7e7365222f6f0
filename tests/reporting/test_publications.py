"""What the lead publishes of a report: read by anyone, at an address that lasts, until it is withdrawn."""

import json
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client

from axes.masking import Unmaskable
from logement import jobs
from logement.models import Job
from reporting import publications, renderers, workflow
from reporting.models import Publication, PublicFile
from tests.factories import EntryFactory, MembershipFactory
from tests.reporting.exercise import Exercise
from tests.reporting.test_inquiries import url, words

ADDRESS = "/publications/ici/2023/"


@pytest.fixture
def exercise(db):
    """A context figure of 100 people, another of 3; a text that says more than the figures."""
    exercise = Exercise()
    EntryFactory(indicator=exercise.add_context("Petit nombre"), year=exercise.year, number=3)
    return exercise


def publish(exercise):
    return publications.publish(year=exercise.year, by=exercise.lead)


def read(path=ADDRESS, **headers):
    return Client().get(path, headers=headers)


def test_nothing_is_public_before_the_lead_says_so(client, exercise):
    exercise.transmit()
    nowhere = read("/publications/nulle-part/2099/")

    hidden = [read(), read(f"{ADDRESS}1/"), read(f"{ADDRESS}fichiers/json/")]

    assert {answer.status_code for answer in hidden} == {nowhere.status_code} == {404}
    assert "Aucun rapport n'est publié" in words(read("/publications/"))
    client.force_login(exercise.lead)
    assert "Rien n'est publié" in words(client.get(url("versions", exercise)))


def test_published_it_shows_the_figures_masked_and_no_text(client, exercise):
    exercise.transmit()
    client.force_login(exercise.lead)

    client.post(url("publish", exercise))

    page = unescape(read().content.decode())
    assert "100\u00a0personnes" in page
    assert "< 5" in page
    assert "3\u00a0personnes" not in page
    assert "Une phrase." not in page
    assert "Dix places ouvertes." not in page
    assert "Licence Ouverte" in page
    assert "Métropole d'Ici, 2023" in words(read("/publications/"))
    assert f"{ADDRESS}</a>" in words(client.get(url("versions", exercise)))


def test_a_cache_may_keep_what_is_published_and_nobody_is_known_by_it(exercise):
    exercise.transmit()
    publish(exercise)
    officer = MembershipFactory(ddets=True, territory=exercise.territory).user

    answer = read()
    signed_in = Client()
    signed_in.force_login(officer)

    assert answer["Cache-Control"] == "public, max-age=300"
    assert answer.cookies == {}
    assert signed_in.get(ADDRESS).content == answer.content
    assert read(**{"If-None-Match": answer["ETag"]}).status_code == 304


def test_its_files_are_made_together_and_say_the_licence(exercise, monkeypatch):
    kept = tuple(renderer for renderer in renderers.ALL if renderer.name in {"json", "csv", "html"})
    monkeypatch.setattr(renderers, "ALL", kept)
    exercise.transmit()
    publish(exercise)

    jobs.run(Job.objects.get(kind="publication").pk)

    assert Job.objects.get(kind="publication").state == "done"
    page = words(read())
    assert "JSON" in page
    answer = read(f"{ADDRESS}fichiers/json/")
    assert answer["Content-Disposition"] == 'attachment; filename="chiffres-publics-ici-2023-v1.json"'
    document = json.loads(answer.content)
    assert "Licence Ouverte" in json.dumps(document["cover"], ensure_ascii=False)
    assert {figure["blank"] for figure in document["figures"] if figure["label"] == "Petit nombre"} == {
        "masked"
    }
    assert read(f"{ADDRESS}fichiers/page/").status_code == 404


def test_a_later_version_takes_the_address_and_the_earlier_stays_by_its_number(exercise):
    exercise.transmit()
    publish(exercise)
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Recompté")
    exercise.indicator.label = "Demandes recomptées"
    exercise.indicator.save()
    before = words(read())
    workflow.transmit(year=exercise.year, by=exercise.lead, correction="Recompté")

    assert words(read()) == before
    publish(exercise)

    assert "Demandes recomptées" in words(read())
    first = words(read(f"{ADDRESS}1/"))
    assert "Demandes recomptées" not in first
    assert "Cette version a été remplacée" in first


def test_withdrawn_it_answers_as_what_never_was_and_is_kept(client, exercise):
    exercise.transmit()
    publish(exercise)
    client.force_login(exercise.lead)

    refused = client.post(url("withdraw_publication", exercise), {"words": " "}, follow=True)
    client.post(url("withdraw_publication", exercise), {"words": "Une erreur"})

    assert "Dites pourquoi la publication est retirée." in words(refused)
    assert [read().status_code, read(f"{ADDRESS}1/").status_code] == [404, 404]
    assert Publication.objects.get().reason == "Une erreur"
    assert PublicFile.objects.count() == 1
    publish(exercise)
    assert read().status_code == 200


def test_the_files_of_what_was_withdrawn_meanwhile_are_not_kept(exercise):
    exercise.transmit()
    publish(exercise)
    publications.withdraw(year=exercise.year, reason="Une erreur", by=exercise.lead)
    job = Job.objects.get(kind="publication")

    with pytest.raises(jobs.JobError, match="a été retirée"):
        publications.keep_files(publication=Publication.objects.get(), made=[], job=job)


def test_files_that_failed_are_asked_again_until_what_they_are_of_is_withdrawn(client, exercise, monkeypatch):
    """From the page of the versions, where their failure shows; asked too late, they say why and are not made."""
    exercise.transmit()
    publish(exercise)
    failed = Job.objects.get(kind="publication")
    jobs.finish(failed, state=Job.State.FAILED, message="Le disque est plein.")
    client.force_login(exercise.lead)
    assert "Le disque est plein." in words(client.get(url("versions", exercise)))

    [again] = Job.objects.filter(pk=client.post(f"/taches/{failed.pk}/relancer/").url.split("/")[2])
    assert (again.kind, again.params) == ("publication", failed.params)
    publications.withdraw(year=exercise.year, reason="Une erreur", by=exercise.lead)
    monkeypatch.setattr(renderers, "ALL", ())
    jobs.run(again.pk)

    again.refresh_from_db()
    assert (again.state, again.message) == (Job.State.FAILED, publications.WITHDRAWN)
    assert PublicFile.objects.exclude(format=PublicFile.PAGE).count() == 0


def test_files_that_are_lacking_are_prepared_from_the_page_of_the_versions(client, exercise, monkeypatch):
    exercise.transmit()
    publish(exercise)
    Job.objects.all().delete()
    client.force_login(exercise.lead)
    assert "ne sont pas prêts" in words(client.get(url("versions", exercise)))

    client.post(url("prepare_public_files", exercise))
    monkeypatch.setattr(renderers, "ALL", tuple(r for r in renderers.ALL if r.name == "json"))
    jobs.run(Job.objects.get(kind="publication").pk)

    assert PublicFile.objects.exclude(format=PublicFile.PAGE).count() == 1
    client.post(url("prepare_public_files", exercise))
    assert Job.objects.filter(kind="publication").count() == 1


def test_what_may_not_be_published_is_refused_with_a_sentence(exercise, monkeypatch):
    with pytest.raises(ValidationError, match="Aucune version n'est transmise"):
        publish(exercise)
    exercise.transmit()
    publish(exercise)
    with pytest.raises(ValidationError, match="La version 1 est déjà publiée"):
        publish(exercise)

    def unmaskable(*args):
        raise Unmaskable("Rien ne cache ce nombre.")

    exercise.correct()
    monkeypatch.setattr("reporting.assembly.masks_of", unmaskable)
    with pytest.raises(ValidationError, match="Rien ne cache ce nombre"):
        publish(exercise)
    assert Publication.objects.count() == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE reporting_publicfile SET name = ''", "DELETE FROM reporting_publicfile"]
)
def test_the_database_refuses_to_change_what_was_published(exercise, statement):
    exercise.transmit()
    publish(exercise)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_the_same_queries_whatever_is_published(exercise, rows, django_assert_num_queries):
    exercise.transmit()
    publish(exercise)
    for _ in range(rows - 1):
        exercise.correct()
        publish(exercise)

    with django_assert_num_queries(3):
        read()
    with django_assert_num_queries(1):
        read("/publications/")
