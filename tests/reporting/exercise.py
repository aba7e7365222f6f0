"""A small exercise ready to be sent: a cover, a preamble, a table of actions, a context figure; and its lead."""

from axes.models import Year
from reporting import workflow
from tests.factories import (
    ActionFactory,
    BlockFactory,
    ChapterFactory,
    EntryFactory,
    IndicatorFactory,
    LineFactory,
    MembershipFactory,
    OrganisationFactory,
    StateFactory,
    TextBlockFactory,
    YearFactory,
)


class Exercise:
    """`line` and its `text`, the `narrative`, the figure of the territory (`indicator`, `entry`), its `lead`."""

    def __init__(self, number=2023, territory="ici", before=None, rows=1):
        """With `before`, the exercise of another year of the same convention: same actions, same indicator."""
        if before:
            own = {"agreement": before.year.agreement}
        else:
            own = {"agreement__territory__code": territory, "agreement__territory__name": "Métropole d'Ici"}
        self.year = YearFactory(number=number, state="review", **own)
        self.territory = self.year.territory
        self.done = before.done if before else StateFactory(agreement=self.year.agreement)
        cover = ChapterFactory(year=self.year, cover=True, position=1)
        TextBlockFactory(
            block=BlockFactory(chapter=cover), content=f"<p>Le plan</p><p>Rapport d'exécution {number}</p>"
        )
        preamble = ChapterFactory(year=self.year, preamble=True, position=2)
        self.narrative = TextBlockFactory(
            block=BlockFactory(chapter=preamble, position=1), content="<p>Une phrase. Une autre.</p>"
        )
        BlockFactory(chapter=preamble, context=True, position=2)
        section = ChapterFactory(year=self.year, number=1, title="Bilan", position=3)
        axis = {"axis": before.table.axis, "layout": before.table.layout} if before else {}
        self.table = BlockFactory(chapter=section, actions=True, **axis or {"axis__label": "Accueillir"})
        self.column = self.table.layout.columns.get(role="indicators")
        actions = [line.action for line in before.lines] if before else [None] * rows
        self.lines = [
            self.add_line(f"Ouvrir dix places ({rank})", **({"action": action} if action else {}))
            for rank, action in enumerate(actions)
        ]
        self.line = self.lines[0]
        self.text = TextBlockFactory(
            cell=True, line=self.line, column=self.column, content="<p>Dix places ouvertes.</p>"
        )
        self.supplier = before.supplier if before else OrganisationFactory(name=f"Le Toit d'{territory}")
        self.indicator = before.indicator if before else self.add_context("Demandes")
        self.entry = EntryFactory(indicator=self.indicator, year=self.year, number=100)
        self.lead = (
            before.lead
            if before
            else MembershipFactory(
                lead=True, territory=self.territory, user__full_name="Camille Ferrand"
            ).user
        )

    def add_context(self, label):
        return IndicatorFactory(
            territory=self.territory,
            kind="context",
            action=None,
            label=label,
            supplier=self.supplier,
            source_detail="Insee",
        )

    def add_line(self, title, **fields):
        action = ActionFactory(axis=self.table.axis)
        return LineFactory(
            **{"action": action, "year": self.year, "title": title, "state": self.done} | fields
        )

    def transmit(self, correction=""):
        return workflow.transmit(year=self.year, by=self.lead, correction=correction)

    def correct(self, reason="Un chiffre est faux"):
        """Reopens, then sends the next version."""
        workflow.reopen(year=self.year, by=self.lead, reason=reason)
        return self.transmit(reason)

    def state(self):
        return Year.objects.get(pk=self.year.pk).state
