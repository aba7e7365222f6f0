"""Rows of the plan. What hangs together stands in one territory: give the exercise (`year=…`) and the rest follows."""

from datetime import date
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from axes.models import (
    Action,
    Agreement,
    Axis,
    Block,
    Chapter,
    Column,
    Entry,
    Funding,
    Gathering,
    GatheringKind,
    Illustration,
    Indicator,
    Justification,
    KeyFigure,
    Layout,
    Line,
    Outcome,
    SeriesBreak,
    Signatory,
    State,
    Target,
    TextBlock,
    Year,
)
from tests.factories.logement import OrganisationFactory, TerritoryFactory, UserFactory

Role = Column.Role


class AgreementFactory(DjangoModelFactory):
    class Meta:
        model = Agreement

    territory = factory.SubFactory(TerritoryFactory)
    title = factory.Sequence(lambda n: f"Convention {n}")
    starts_on = date(2023, 1, 1)
    ends_on = date(2027, 12, 31)


class SignatoryFactory(DjangoModelFactory):
    class Meta:
        model = Signatory

    agreement = factory.SubFactory(AgreementFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class YearFactory(DjangoModelFactory):
    class Meta:
        model = Year

    agreement = factory.SubFactory(AgreementFactory)
    territory = factory.SelfAttribute("agreement.territory")
    number = 2023


class AxisFactory(DjangoModelFactory):
    class Meta:
        model = Axis

    agreement = factory.SubFactory(AgreementFactory)
    number = factory.Sequence(lambda n: n + 1)
    label = factory.Sequence(lambda n: f"Intitulé de l'axe {n + 1}")


class StateFactory(DjangoModelFactory):
    class Meta:
        model = State

    agreement = factory.SubFactory(AgreementFactory)
    outcome = Outcome.DONE
    fs = "Réalisée"
    ms = "Réalisé"
    fp = "Réalisées"
    mp = "Réalisés"


class ColumnFactory(DjangoModelFactory):
    class Meta:
        model = Column

    layout = factory.SubFactory("tests.factories.axes.LayoutFactory", columns=False)
    role = Role.OTHER
    heading = factory.Sequence(lambda n: f"Colonne {n}")


class LayoutFactory(DjangoModelFactory):
    """With the four usual columns; `columns=False` gives none."""

    class Meta:
        model = Layout
        skip_postgeneration_save = True

    agreement = factory.SubFactory(AgreementFactory)
    name = factory.Sequence(lambda n: f"Modèle {n}")

    @factory.post_generation
    def columns(layout, create, wanted, **kwargs):
        if wanted is False:
            return
        ColumnFactory(
            layout=layout,
            role=Role.TITLE,
            heading="Les actions réalisées en {annee}",
            position=1,
        )
        ColumnFactory(layout=layout, role=Role.STATE, heading="État de la réalisation", position=2)
        ColumnFactory(
            layout=layout,
            role=Role.INDICATORS,
            heading="Indicateurs de suivi et résultats",
            position=3,
        )
        ColumnFactory(layout=layout, role=Role.OBSERVATIONS, heading="Observations", position=4)


class ChapterFactory(DjangoModelFactory):
    class Meta:
        model = Chapter

    class Params:
        cover = factory.Trait(kind=Chapter.Kind.COVER, title="Page de titre")
        preamble = factory.Trait(kind=Chapter.Kind.PREAMBLE, title="Préambule")

    year = factory.SubFactory(YearFactory)
    title = factory.Sequence(lambda n: f"Partie {n}")


class BlockFactory(DjangoModelFactory):
    """A text; `actions=True` is the table of an axis of the chapter's convention."""

    class Meta:
        model = Block

    class Params:
        actions = factory.Trait(
            kind=Block.Kind.ACTIONS,
            axis=factory.SubFactory(AxisFactory, agreement=factory.SelfAttribute("..chapter.year.agreement")),
            layout=factory.SubFactory(
                LayoutFactory,
                agreement=factory.SelfAttribute("..chapter.year.agreement"),
            ),
        )
        axes = factory.Trait(kind=Block.Kind.AXES)
        context = factory.Trait(kind=Block.Kind.CONTEXT)

    chapter = factory.SubFactory(ChapterFactory)
    kind = Block.Kind.TEXT


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = Action

    axis = factory.SubFactory(AxisFactory)
    label = factory.Sequence(lambda n: f"Action {n}")


class LineFactory(DjangoModelFactory):
    """An action's line, without state or texts; `done=True` gives it the state « Réalisée »."""

    class Meta:
        model = Line

    class Params:
        done = factory.Trait(
            state=factory.SubFactory(StateFactory, agreement=factory.SelfAttribute("..year.agreement"))
        )

    year = factory.SubFactory(YearFactory)
    action = factory.SubFactory(ActionFactory, axis__agreement=factory.SelfAttribute("...year.agreement"))
    axis = factory.SelfAttribute("action.axis")
    title = factory.SelfAttribute("action.label")


class FundingFactory(DjangoModelFactory):
    class Meta:
        model = Funding

    line = factory.SubFactory(LineFactory)
    funder = factory.SubFactory(OrganisationFactory)
    planned = Decimal(1000)


class TextBlockFactory(DjangoModelFactory):
    """A narrative text; `cell=True` is the indicator cell of a line (give `line` and `column` for others)."""

    class Meta:
        model = TextBlock

    class Params:
        cell = factory.Trait(
            block=None,
            line=factory.SubFactory(LineFactory),
            column=factory.SubFactory(
                ColumnFactory,
                role=Role.INDICATORS,
                layout__agreement=factory.SelfAttribute("...line.year.agreement"),
            ),
            year=factory.SelfAttribute("line.year"),
        )

    block = factory.SubFactory(BlockFactory)
    year = factory.SelfAttribute("block.chapter.year")
    content = "<p>Texte.</p>"


class GatheringKindFactory(DjangoModelFactory):
    class Meta:
        model = GatheringKind

    territory = factory.SubFactory(TerritoryFactory)
    label = factory.Sequence(lambda n: f"Réunion {n}")


class GatheringFactory(DjangoModelFactory):
    """Give the action; the kind is of its territory."""

    class Meta:
        model = Gathering

    action = factory.SubFactory(ActionFactory)
    kind = factory.SubFactory(
        GatheringKindFactory, territory=factory.SelfAttribute("..action.axis.agreement.territory")
    )
    held_on = date(2023, 6, 1)
    created_by = factory.SubFactory(UserFactory)


class IndicatorFactory(DjangoModelFactory):
    """A flow of the year; `cumulative=True` counts since 1 November 2019, `gatherings=True` those of its action."""

    class Meta:
        model = Indicator

    class Params:
        cumulative = factory.Trait(temporality=Indicator.Temporality.CUMULATIVE, since=date(2019, 11, 1))
        gatherings = factory.Trait(
            source=Indicator.Source.REGISTER,
            figure_key="axes.gatherings",
            unit="réunions",
            kind=Indicator.Kind.EVENT,
            is_about_people=False,
            action=factory.SubFactory(ActionFactory),
            territory=factory.SelfAttribute("action.axis.agreement.territory"),
            gathering_kind=factory.SubFactory(
                GatheringKindFactory, territory=factory.SelfAttribute("..territory")
            ),
        )

    territory = factory.SubFactory(TerritoryFactory)
    code = factory.Sequence(lambda n: f"I{n:03}")
    label = factory.Sequence(lambda n: f"Indicateur {n}")
    unit = "personnes"
    kind = Indicator.Kind.HEADCOUNT
    temporality = Indicator.Temporality.FLOW


class EntryFactory(DjangoModelFactory):
    """A number for the exercise; `rate`, `dated`, `unavailable`, `not_applicable` give the three other kinds.

    A correction: `EntryFactory(indicator=entry.indicator, year=entry.year, corrects=entry, reason="…")`.
    """

    class Meta:
        model = Entry

    class Params:
        rate = factory.Trait(number=None, numerator=Decimal(1), denominator=Decimal(4))
        dated = factory.Trait(number=None, day=factory.SelfAttribute("ends_on"))
        unavailable = factory.Trait(number=None, blank="unavailable")
        not_applicable = factory.Trait(number=None, blank="not_applicable")

    year = factory.SubFactory(YearFactory)
    indicator = factory.SubFactory(IndicatorFactory, territory=factory.SelfAttribute("..year.territory"))
    starts_on = factory.LazyAttribute(lambda entry: date(entry.year.number, 1, 1))
    ends_on = factory.LazyAttribute(lambda entry: date(entry.year.number, 12, 31))
    number = Decimal(1)
    created_by = factory.SubFactory(UserFactory)


class SeriesBreakFactory(DjangoModelFactory):
    """From typed values to those of a register, in 2023."""

    class Meta:
        model = SeriesBreak

    indicator = factory.SubFactory(IndicatorFactory, gatherings=True)
    number = 2023
    source_before = Indicator.Source.TYPED
    source_after = Indicator.Source.REGISTER
    reason = "Le registre est tenu depuis janvier."
    created_by = factory.SubFactory(UserFactory)


class KeyFigureFactory(DjangoModelFactory):
    """A series that the report of its illustration's exercise draws."""

    class Meta:
        model = KeyFigure

    illustration = factory.SubFactory("tests.factories.axes.IllustrationFactory")
    indicator = factory.SubFactory(
        "tests.factories.axes.IndicatorFactory",
        territory=factory.SelfAttribute("..illustration.year.territory"),
    )


class IllustrationFactory(DjangoModelFactory):
    class Meta:
        model = Illustration

    year = factory.SubFactory(YearFactory)


class JustificationFactory(DjangoModelFactory):
    """Of a finding that the checks no longer raise."""

    class Meta:
        model = Justification

    year = factory.SubFactory(YearFactory)
    key = factory.Sequence(lambda n: f"{n:020}")
    code = "somme"
    sentence = "3 + 4 = 7, et non 8."
    reason = "Deux ménages ont changé de composition."
    created_by = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(timezone.now)


class TargetFactory(DjangoModelFactory):
    """For an exercise; `year=None` aims at the whole convention."""

    class Meta:
        model = Target

    year = factory.SubFactory(YearFactory)
    indicator = factory.LazyAttribute(
        lambda target: IndicatorFactory(**({"territory": target.year.territory} if target.year else {}))
    )
    number = Decimal(10)
