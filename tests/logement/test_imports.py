"""The import of an association's own spreadsheet, on a register made for the test: a list of visits in memory."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import include, path
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logement import import_views, imports, parsers
from logement.imports import Fault, Faults, Field, Importer
from logement.models import ColumnMapping, Event, Organisation, PendingImport
from logement.roles import Permission
from logement.spreadsheets import load, read_table, to_csv, to_xlsx
from logement.urls import urlpatterns as site
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.logement.test_imports")]


class Kind(models.TextChoices):
    HOME = "home", "À domicile"
    OFFICE = "office", "Au bureau"


STORE = {}  # the register: {number: values}
CALLS = []


def compare(rows, *, territory, organisation):
    CALLS.append(len(rows))
    return [
        Fault("number", "Ce numéro est à une autre association.")
        if row["number"] == 99
        else STORE.get(row["number"])
        for row in rows
    ]


def save(lines, *, territory, organisation, by):
    for line in lines:
        if line.values["number"] == 66:
            raise Faults({line.number: [Fault("number", "Ce numéro vient d'être pris.")]})
        if line.values["number"] == 77:
            raise ValidationError("La base a refusé.")
        STORE[line.values["number"]] = (line.before or {}) | line.values


def check(values):
    if values.get("people") == 0 and values.get("kind") == Kind.HOME:
        return (Fault("people", "À domicile, il y a au moins une personne."),)
    return ()


VISITS = Importer(
    key="tests.visits",
    label="visites",
    fields=(
        Field("number", "Numéro", parsers.whole(1, 1000), required=True, words=("n°",)),
        Field("day", "Date de la visite", parsers.day, required=True, words=("visité le",)),
        Field("kind", "Lieu", parsers.choice(Kind, {"chez lui": Kind.HOME})),
        Field("people", "Personnes", parsers.whole(0, 20)),
        Field("note", "Observation", parsers.text(100), is_free=True),
    ),
    compare=compare,
    save=save,
    check=check,
    unique=("number",),
    url="visits_import",
    done_url="visits",
)
urlpatterns = [
    path("<slug:territory>/visites/", include(import_views.addresses(VISITS))),
    path("<slug:territory>/visites/", lambda request, territory: HttpResponse("La liste"), name="visits"),
    *site,
]


@pytest.fixture(autouse=True)
def _empty_store():
    STORE.clear()
    CALLS.clear()


@pytest.fixture
def partner(client):
    partner = MembershipFactory(partner=True, territory__code="ici", organisation__name="Association A")
    client.force_login(partner.user)
    return partner


def sheet(*lines, separator=";"):
    output = io.StringIO()
    csv.writer(output, delimiter=separator).writerows(lines)
    return output.getvalue().encode()


def pend(partner, *lines):
    table = read_table(sheet(*lines), name="visites.csv")
    return imports.hold(
        VISITS, table, territory=partner.territory, organisation=partner.organisation, by=partner.user
    )


def told(partner, *lines):
    """[(line, cell, column, sentence)] that the preview of these lines refuses."""
    return imports.preview(VISITS, pend(partner, *lines)).told("faults")


HEAD = ["Numéro", "Date de la visite", "Lieu", "Personnes"]


# --- Columns ---


def mapping_of(partner, *headings):
    preview = imports.preview(VISITS, pend(partner, headings, ["1"] * len(headings)))
    return [preview.mapping[rank] for rank in range(len(headings))]


def test_columns_are_proposed_by_their_words(partner):
    assert mapping_of(partner, "N°", "VISITE LE", "lieux", "personnes", "Autre chose") == [
        "number",
        "day",
        "kind",
        "people",
        "",
    ]


def test_a_field_is_proposed_once_to_the_nearest_heading(partner):
    assert mapping_of(partner, "Date de la visites", "Date de la visite") == ["", "day"]


def test_what_was_chosen_is_remembered_for_this_association_alone(partner):
    pending = pend(partner, ["Id", "Quand", "Numéro"], ["1", "02/03/2023", "8"])
    imports.choose_columns(VISITS, pending, {0: "number", 1: "day", 2: ""})

    assert mapping_of(partner, "ID", "quand", "numero") == ["number", "day", ""]
    other = MembershipFactory(partner=True, territory=partner.territory)
    assert mapping_of(other, "Id", "Quand", "Numéro") == ["", "", "number"]
    assert ColumnMapping.objects.count() == 3


def test_a_choice_made_again_replaces_the_first(partner):
    for name in ("number", "people"):
        imports.choose_columns(VISITS, pend(partner, ["Id", "x"], ["1", "2"]), {0: name, 1: ""})

    assert list(ColumnMapping.objects.filter(heading="id").values_list("field", flat=True)) == ["people"]


def test_columns_that_name_people_are_never_kept(partner):
    headings = ["Numéro", "Nom", "Prénom du chef", "Contact", "Date de la visite", "Observation", "Secteur"]
    lines = [["1", "Durand", "Anne", "06 12 34 56 78", "02/03/2023", "vu Mme Durand", "Nord"]]

    pending = pend(partner, headings, *lines)

    assert pending.dropped == ["Nom", "Prénom du chef", "Contact"]
    kept = ["Numéro", "Date de la visite", "Observation", "Secteur"]
    assert [heading.text for heading in load(pending.content).headings] == kept
    assert "Anne" not in pending.content
    assert "06 12" not in pending.content


def test_columns_left_out_leave_the_pending_row(partner):
    pending = pend(partner, [*HEAD[:2], "Secteur"], ["1", "02/03/2023", "Nord"])

    imports.choose_columns(VISITS, pending, {0: "number", 1: "day", 2: ""})

    pending.refresh_from_db()
    assert "Nord" not in pending.content


# --- Preview ---

LISTED = "n'est pas dans la liste : vouliez-vous « À domicile » ? Réponses possibles : À domicile, Au bureau."


def test_lines_are_new_changed_or_the_same(partner):
    STORE[1] = {"number": 1, "day": date(2023, 3, 2), "kind": Kind.HOME, "people": 2}
    STORE[2] = {"number": 2, "day": date(2023, 3, 2), "kind": Kind.HOME, "people": 2}

    preview = imports.preview(
        VISITS,
        pend(
            partner,
            HEAD,
            ["1", "2 mars 2023", "chez lui", "2"],
            ["2", "02/03/2023", "à domicile", "3"],
            ["3", "2023-03-02", "", ""],
        ),
    )

    assert [line.state for line in preview.lines] == ["same", "changed", "new"]
    assert preview.lines[1].changes == [("people", 2, 3)]
    assert preview.is_ready
    assert CALLS == [3]


def test_a_column_that_the_file_lacks_changes_nothing(partner):
    STORE[1] = {"number": 1, "day": date(2023, 3, 2), "kind": Kind.HOME, "people": 2}

    preview = imports.preview(VISITS, pend(partner, HEAD[:2], ["1", "02/03/2023"]))

    assert [line.state for line in preview.lines] == ["same"]


def test_every_fault_is_told_with_its_cell(partner):
    faults = told(
        partner,
        HEAD,
        ["", "31/02/2023", "chez moi", "beaucoup"],
        ["2", "02/03/2023", "à domicil", "21"],
        ["2", "02/03/2023", "au bureau", "1"],
        ["2", "02/03/2023", "au bureau", "1"],
        ["4", "02/03/2023", "à domicile", "0"],
        ["99", "02/03/2023", "au bureau", "1"],
    )

    assert faults == [
        (2, "A2", "Numéro", "« Numéro » est vide : complétez la cellule."),
        (2, "B2", "Date de la visite", "« 31/02/2023 » n'est pas une date : écrivez-la ainsi, 24/05/2023."),
        (2, "C2", "Lieu", f"« chez moi » {LISTED}"),
        (2, "D2", "Personnes", "« beaucoup » n'est pas un nombre : écrivez les chiffres seuls, par exemple 1 234,5."),
        (3, "C3", "Lieu", f"« à domicil » {LISTED}"),
        (3, "D3", "Personnes", "« 21 » doit aller de 0 à 20."),
        (4, "A4", "Numéro", "« 2 » est déjà à la ligne 3 du fichier."),
        (5, "A5", "Numéro", "« 2 » est déjà à la ligne 3 du fichier."),
        (6, "D6", "Personnes", "À domicile, il y a au moins une personne."),
        (7, "A7", "Numéro", "Ce numéro est à une autre association."),
    ]  # fmt: skip


def test_a_required_column_that_is_missing_is_told(partner):
    preview = imports.preview(VISITS, pend(partner, ["Numéro", "Quand"], ["1", "02/03/2023"]))

    assert [field.name for field in preview.missing] == ["day"]
    assert not preview.is_ready


def test_a_free_text_that_names_somebody_warns_and_does_not_block(partner):
    preview = imports.preview(
        VISITS, pend(partner, [*HEAD[:2], "Observation"], ["1", "02/03/2023", "vu Mme Durand"])
    )

    assert preview.told("warnings") == [
        (2, "C2", "Observation", "Ce texte semble désigner une personne : relisez-le.")
    ]
    assert preview.is_ready


# --- All or nothing ---


def test_confirming_writes_everything_and_forgets_the_file(partner):
    pending = pend(partner, HEAD, ["1", "02/03/2023", "", "1"], ["2", "02/03/2023", "", "2"])

    _, done = imports.confirm(VISITS, pending, by=partner.user, seen=imports.preview(VISITS, pending).seen)

    assert done
    assert sorted(STORE) == [1, 2]
    assert not PendingImport.objects.exists()
    assert Event.objects.get().detail == "Association A : 2 ajoutées, 0 modifiées"


@pytest.mark.parametrize("numbers", [["1", "x"], ["1", "99"]])
def test_one_fault_stops_everything(partner, numbers):
    pending = pend(partner, HEAD, *[[number, "02/03/2023", "", "1"] for number in numbers])

    _, done = imports.confirm(VISITS, pending, by=partner.user, seen=imports.preview(VISITS, pending).seen)

    assert not done
    assert STORE == {}


def test_a_fault_found_while_saving_is_told_in_its_cell(partner):
    pending = pend(partner, HEAD, ["66", "02/03/2023", "", "1"])

    preview, done = imports.confirm(
        VISITS, pending, by=partner.user, seen=imports.preview(VISITS, pending).seen
    )

    assert not done
    assert preview.told("faults") == [(2, "A2", "Numéro", "Ce numéro vient d'être pris.")]
    assert PendingImport.objects.exists()
    assert not Event.objects.exists()


def test_what_changed_since_the_preview_is_shown_again(partner):
    pending = pend(partner, HEAD, ["1", "02/03/2023", "", "1"])
    seen = imports.preview(VISITS, pending).seen
    STORE[1] = {"number": 1, "day": date(2023, 3, 2), "kind": None, "people": 4}

    assert not imports.confirm(VISITS, pending, by=partner.user, seen=seen)[1]
    assert STORE[1]["people"] == 4


# --- Pages ---


def send(client, content, name="visites.csv", **fields):
    return client.post("/ici/visites/importer/", {"file": SimpleUploadedFile(name, content), **fields})


def test_from_the_file_to_the_register(client, partner):
    answer = send(client, sheet(["N°", "Quand", "Nom"], ["1", "02/03/2023", "Durand"]))
    page = client.get(answer.url)
    assert "Il manque la colonne « Date de la visite »" in " ".join(page.content.decode().split())
    assert "« Nom »" in page.content.decode()
    assert "Durand" not in page.content.decode()

    answer = client.post(answer.url, {"column_0": "number", "column_1": "day"})
    page = client.get(answer.url)
    assert page.context["preview"].is_ready
    answer = client.post(f"{answer.url}confirmer/", {"seen": page.context["preview"].seen})

    assert (answer.status_code, answer.url) == (302, "/ici/visites/")
    assert list(STORE.values()) == [{"number": 1, "day": date(2023, 3, 2)}]


def test_an_xlsx_goes_the_same_way(client, partner):
    content = to_xlsx(
        {"Numéro": lambda row: row, "Visité le": lambda row: date(2023, 3, 2)}, [5], title="Visites"
    )

    page = client.get(send(client, content, name="visites.xlsx").url)

    assert page.context["preview"].lines[0].values == {"number": 5, "day": date(2023, 3, 2)}
    assert "feuille « Visites »" in page.content.decode()


def test_a_file_that_is_no_table_is_refused_in_the_form(client, partner):
    answer = send(client, b"\x89PNG\0")

    assert answer.status_code == 422
    assert "Ce fichier n&#x27;est pas un tableau" in answer.content.decode()
    assert not PendingImport.objects.exists()


def test_a_field_may_be_given_once(client, partner):
    url = send(client, sheet(["a", "b"], ["1", "2"])).url

    answer = client.post(url, {"column_0": "number", "column_1": "number"})

    assert answer.status_code == 422
    assert "« Numéro » est déjà la colonne « a » : gardez l&#x27;une des deux." in answer.content.decode()
    assert not ColumnMapping.objects.exists()


def test_a_second_confirmation_finds_nothing(client, partner):
    url = send(client, sheet(HEAD[:2], ["1", "02/03/2023"])).url
    seen = client.get(url).context["preview"].seen

    codes = [client.post(f"{url}confirmer/", {"seen": seen}).status_code for _ in range(2)]

    assert codes == [302, 404]
    assert Event.objects.count() == 1


def test_a_refusal_of_the_database_comes_back_to_the_preview(client, partner):
    url = send(client, sheet(HEAD[:2], ["77", "02/03/2023"])).url

    answer = client.post(f"{url}confirmer/", {"seen": client.get(url).context["preview"].seen}, follow=True)

    assert "La base a refusé." in answer.content.decode()
    assert PendingImport.objects.exists()


def test_giving_up_erases_the_file(client, partner):
    url = send(client, sheet(HEAD[:2], ["1", "02/03/2023"])).url

    assert client.post(f"{url}abandonner/").status_code == 302
    assert not PendingImport.objects.exists()
    assert STORE == {}


def test_the_model_has_the_headings_that_are_recognised(client, partner):
    content = client.get("/ici/visites/importer/modele.xlsx").content

    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        words = opened.read("xl/sharedStrings.xml").decode()
    assert re.findall("<t>(.*?)</t>", words) == [field.label for field in VISITS.fields]


@pytest.mark.parametrize("who", ["colleague", "other", "lead", "reader", "ddets", "administrator"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_reaches_an_import(client, partner, who, method):
    url = send(client, sheet(HEAD[:2], ["1", "02/03/2023"])).url
    organisation = {"organisation": partner.organisation} if who == "colleague" else {}
    trait = {"partner": True} if who in {"colleague", "other"} else {who: True}
    person = MembershipFactory(territory=partner.territory, **organisation, **trait).user
    client.force_login(person)

    codes = {
        getattr(client, method)(f"{url}{step}").status_code for step in ("", "confirmer/", "abandonner/")
    }

    assert codes <= {404, 405}
    assert client.get("/ici/visites/importer/").status_code == (200 if trait == {"partner": True} else 404)
    assert PendingImport.objects.exists()
    assert STORE == {}


def test_whoever_acts_for_two_associations_says_for_which(client, partner):
    second = MembershipFactory(partner=True, user=partner.user, territory=partner.territory)
    stranger = MembershipFactory(partner=True, territory=partner.territory)
    content = sheet(HEAD[:2], ["1", "02/03/2023"])

    assert send(client, content).status_code == 422
    assert send(client, content, organisation=stranger.organisation_id).status_code == 422
    assert send(client, content, organisation=second.organisation_id).status_code == 302
    assert PendingImport.objects.get().organisation == second.organisation


def test_a_register_says_who_keeps_it(client, partner, monkeypatch):
    """Somebody may edit registers here and not keep this one."""
    second = MembershipFactory(partner=True, user=partner.user, territory=partner.territory)
    url = send(client, sheet(HEAD[:2], ["1", "02/03/2023"]), organisation=partner.organisation_id).url
    closed = replace(
        VISITS, keepers=lambda user, territory: Organisation.objects.filter(pk=second.organisation_id)
    )
    for view in (import_views.upload, import_views.preview, import_views.model):
        assert view.permissions == (Permission.EDIT_OWN_REGISTERS,)

    def opens(importer, view, **address):
        request = RequestFactory().get("/")
        request.user = partner.user
        try:
            view(request, territory="ici", importer=importer, **address)
        except Http404:
            return False
        return True

    key = url.rstrip("/").rpartition("/")[2]
    assert opens(closed, import_views.model)
    assert opens(VISITS, import_views.model)
    assert not opens(closed, import_views.preview, pending=key)
    nobody = replace(VISITS, keepers=lambda user, territory: Organisation.objects.none())
    assert not opens(nobody, import_views.model)
    assert not opens(nobody, import_views.upload)


def test_an_import_expires(client, partner):
    url = send(client, sheet(HEAD[:2], ["1", "02/03/2023"])).url
    PendingImport.objects.update(created_at=timezone.now() - PendingImport.LIFE + timedelta(minutes=1))
    assert client.get(url).status_code == 200
    assert imports.forget_expired() == 0

    PendingImport.objects.update(created_at=timezone.now() - PendingImport.LIFE)

    assert client.get(url).status_code == 404
    assert imports.forget_expired() == 1


# --- Fuzz ---

cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["1", "2", "02/03/2023", "99", "66", "à domicile", "=1+1", "", "Mme Durand", "1e9", "٣", "²"]
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(cells, min_size=5, max_size=5), min_size=1, max_size=6))
def test_whatever_the_cells_each_line_is_right_or_told(partner, rows):
    STORE.clear()
    columns = {
        heading: (lambda row, rank=rank: row[rank]) for rank, heading in enumerate([*HEAD, "Observation"])
    }
    try:
        table = read_table(to_csv(columns, rows), name="a.csv")
    except ValueError:
        return
    pending = imports.hold(
        VISITS, table, territory=partner.territory, organisation=partner.organisation, by=partner.user
    )

    preview = imports.preview(VISITS, pending)

    assert {line.number for line in preview.lines if line.faults} == {
        number for number, *_ in preview.told("faults")
    }
    assert all(sentence.endswith((".", "?")) for *_, sentence in preview.told("faults"))
    try:
        _, done = imports.confirm(VISITS, pending, by=partner.user, seen=preview.seen)
    except ValidationError:
        done = False
    assert bool(STORE) is done or any(line.values.get("number") in {66, 77} for line in preview.lines)
