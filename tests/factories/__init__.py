"""Factories: the smallest valid row of each model; traits name situations (`lead=True`, `cell=True`)."""

from tests.factories.axes import (
    ActionFactory,
    AgreementFactory,
    AxisFactory,
    BlockFactory,
    ChapterFactory,
    ColumnFactory,
    EntryFactory,
    FundingFactory,
    IndicatorFactory,
    LayoutFactory,
    LineFactory,
    SignatoryFactory,
    StateFactory,
    TargetFactory,
    TextBlockFactory,
    YearFactory,
)
from tests.factories.logement import (
    MembershipFactory,
    OrganisationFactory,
    TerritoryFactory,
    UserFactory,
)

__all__ = [
    "ActionFactory",
    "AgreementFactory",
    "AxisFactory",
    "BlockFactory",
    "ChapterFactory",
    "ColumnFactory",
    "EntryFactory",
    "FundingFactory",
    "IndicatorFactory",
    "LayoutFactory",
    "LineFactory",
    "MembershipFactory",
    "OrganisationFactory",
    "SignatoryFactory",
    "StateFactory",
    "TargetFactory",
    "TerritoryFactory",
    "TextBlockFactory",
    "UserFactory",
    "YearFactory",
]
