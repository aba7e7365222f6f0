"""The pages of the versions: their list, the acts, reading one, its files, and who finds them."""

from html import unescape

import pytest
from django.urls import reverse

from axes.models import Year
from logement import jobs
from logement.models import Job
from reporting import frozen, publications, renderers, workflow
from reporting.models import Version
from tests.factories import MembershipFactory
from tests.factories.reporting import VersionFileFactory
from tests.reporting.exercise import Exercise

pytestmark = pytest.mark.postgresql


@pytest.fixture
def exercise(db):
    return Exercise()


def url(name, exercise, *args):
    return reverse(f"reporting:{name}", args=[exercise.territory.code, exercise.year.number, *args])


def words(response):
    return unescape(response.content.decode())


@pytest.fixture
def lead(client, exercise):
    client.force_login(exercise.lead)
    return client


def enter(client, exercise, role):
    client.force_login(MembershipFactory(**{role: True}, territory=exercise.territory).user)
    return client


# --- The acts, from their page ---


def test_the_lead_sends_declares_final_reopens_and_corrects(lead, exercise):
    def post(name, text=""):
        return words(lead.post(url(name, exercise), {"words": text}, follow=True))

    assert "Aucune version transmise pour 2023" in words(lead.get(url("versions", exercise)))
    assert "La version 1 est transmise." in post("transmit")
    assert "Le rapport 2023 est définitif." in post("finalise")
    assert "est rouvert, en relecture" in post("reopen", "Une erreur de chiffre")
    page = words(lead.get(url("versions", exercise)))
    assert "Ce que corrige la version 2" in page
    assert ">Une erreur de chiffre</textarea>" in page
    page = post("transmit", "Le nombre de places")

    assert "La version 2 est transmise." in page
    assert "Le nombre de places" in page
    assert [version.facts.correction for version in Version.objects.order_by("number")] == [
        "",
        "Le nombre de places",
    ]


def test_an_obstacle_is_shown_in_place_of_the_button(lead, exercise):
    exercise.add_line("Sans état", state=None)

    shown = lead.get(url("versions", exercise))
    page = words(shown)
    answer = words(lead.post(url("transmit", exercise), follow=True))

    assert "Une action n'a pas d'état de réalisation : « Sans état »" in page
    assert f'href="{url("rehearsal", exercise)}"' in shown.content.decode()
    assert "Transmettre la version 1" not in page
    assert "Une action n'a pas d'état de réalisation" in answer
    assert Version.objects.count() == 0


@pytest.mark.parametrize("state", ["preparation", "collection", "writing"])
def test_a_draft_says_what_comes_first(lead, exercise, state):
    Year.objects.update(state=state)

    page = words(lead.get(url("versions", exercise)))

    assert "Le rapport est un brouillon." in page
    assert "Transmettre la version" not in page


def test_a_reason_too_long_is_refused_with_a_sentence(lead, exercise):
    exercise.transmit()

    page = words(lead.post(url("reopen", exercise), {"words": "x" * 501}, follow=True))

    assert "La phrase dépasse 500 caractères" in page
    assert exercise.state() == "sent"


def test_a_reason_that_names_somebody_is_kept_with_a_warning(lead, exercise):
    exercise.transmit()

    page = words(lead.post(url("reopen", exercise), {"words": "Mme Durand est partie."}, follow=True))

    assert "« Mme Durand » semble désigner une personne" in page
    assert exercise.state() == "review"


TYPED = "Le nombre de places, recompté avec l'association"


def test_a_transmission_that_is_refused_keeps_what_was_typed_and_ticked(lead, exercise):
    exercise.transmit()
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Une erreur")
    reader = MembershipFactory(reader=True, territory=exercise.territory).user
    exercise.add_line("Sans état", state=None)

    answer = lead.post(url("transmit", exercise), {"words": TYPED, "told": [reader.pk]})

    assert answer.status_code == 422
    assert "Une action n'a pas d'état de réalisation" in words(answer)
    assert f">{TYPED}</textarea>" in words(answer)
    assert f'value="{reader.pk}" id="id_told_0" checked' in words(answer).replace(
        'class="form-check-input" ', ""
    )
    assert Version.objects.count() == 1


@pytest.mark.parametrize(("name", "typed"), [("reopen", "x" * 501), ("withdraw_publication", "y" * 501)])
def test_a_reason_that_is_refused_is_still_in_its_field(lead, exercise, name, typed):
    exercise.transmit()
    publications.publish(year=exercise.year, by=exercise.lead)

    answer = lead.post(url(name, exercise), {"words": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in words(answer)


def test_what_was_typed_for_an_act_that_another_tab_did_is_given_back(lead, exercise):
    exercise.transmit()

    answer = lead.post(url("transmit", exercise), {"words": TYPED})

    assert answer.status_code == 422
    assert "ne passe pas à « Transmis »" in words(answer)
    assert f"n'a pas été enregistré :</strong> « {TYPED} »" in words(answer)


@pytest.mark.parametrize("role", ["reader", "ddets", "dihal", "partner"])
def test_who_only_reads_sees_no_act(client, exercise, role):
    exercise.transmit()

    page = words(enter(client, exercise, role).get(url("versions", exercise)))

    assert "Version 1" in page
    assert "Suite à donner" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_whatever_its_versions(
    lead, exercise, rows, django_assert_num_queries
):
    exercise.transmit()
    for _ in range(rows - 1):
        exercise.correct()
    for version in Version.objects.all():
        for name in ("pdf", "json")[:rows]:
            VersionFileFactory(version=version, format=name)

    with django_assert_num_queries(10):
        page = words(lead.get(url("versions", exercise)))

    assert page.count('<th scope="row">\n                <a href="/ici/2023/versions/') == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_a_version_takes_the_same_queries_whatever_it_holds(client, rows, django_assert_num_queries, db):
    exercise = Exercise(rows=rows)
    version = exercise.transmit()
    for name in ("pdf", "json", "html")[:rows]:
        VersionFileFactory(version=version, format=name)
    client.force_login(exercise.lead)

    with django_assert_num_queries(14):
        page = words(client.get(version.get_absolute_url()))

    assert page.count("Ouvrir dix places (") == rows


# --- Reading ---


def test_a_version_reads_as_it_was_whatever_became_of_the_exercise(lead, exercise):
    version = exercise.transmit()
    before = words(lead.get(version.get_absolute_url()))
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Erreur")
    exercise.line.title = "Changé depuis"
    exercise.line.save()

    page = words(lead.get(version.get_absolute_url()))

    assert "Ouvrir dix places (0)" in before
    assert "Ouvrir dix places (0)" in page
    assert "Changé depuis" not in page
    assert version.fingerprint in page


def test_a_version_that_was_replaced_says_by_which(lead, exercise):
    first = exercise.transmit()
    exercise.correct("Le bon chiffre")

    page = words(lead.get(first.get_absolute_url()))

    assert "Cette version a été remplacée par la" in page
    assert "Le bon chiffre" in page


@pytest.mark.parametrize("role", ["lead", "reader", "ddets", "dihal", "partner"])
@pytest.mark.parametrize("state", ["sent", "closed"])
def test_the_report_of_an_exercise_that_was_sent_is_its_last_version(client, exercise, role, state):
    exercise.transmit()
    exercise.correct("Bis")
    Year.objects.update(state=state)
    exercise.line.title = "Changé depuis"
    exercise.line.save()

    page = words(enter(client, exercise, role).get(url("report", exercise)))

    assert "Version 2</strong>, transmise le" in page
    assert "Changé depuis" not in page


def test_while_a_correction_is_written_each_reads_what_is_theirs(client, exercise):
    """The lead, and the State once the draft is shared, read the draft; a partner the version that was sent."""
    exercise.transmit()
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Erreur")
    exercise.line.title = "Brouillon secret"
    exercise.line.save()
    seen = {}

    for state in ("review", "writing"):
        Year.objects.update(state=state)
        for role in ("lead", "ddets", "partner"):
            page = words(enter(client, exercise, role).get(url("report", exercise)))
            seen[state, role] = "Brouillon secret" in page
            assert ("Ouvrir dix places (0)" in page) is not seen[state, role]

    assert seen == {
        ("review", "lead"): True,
        ("review", "ddets"): True,
        ("review", "partner"): False,
        ("writing", "lead"): True,
        ("writing", "ddets"): False,
        ("writing", "partner"): False,
    }


def test_a_file_asked_for_of_a_sent_exercise_is_that_of_the_version(client, exercise):
    exercise.transmit()
    exercise.line.title = "Changé depuis"
    exercise.line.save()
    enter(client, exercise, "ddets").post(url("ask_file", exercise), {"format": "html"})

    job = Job.objects.get(kind="report")
    jobs.run(job.pk)

    job.refresh_from_db()
    with job.result.open() as file:
        content = file.read().decode()
    assert "Ouvrir dix places (0)" in content
    assert "Changé depuis" not in content


def test_the_public_version_of_a_sent_exercise_comes_from_what_was_frozen(lead, exercise):
    exercise.transmit()
    type(exercise.indicator).objects.update(label="Changé depuis")

    page = words(lead.get(url("report", exercise) + "?public=1"))

    assert "Demandes" in page
    assert "Changé depuis" not in page


def test_home_leads_a_partner_to_the_version_while_a_correction_is_written(client, exercise):
    exercise.transmit()
    workflow.reopen(year=exercise.year, by=exercise.lead, reason="Erreur")

    page = words(enter(client, exercise, "partner").get("/"))

    assert url("report", exercise) in page


# --- Files ---


def test_a_file_comes_as_it_was_kept(client, exercise):
    VersionFileFactory(version=exercise.transmit(), name="rapport-ici-2023-v1.json", content=b'{"a":1}')
    client = enter(client, exercise, "ddets")

    answer = client.get(url("version_file", exercise, 1, "json"))

    assert (answer.content, answer["Content-Type"]) == (b'{"a":1}', "application/json")
    assert answer["Content-Disposition"] == 'attachment; filename="rapport-ici-2023-v1.json"'
    for absent in (url("version_file", exercise, 1, "pdf"), url("version_file", exercise, 2, "json")):
        assert client.get(absent).status_code == 404


def test_files_that_are_lacking_are_asked_again(lead, exercise, monkeypatch):
    version = exercise.transmit()
    jobs.cancel(job=Job.objects.get(kind="version"), by=exercise.lead)
    assert "Relancer" in words(lead.get(version.get_absolute_url()))
    light = tuple(renderer for renderer in renderers.ALL if renderer.name == "html")
    monkeypatch.setattr(renderers, "ALL", light)

    asked = lead.post(url("prepare_files", exercise, 1))
    job = Job.objects.filter(kind="version", state="queued").get()
    jobs.run(job.pk)

    assert asked.url == reverse("job", args=[job.pk])
    assert f'href="{version.get_absolute_url()}"' in words(lead.get(asked.url))
    content = renderers.by_name("html").render(frozen.document_of(version))
    assert lead.get(url("version_file", exercise, 1, "html")).content == content
    assert lead.post(url("prepare_files", exercise, 1)).url == version.get_absolute_url()


def test_the_versions_of_another_territory_are_not_there(client, exercise):
    other = Exercise(territory="ailleurs")
    for one in (exercise, other):
        VersionFileFactory(version=one.transmit())
    client = enter(client, exercise, "lead")

    for name, args in (("versions", []), ("version", [1]), ("version_file", [1, "json"]), ("changes", [])):
        hidden, absent = client.get(url(name, other, *args)), client.get(f"/nulle-part/2023/versions/{name}/")
        assert (hidden.status_code, absent.status_code) == (404, 404)
    assert client.post(url("prepare_files", other, 1)).status_code == 404
    assert client.post(url("reopen", other), {"words": "x"}).status_code == 404
