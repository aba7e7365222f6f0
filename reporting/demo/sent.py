"""The demonstration of what the State reads: the exercise of the fictive values sent, declared final and published.

Its sentences and its people are invented, as its values are.
"""

from axes.models import Block, Chapter, Entry, Indicator, Line, TextBlock, Year
from axes.models.quantity import Blank
from axes.values import period_of, values_over
from logement.demo import ACCOUNTS, CODE
from logement.models import User
from logement.roles import Role
from reporting import frozen, inquiries, publications, snapshot, workflow

NUMBER = 2022
COVER = "<p>Plan « Logement d'abord »</p><p>Rapport d'exécution 2022</p><p>Valeurs fictives, pour la démonstration</p>"
PREAMBLE = "<p>Cet exercice montre ce que l'État reçoit. Ses chiffres sont inventés.</p>"
ASKED_OF_A_FIGURE = "Cette moyenne porte-t-elle sur toute l'année ?"
ANSWER = "Oui : tous les jours, du 1er janvier au 31 décembre."
ASKED_OF_A_ROW = "Une nouvelle édition est-elle prévue l'an prochain ?"


def load():
    """Sends the exercise of 2022 and asks about it, where no version is there already."""
    year = Year.objects.filter(territory__code=CODE, number=NUMBER).first()
    if year is None or frozen.last_of(year):
        return
    lead, officer = (person(role) for role in (Role.LEAD, Role.DDETS))
    write(year, by=lead)
    Year.objects.filter(pk=year.pk).update(state=Year.State.REVIEW)
    version = workflow.transmit(year=year, by=lead)
    figure = next(figure for figure in frozen.figures_of(version) if figure.number)
    asked = inquiries.ask(
        year=year,
        version=version,
        anchor=f"chiffre-{figure.key}",
        about=figure.label,
        question=ASKED_OF_A_FIGURE,
        by=officer,
    )
    inquiries.answer(inquiry=asked, words=ANSWER, by=lead)
    workflow.finalise(year=year, by=lead)
    publications.publish(year=year, by=lead)
    ask_of_the_draft(Year.objects.get(territory__code=CODE, number=NUMBER + 1), officer)


def person(role):
    return User.objects.get_by_natural_key(
        next(account.email for account in ACCOUNTS if account.role == role)
    )


def write(year, *, by):
    """A cover, a sentence, and the annex of figures, of the actions whose every figure has a fictive value."""
    cover = Chapter.objects.create(year=year, kind=Chapter.Kind.COVER, position=1)
    preamble = Chapter.objects.create(year=year, kind=Chapter.Kind.PREAMBLE, title="Préambule", position=2)
    annex = Chapter.objects.create(year=year, title="Chiffres de l'exercice", position=3)
    for chapter, content in ((cover, COVER), (preamble, PREAMBLE)):
        block = Block.objects.create(chapter=chapter, kind=Block.Kind.TEXT)
        TextBlock.objects.create(year=year, block=block, content=content)
    Block.objects.create(chapter=annex, kind=Block.Kind.FIGURES)
    indicators = list(Indicator.objects.filter(territory=year.territory_id).select_related("territory"))
    values = values_over(indicators, [year])
    pending = [indicator for indicator in indicators if values[indicator.pk, year.number].is_pending]
    lacking = {indicator.action_id for indicator in pending}
    for line in Line.objects.filter(year__territory=year.territory_id, year__number=year.number + 1):
        if line.action_id not in lacking and line.action.indicators.exists():
            Line.objects.create(
                action=line.action,
                axis=line.axis,
                year=year,
                title=line.title,
                state=line.state,
                position=line.position,
            )
    for indicator in pending:
        if indicator.action_id is None:
            period = period_of(indicator, year.number)
            Entry.objects.create(
                indicator=indicator,
                year=year,
                starts_on=period.start,
                ends_on=period.end,
                blank=Blank.UNAVAILABLE,
                is_fictive=True,
                created_by=by,
            )


def ask_of_the_draft(year, officer):
    """A question that waits, on the first row of the report in review."""
    subjects = inquiries.subjects_of(snapshot.take(year.pk))
    anchor = next(anchor for anchor in subjects if anchor.startswith("action-"))
    inquiries.ask(
        year=year, version=None, anchor=anchor, about=subjects[anchor], question=ASKED_OF_A_ROW, by=officer
    )
