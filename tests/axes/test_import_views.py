from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from axes.imports import keeping
from axes.imports.decisions import Verdict, accept, decide
from axes.imports.review import Review
from axes.models import Entry, ImportDecision, ReportImport, Year
from axes.views import imports as views
from logement import jobs
from logement.documents import MAX_BYTES, DocumentError
from logement.models import Job
from tests.axes import import_world
from tests.axes.import_world import given, key
from tests.factories import MembershipFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def report(client):
    report = given()
    client.force_login(report.given_by)
    return report


def url(report, name="review_import", *args):
    return reverse(f"axes:{name}", args=[report.territory.code, report.pk, *args])


def text_of(response):
    text = unescape(response.content.decode())
    return text.replace("’", "'").replace("\u202f", " ").replace("\u00a0", " ")


def give(client, report, content, name="rapport.docx"):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("axes:imports", args=[report.territory.code]), {"file": file})


# --- Giving a file ---


@pytest.mark.parametrize("name", ["rapport.docx", "rapport.pdf"])
def test_a_file_that_is_no_document_is_refused_with_a_sentence(client, report, name):
    response = give(client, report, b"%PDF-1.7", name)

    assert response.status_code == 422
    assert "Corrigez ce qui suit" in text_of(response)
    assert ReportImport.objects.count() == 1


def test_a_file_too_heavy_is_refused_before_it_is_read(client, report, monkeypatch):
    monkeypatch.setattr("axes.import_forms.MAX_BYTES", 3)

    response = give(client, report, b"1234")

    assert response.status_code == 422
    assert f"Ce fichier dépasse {MAX_BYTES // 1024**2} Mo" in text_of(response)


def test_a_long_document_is_understood_by_a_job_whose_page_waits(client, report, monkeypatch):
    monkeypatch.setattr("axes.imports.keeping.SHORT", 3)
    monkeypatch.setattr(views, "read_document", lambda raw, name: import_world.document(3, name=name))

    response = give(client, report, b"content")

    given_now = ReportImport.objects.exclude(pk=report.pk).get()
    assert response.url == url(given_now)
    job = Job.objects.get(kind="import")
    assert job.page == url(given_now)
    page = text_of(client.get(url(given_now)))
    assert f"/taches/{job.pk}/" in page
    assert client.get(url(given_now, "save_import")).url == url(given_now)
    assert client.get(url(given_now, "decide_import", key("row"))).status_code == 404

    jobs.run(job.pk)
    assert "Baux glissants 3" in text_of(client.get(url(given_now), {"partie": "table:t1"}))


# --- Reviewing ---


def test_what_is_to_be_checked_comes_first_then_each_part_beside_the_document(client, report):
    first = text_of(client.get(url(report)))
    table = text_of(client.get(url(report), {"partie": "table:t1"}))

    assert "Un mois n'est pas une date : est-ce un chiffre ?" in first
    assert "Baux glissants 1" in table
    assert "environ 12 ménages" in table
    assert table.count(import_world.SENTENCE) == 1
    assert client.get(url(report), {"partie": "inconnue"}).status_code == 404


def test_words_that_nothing_took_are_shown(client, report):
    assert "Aucun mot du document n'est perdu." in text_of(client.get(url(report), {"partie": "non-repris"}))


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_whatever_the_report_holds(client, rows, django_assert_num_queries):
    report = given(rows=rows)
    client.force_login(report.given_by)
    accept(report=report, items=[item.key for item in Review(report).figures[:rows]], by=report.given_by)
    client.get("/")

    with django_assert_num_queries(7):
        client.get(url(report), {"partie": "table:t1"})


def test_a_decision_is_kept_and_its_part_comes_back(client, report):
    response = client.post(url(report, "decide_import", key("total")), {"verdict": "accepted", "version": 0})

    assert response.url == f"{url(report)}?partie=table:t1#{key('total').replace(':', '-')}"
    assert report.decisions.get().verdict == "accepted"


def test_in_place_the_item_comes_back_with_the_progress(client, report):
    address = url(report, "decide_import", key("total"))

    response = text_of(client.post(address, {"verdict": "left", "version": 0}, headers=HTMX))

    assert "Laissé de côté" in response
    assert "<strong>1 sur 3</strong>" in response
    assert "<html" not in response


FIGURE = {
    "label": "Baux",
    "value": "1 234,5",
    "qualifier": "exact",
    "unit": "baux",
    "kind": "headcount",
    "temporality": "flow",
    "base": "",
    "joins": "",
}


def test_what_is_typed_is_kept_as_it_is_typed_without_any_verdict(client, report):
    address = url(report, "decide_import", key("year"))

    response = text_of(client.post(address, FIGURE | {"version": 0}, headers=HTMX))

    assert "Enregistré" in response
    assert 'value="1"' in response
    kept = report.decisions.get()
    assert (kept.verdict, kept.fields["number"], kept.fields["label"]) == ("open", "1234.5", "Baux")
    assert 'value="Baux"' in text_of(client.get(address))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"label": ""}, "Dites ce que ce chiffre compte."),
        ({"value": "beaucoup"}, "beaucoup"),
        ({"value": "31/02/2023", "unit": "date"}, "Cette date n'existe pas"),
        ({"value": "24/05/2023"}, "Une date a pour unité « date »"),
        ({"temporality": "cumulative"}, "Un cumul dit depuis quand l'on compte."),
        ({"kind": "rate", "unit": "%"}, "Un taux garde ses deux effectifs"),
        ({"value": "3 / 0", "unit": "%", "kind": "rate"}, "La base d'un taux est supérieure à zéro"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_its_field(client, report, changes, sentence):
    typed = FIGURE | changes

    response = client.post(
        url(report, "decide_import", key("year")), typed | {"version": 0, "verdict": "accepted"}
    )

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert all(f'value="{value}"' in text_of(response) for value in (typed["value"],))
    assert not report.decisions.exists()


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        ("40 / 56", {"number": None, "numerator": "40", "denominator": "56", "day": None}),
        ("40 sur 56", {"number": None, "numerator": "40", "denominator": "56", "day": None}),
        ("71 %", {"number": "71", "numerator": None, "denominator": None, "day": None}),
    ],
)
def test_a_value_is_a_number_or_a_part_of_a_whole(client, report, value, fields):
    client.post(
        url(report, "decide_import", key("year")), FIGURE | {"value": value, "unit": "%", "version": 0}
    )

    kept = report.decisions.get().fields
    assert {name: kept[name] for name in fields} == fields


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_two_people_at_once_the_second_keeps_what_it_typed(client, report, headers):
    other = UserFactory(full_name="Claude Voisin")
    decide(report=report, item=key("year"), version=0, verdict=Verdict.LEFT, by=other)

    response = client.post(
        url(report, "decide_import", key("year")), FIGURE | {"version": 0}, headers=headers
    )

    page = text_of(response)
    assert response.status_code == 409
    assert "Claude Voisin a décidé autrement" in page
    assert 'value="1 234,5"' in page
    assert 'name="version" value="1"' in " ".join(page.split())
    assert report.decisions.get().verdict == "left"


def test_a_text_is_written_otherwise_in_light_markup(client, report):
    address = url(report, "decide_import", key("remark"))

    client.post(address, {"value": "Deux **quartiers**\n\n- un\n- deux", "version": 0})

    assert report.decisions.get().fields == {
        "html": "<p>Deux <strong>quartiers</strong></p><ul><li><p>un</p></li><li><p>deux</p></li></ul>"
    }


def test_a_column_that_is_corrected_has_its_rows_read_again(client, report):
    by = report.given_by
    read = keeping.give(territory=report.territory, document=import_world.document(1), raw=b"1", by=by)
    columns = [item for item in Review(read).items.values() if item.kind == "column"]
    assert [item.value for item in columns] == ["title", "state", "indicators", "observations"]

    client.post(url(read, "decide_import", columns[3].key), {"value": "other", "version": 0})

    read.refresh_from_db()
    assert [Review(read).items[item.key].value for item in columns] == [
        "title",
        "state",
        "indicators",
        "other",
    ]


def test_all_the_sure_figures_are_accepted_at_once(client, report):
    response = client.post(url(report, "accept_import"))

    assert response.status_code == 302
    assert [(one.item, one.verdict) for one in report.decisions.all()] == [(key("total"), "accepted")]


@pytest.mark.parametrize(
    ("shown", "query"),
    [("table:t1", "?partie=table:t1"), ("a-verifier", "?partie=a-verifier"), ("", ""), ("x", "")],
)
def test_accepting_together_comes_back_to_the_part_that_was_read(client, report, shown, query):
    response = client.post(url(report, "accept_import"), {"partie": shown})

    assert response.url == f"{url(report)}{query}#avancement-reprise"


def test_the_progress_that_comes_back_in_place_knows_its_part(client, report):
    page = {"HX-Current-URL": f"http://testserver{url(report)}?partie=table:t1"}
    address = url(report, "decide_import", key("month"))

    response = client.post(address, {"verdict": "left", "version": 0}, headers=HTMX | page)

    assert '<input type="hidden" name="partie" value="table:t1">' in response.content.decode()


# --- Saving, giving up, the file ---


def settle(report):
    decide(report=report, item=key("month"), version=0, verdict=Verdict.LEFT, by=report.given_by)
    accept(report=report, items=[key("total")], by=report.given_by)


def test_saving_opens_the_exercise_and_the_figure_tells_its_document(client, report):
    settle(report)
    page = text_of(client.get(url(report, "save_import")))
    assert "il restera un simple mot de sa phrase" in page

    response = client.post(url(report, "save_import"), {"number": "2023", "seen": Review(report).seen})

    year = Year.objects.get()
    assert response.url == reverse("axes:axes", args=[report.territory.code, 2023])
    code = Entry.objects.get().indicator.code
    told = text_of(client.get(reverse("axes:explain", args=[report.territory.code, 2023, code, 2023])))
    assert "Repris du document" in told
    assert url(report, "import_file") in told
    saved = text_of(client.get(url(report)))
    assert "Enregistré dans" in saved
    assert "Corriger" not in saved
    assert client.get(url(report, "save_import")).status_code == 302
    assert client.post(url(report, "give_up_import")).url == url(report)
    assert year.imports.get() == report


def test_a_summary_that_is_no_longer_true_is_shown_again(client, report):
    seen = Review(report).seen
    settle(report)

    response = client.post(url(report, "save_import"), {"number": "2023", "seen": seen})

    assert response.status_code == 409
    assert "Rien n'a été enregistré" in text_of(response)
    assert not Year.objects.exists()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "Dites de quelle année"),
        ("23", "entre 2000 et 2100"),
        ("2023", "Il reste des éléments à vérifier"),
    ],
)
def test_what_prevents_saving_is_said(client, report, number, sentence):
    if number != "2023":
        settle(report)

    response = client.post(url(report, "save_import"), {"number": number, "seen": Review(report).seen})

    assert (response.status_code, Year.objects.count()) == (422, 0)
    assert sentence in text_of(response) or number == "2023"


def test_giving_up_erases_the_file_and_the_decisions(client, report, django_capture_on_commit_callbacks):
    settle(report)
    storage, name = report.file.storage, report.file.name

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url(report, "give_up_import"))
        assert storage.exists(name)

    assert not storage.exists(name)
    assert (ReportImport.objects.count(), ImportDecision.objects.count()) == (0, 0)


def test_the_file_is_kept_and_given_back_never_shown(client, report):
    response = client.get(url(report, "import_file"))

    assert b"".join(response) == b"Fichier rapport-2023.docx"
    assert response["Content-Disposition"] == 'attachment; filename="rapport-2023.docx"'
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("role", ["reader", "partner", "ddets", "administrator"])
def test_others_find_nothing_there(client, report, role):
    client.force_login(MembershipFactory(**{role: True}, territory=report.territory).user)

    assert client.get(url(report)).status_code == 404
    assert client.get(url(report, "import_file")).status_code == 404


def test_reading_a_hostile_file_says_what_to_do(client, report, monkeypatch):
    def refuse(raw, name):
        raise DocumentError("Ce fichier contient des macros : enregistrez-le sans macros, puis redonnez-le.")

    monkeypatch.setattr(views, "read_document", refuse)

    assert "contient des macros" in text_of(give(client, report, b"PK"))
