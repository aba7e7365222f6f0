"""The demonstration: two conventions, the report of 2023 as imported, its figures, and fictive values for 2022."""

from datetime import date
from pathlib import Path

from django.db.models import Max
from simple_history.utils import bulk_update_with_history

from axes import steps
from axes.demo import campaigns, figures, key_figures, links, rehearsal
from axes.imports import load_report, read_json
from axes.models import Agreement, Block, Chapter, Line, Signatory, Year
from logement.demo import ACCOUNTS, CODE, METROPOLE, organisation_named
from logement.models import Organisation, Territory, User

REPORT = Path(__file__).parent / "rapport-2023.json"
CALL = "AMI « Territoire de mise en œuvre accélérée du Logement d'abord »"
ANNEX = "Annexe : chiffres de l'exercice"
SIGNATORIES = (METROPOLE, "DDETS de l'Hérault")
#: The report names no association of the Bail d'abord: this one stands for them.
BAIL_DABORD = (
    "Association A",
    ("Consolidation du Bail d'abord", "Mise à disposition d'un fonds de sécurisation"),
)


def load():
    """Creates the whole of it, or nothing where the exercise 2023 is there already."""
    territory = Territory.objects.get(code=CODE)
    if Year.objects.filter(territory=territory, number=2023).exists():
        return
    lead = User.objects.get_by_natural_key(ACCOUNTS[0].email)
    rows = figures.read()
    organisations = {row["fournisseur"]: _organisation(row["fournisseur"], territory) for row in rows}
    earlier = _earlier_year(territory)
    year = _year(territory, lead)
    indicators = figures.write(rows, year=year, earlier=earlier, organisations=organisations, by=lead)
    _people(year, indicators, by=lead)
    action = year.lines.get(title__startswith=BAIL_DABORD[1][0]).action
    campaigns.write(
        {row["code"]: figures.fields_of(row) for row in rows if campaigns.is_asked(row)},
        broken={row["code"] for row in rows if row["valeur_2022"]},
        year=year,
        earlier=earlier,
        action=action,
        by=lead,
    )
    links.write(year, by=lead)
    key_figures.choose(year, by=lead)
    for state in (Year.State.WRITING, Year.State.REVIEW):
        steps.move_year(year=year, to=state, by=lead)
    rehearsal.justify(year, by=lead)


def _organisation(name, territory):
    return organisation_named(name, figures.KINDS.get(name, Organisation.Kind.OTHER), territory)


def _agreement(territory, title, first, last):
    agreement = Agreement.objects.create(
        territory=territory, title=title, call=CALL, starts_on=date(first, 1, 1), ends_on=date(last, 12, 31)
    )
    for position, name in enumerate(SIGNATORIES, start=1):
        Signatory.objects.create(
            agreement=agreement, organisation=_organisation(name, territory), position=position
        )
    return agreement


def _earlier_year(territory):
    """The frame of the fictive values of 2022: no report."""
    agreement = _agreement(territory, "Convention pluriannuelle d'objectifs 2018-2022", 2018, 2022)
    return Year.objects.create(territory=territory, agreement=agreement, number=2022, state=Year.State.CLOSED)


def _year(territory, lead):
    """The exercise of 2023, of the second national plan (2023-2027): its lists and its annex of figures."""
    _agreement(territory, "Convention pluriannuelle d'objectifs", 2023, 2027)
    year = load_report(read_json(REPORT.read_bytes()), territory=territory, number=2023, by=lead)
    preamble = year.chapters.get(kind=Chapter.Kind.PREAMBLE)
    after = preamble.blocks.count()
    Block.objects.create(chapter=preamble, kind=Block.Kind.AXES, position=after + 1)
    Block.objects.create(chapter=preamble, kind=Block.Kind.CONTEXT, position=after + 2)
    last = year.chapters.aggregate(last=Max("position"))["last"]
    annex = Chapter.objects.create(year=year, title=ANNEX, position=last + 1)
    Block.objects.create(chapter=annex, kind=Block.Kind.FIGURES)
    return year


def _people(year, indicators, *, by):
    """The Metropole leads every action; who supplies its figures takes part in it."""
    metropole = Organisation.objects.get(name=METROPOLE)
    lines = list(year.lines.all())
    for line in lines:
        line.lead = metropole
    bulk_update_with_history(lines, Line, ["lead"], default_user=by, default_change_reason="Démonstration")
    suppliers = {(indicator.action_id, indicator.supplier_id) for indicator in indicators}
    association, titles = BAIL_DABORD
    extra = Organisation.objects.get(name=association).pk
    membership = Line.partners.through
    membership.objects.bulk_create(
        membership(line=line, organisation_id=organisation)
        for line in lines
        for organisation in sorted(
            {supplier for action, supplier in suppliers if action == line.action_id}
            | ({extra} if line.title.startswith(titles) else set())
        )
        if organisation != metropole.pk
    )
