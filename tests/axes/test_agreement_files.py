"""A convention from its file: the example that the page gives, and what is wrong, each error with its place."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from axes.agreements.from_file import load_agreement, read_agreement
from axes.imports import ReportFileError
from axes.models import Agreement, Year
from logement.models import Organisation
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
EXAMPLE = Path(finders.find("schemas/convention-exemple.json"))


@pytest.fixture
def lead():
    return MembershipFactory(lead=True).user


@pytest.fixture
def territory(lead):
    return lead.memberships.get().territory


def example(**changes):
    return json.loads(EXAMPLE.read_text(encoding="utf-8")) | changes


def test_the_example_is_a_whole_convention(territory, lead):
    made = load_agreement(example(), territory=territory, by=lead)

    assert [str(signatory) for signatory in made.signatories.all()] == [
        "Agglomération d'exemple",
        "Département d'exemple",
        "DDETS d'exemple",
    ]
    assert [(axis.full_label, axis.is_funded) for axis in made.axes.all()] == [
        ("Axe 1 : Trouver des logements", True),
        ("Axe 2 : Accompagner les personnes", True),
        ("Autres actions", False),
    ]
    assert [column.role for column in made.layouts.get().columns.all()] == [
        "title",
        "state",
        "indicators",
        "observations",
        "other",
    ]
    assert [(state.outcome, state.mp) for state in made.states.all()] == [
        ("done", "Réalisés"),
        ("ongoing", "En cours"),
        ("postponed", "Différés"),
        ("dropped", "Abandonnés"),
    ]
    assert [chapter.title for chapter in made.years.get().chapters.filter(number__isnull=False)] == [
        "Bilan des actions",
        "Vie du réseau",
        "Bilan global",
    ]


def test_what_the_file_leaves_out_is_the_usual_frame(territory, lead):
    short = {key: example()[key] for key in ("convention", "signataires", "axes")}
    made = load_agreement(short, territory=territory, by=lead)

    assert made.layouts.get().columns.count() == 4
    assert made.states.count() == 6
    assert not made.years.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"axes": [{"intitule": ""}]}, "axes[1] > intitule : ce texte est vide."),
        ({"axes": []}, "axes : une convention a au moins un axe."),
        ({"axe": []}, "fichier : clé inconnue « axe » : vouliez-vous « axes » ?"),
        (
            {"convention": {"intitule": "X", "debut": "hier", "fin": "2027-12-31"}},
            "convention > debut : « hier » n'est pas une date : écrivez-la ainsi, 2025-01-31.",
        ),
        (
            {"signataires": [{"nom": "X", "nature": "mairie"}]},
            f"signataires[1] > nature : attendu l'un de ces mots : {', '.join(Organisation.Kind.labels)}.",
        ),
        (
            {"axes": [{"intitule": "X", "finance": "oui"}]},
            "axes[1] > finance : attendu vrai ou faux, trouvé un texte.",
        ),
    ],
)
def test_an_error_says_its_place(changes, sentence):
    with pytest.raises(ReportFileError) as refusal:
        read_agreement(example(**changes))
    assert sentence in refusal.value.errors


def test_every_error_is_told_at_once():
    with pytest.raises(ReportFileError) as refusal:
        read_agreement(example(axes="un", signataires=3))
    assert refusal.value.errors == (
        "signataires : attendu une liste, trouvé un nombre.",
        "axes : attendu une liste, trouvé un texte.",
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"premier_exercice": 2031}, "La convention va de 2025 à 2027."),
        ({"colonnes": ["Suites", "Suites"]}, "déjà une colonne de ce titre"),
        ({"axes": [{"numero": 1, "intitule": "A"}, {"numero": 1, "intitule": "B"}]}, "un axe de ce numéro"),
    ],
)
def test_what_the_database_refuses_writes_nothing(territory, lead, changes, sentence):
    with pytest.raises(ReportFileError, match=sentence):
        load_agreement(example(**changes), territory=territory, by=lead)
    assert not Agreement.objects.exists()


def test_the_page_takes_the_file_or_tells_its_errors(client, territory, lead):
    client.force_login(lead)
    page = reverse("axes:agreement_file", args=[territory.code])
    wrong = client.post(page, {"file": SimpleUploadedFile("c.json", b'{"axes": [}')})
    assert wrong.status_code == 422
    assert "Ligne 1, colonne 11" in wrong.content.decode()

    good = client.post(page, {"file": SimpleUploadedFile("c.json", EXAMPLE.read_bytes())})
    assert good.url == Agreement.objects.get().get_absolute_url()


def test_the_command_takes_the_file(territory, lead):
    out = StringIO()
    call_command("importer_convention", str(EXAMPLE), territoire=territory.code, par=lead.email, stdout=out)

    assert "« Convention d'exemple 2025-2027 » est créée. Exercices : 2025." in out.getvalue()
    assert Year.objects.get().territory == territory


def test_the_command_says_what_is_wrong(territory, lead, tmp_path):
    with pytest.raises(CommandError, match="« ailleurs » n'existe pas"):
        call_command("importer_convention", str(EXAMPLE), territoire="ailleurs", par=lead.email)
    file = tmp_path / "c.json"
    file.write_text(json.dumps(example(axes=[])), encoding="utf-8")
    with pytest.raises(CommandError, match="Rien n'a été créé d'après"):
        call_command("importer_convention", str(file), territoire=territory.code, par=lead.email)
