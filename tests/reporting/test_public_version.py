"""The public version where its users find it: the page, the file asked for, the command."""

import json

import pytest
from django.core.management import call_command

from logement import jobs
from logement.models import Job
from reporting import tasks  # noqa: F401 - declares the kind of job
from tests.factories import EntryFactory, IndicatorFactory, MembershipFactory, YearFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    year = YearFactory(number=2031, agreement__territory__code="ici")
    for label, number in (("Grand nombre", 40), ("Petit nombre", 3)):
        EntryFactory(
            indicator=IndicatorFactory(territory=year.territory, label=label), year=year, number=number
        )
    return year


@pytest.fixture
def lead(client, year):
    user = MembershipFactory(lead=True, territory=year.territory).user
    client.force_login(user)
    return client


def figures_of(content):
    (section,) = json.loads(content)["sections"]
    rows = [row for part in section["sections"] for table in part["content"] for row in table["rows"]]
    return [row["cells"][1]["blocks"][0]["content"][0]["text"] for row in rows]


EXPECTED = ["40\u00a0personnes", "< 5"]


def test_the_page_shows_it_and_asks_for_its_files(lead):
    full, public = lead.get("/ici/2031/rapport/"), lead.get("/ici/2031/rapport/?public=1")

    assert b"Petit nombre" not in full.content  # no text of this report holds it
    assert "&lt; 5" in public.content.decode()
    assert 'name="public"' in public.content.decode()
    assert 'name="public"' not in full.content.decode()


@pytest.mark.parametrize(("asked", "name"), [({}, "rapport"), ({"public": "1"}, "chiffres-publics")])
def test_the_file_is_of_the_version_asked_for(lead, asked, name):
    lead.post("/ici/2031/rapport/fichier/", {"format": "json", **asked})
    job = Job.objects.get()

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.file_name) == ("done", f"{name}-ici-2031.json")
    if asked:
        with job.result.open() as file:
            assert figures_of(file.read()) == EXPECTED


def test_the_command_writes_it(year, tmp_path):
    path = tmp_path / "public.json"

    call_command(
        "rapport", 2031, "--territoire", "ici", "--format", "json", "--public", "--sortie", str(path)
    )

    assert figures_of(path.read_bytes()) == EXPECTED


def test_what_cannot_be_published_is_said(lead, year, monkeypatch):
    """The whole was printed last year and three came since: nothing hides them where this year's may not be masked."""
    cumulative = IndicatorFactory(territory=year.territory, cumulative=True)
    EntryFactory(indicator=cumulative, year=year, number=145)
    before = YearFactory(agreement=year.agreement, number=2030)
    EntryFactory(indicator=cumulative, year=before, number=142)
    monkeypatch.setattr("axes.masking.Masking.may_hide", lambda self, key: False)

    page = lead.get("/ici/2031/rapport/?public=1", follow=True)
    lead.post("/ici/2031/rapport/fichier/", {"format": "json", "public": "1"})
    jobs.run(Job.objects.get().pk)

    assert page.redirect_chain == [("/ici/2031/rapport/", 302)]
    assert "La version publique ne peut pas être produite. La cellule" in page.content.decode()
    assert Job.objects.get().state == "failed"
    assert "se déduit de ce qui est déjà publié" in Job.objects.get().message
