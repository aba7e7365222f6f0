"""One small world for the tests that look at everything: two territories, one exercise each, and the cast.

Each text that somebody wrote holds a canary of its own, `zqk07kqz`: found in an answer, it says what was shown there.
"""

import re
from datetime import timedelta
from functools import cached_property

from django.core.files.base import ContentFile
from django.utils import timezone

from axes.models import Line, TextBlock, Year
from axes.workflow import save_text
from logement.models import Job
from tests.factories import (
    ActionFactory,
    AgreementFactory,
    AxisFactory,
    BlockFactory,
    ChapterFactory,
    EntryFactory,
    IndicatorFactory,
    LayoutFactory,
    LineFactory,
    MembershipFactory,
    OrganisationFactory,
    StateFactory,
    TargetFactory,
    TerritoryFactory,
    TextBlockFactory,
    UserFactory,
    YearFactory,
)

#: The steps of an exercise at which everything is tried, as the matrix names them.
STEPS = {"rédaction": "writing", "relecture": "review", "transmis": "sent"}
CANARY = re.compile(r"zqk\d\dkqz")
NOWHERE = {
    "territory": "nulle-part",
    "number": 2099,
    "axis_id": 999_999,
    "line_id": 999_999,
    "column_id": 999_999,
    "chapter_id": 999_999,
    "block_id": 999_999,
    "code": "INCONNU",
    "job_id": "00000000-0000-4000-8000-000000000000",
}


class Place:
    """A territory with its exercise 2023: an axis, a line per association, an indicator per source, two chapters."""

    def __init__(self, world, code, suppliers):
        write = world.write
        self.territory = TerritoryFactory(code=code, name=write(f"{code}: territory"))
        agreement = AgreementFactory(territory=self.territory, title=write(f"{code}: agreement"))
        self.year = YearFactory(agreement=agreement, number=2023)
        self.before = YearFactory(agreement=agreement, number=2022, state="closed")
        self.axis = AxisFactory(agreement=agreement, number=1, label=write(f"{code}: axis"))
        self.layout = LayoutFactory(agreement=agreement)
        self.state = StateFactory(
            agreement=agreement,
            outcome="postponed",
            fs=write(f"{code}: state"),
            ms="Reporté",
            fp="Reportées",
            mp="Reportés",
        )
        self.cover = ChapterFactory(year=self.year, cover=True)
        self.narrative = ChapterFactory(year=self.year, preamble=True, position=1)
        self.tables = ChapterFactory(year=self.year, position=2, number=1, title=write(f"{code}: chapter"))
        BlockFactory(chapter=self.tables, actions=True, axis=self.axis, layout=self.layout, position=2)
        BlockFactory(chapter=self.narrative, context=True, position=2)
        BlockFactory(chapter=self.narrative, axes=True, position=3)
        self.block = BlockFactory(chapter=self.narrative, position=1)
        self.column = self.layout.columns.get(role="indicators")
        self.context = self.indicator("CONTEXTE", world, kind="context")
        self.lines = [self.line(name, supplier, world) for name, supplier in suppliers.items()]

    def indicator(self, code, world, **fields):
        def write(what):
            return world.write(f"{self.territory.code}: {code} {what}")

        indicator = IndicatorFactory(
            territory=self.territory,
            code=code,
            label=write("label"),
            definition=write("definition"),
            base=write("base"),
            perimeter=write("perimeter"),
            source_detail=write("source"),
            **fields,
        )
        first = EntryFactory(
            indicator=indicator, year=self.year, number=11, note=write("note"), created_by=world.author
        )
        EntryFactory(
            indicator=indicator,
            year=self.year,
            number=12,
            corrects=first,
            reason=write("reason"),
            created_by=world.author,
        )
        EntryFactory(indicator=indicator, year=self.before, number=10, created_by=world.author)
        TargetFactory(indicator=indicator, year=self.year)
        return indicator

    def line(self, name, supplier, world):
        def write(what):
            return world.write(f"{self.territory.code}: {name} {what}")

        action = ActionFactory(axis=self.axis, label=write("action"))
        line = LineFactory(
            action=action,
            year=self.year,
            title=write("title"),
            state=self.state,
            state_reason=write("state reason"),
            lead=world.metropole,
            position=self.year.lines.count() + 1,
        )
        line.partners.add(supplier)
        self.indicator(f"IND-{name}", world, action=action, supplier=supplier)
        for role in ("indicators", "observations"):
            text = TextBlockFactory(
                cell=True,
                line=line,
                column=self.layout.columns.get(role=role),
                content=f"<p>{write(f'{role} before')}</p>",
            )
            words = f'<p>{write(role)} <span data-note="{write(f"{role} note")}"></span></p>'
            save_text(text=text, version=1, content=words, by=world.author)
        return line

    def tell(self, world):
        """Writes the narrative twice, so that it has a history."""
        code = self.territory.code
        text = TextBlockFactory(
            block=self.block, content=f"<p>{world.write(f'{code}: narrative before')}</p>"
        )
        words = f"<p>{world.write(f'{code}: narrative')}</p>"
        save_text(text=text, version=1, content=words, by=world.author)
        TextBlockFactory(
            block=BlockFactory(chapter=self.cover), content=f"<p>Plan {world.write(f'{code}: cover')}</p>"
        )


class World:
    """Everything at one step of the exercise. `people` is the cast, by the names of the matrix; None is anonymous."""

    def __init__(self, step):
        self.canaries = {}
        self.step = step
        self.metropole = OrganisationFactory(name="Métropole", kind="authority")
        self.author = UserFactory(full_name="Rédactrice d'hier")
        self.a, self.b = (OrganisationFactory(name=f"Association {x}", kind="association") for x in "AB")
        self.here = Place(self, "ici", {"A": self.a, "B": self.b})
        self.there = Place(self, "ailleurs", {"C": OrganisationFactory(name="Association C")})
        for place in (self.here, self.there):
            place.tell(self)
            place.territory.organisations.add(self.metropole, self.a, self.b)
            Year.objects.filter(pk=place.year.pk).update(state=STEPS[step])
        self.people = self.cast()
        self.job = self.done_job(self.people["cheffe"])

    def write(self, what):
        """A canary: the text that somebody wrote in that place."""
        canary = f"zqk{len(self.canaries):02}kqz"
        self.canaries[canary] = what
        return canary

    def found(self, text):
        """The places whose canary is in a text, whatever the case."""
        return {self.canaries[canary] for canary in CANARY.findall(text.casefold())}

    def cast(self):
        here = {"territory": self.here.territory}
        yesterday = timezone.localdate() - timedelta(days=1)

        def member(full_name, **fields):
            return MembershipFactory(user__full_name=full_name, **here | fields).user

        return {
            "anonyme": None,
            "association A": member("Alice", partner=True, organisation=self.a),
            "association B": member("Basile", partner=True, organisation=self.b),
            "cheffe": member("Camille", lead=True, organisation=self.metropole),
            "lecture": member("Denis", reader=True, organisation=self.metropole),
            "DDETS": member("Élise", ddets=True),
            "DIHAL": member("Farid", dihal=True),
            "administration": member("Gaël", administrator=True, user__is_superuser=True),
            "cheffe d'ailleurs": member("Hélène", lead=True, territory=self.there.territory),
            "fin hier": member("Inès", lead=True, organisation=self.metropole, ends_on=yesterday),
        }

    def done_job(self, user):
        job = Job(
            kind="report",
            territory=self.here.territory,
            created_by=user,
            state="done",
            percent=100,
            finished_at=timezone.now(),
            file_name="rapport.json",
        )
        job.result.save("rapport.json", ContentFile(b"{}"), save=False)
        job.save()
        return job

    @cached_property
    def address(self):
        """The part of the addresses that leads to association A's line and indicator."""
        return self.addresses()[0]

    def addresses(self):
        """What leads to each line, with the chapters and texts around it: one dictionary per line."""
        found = []
        for place in (self.here, self.there):
            for line in place.lines:
                indicator = line.action.indicators.get()
                chapters = (place.narrative, place.tables, place.cover)
                found += [self.parts(place, line, indicator, chapter) for chapter in chapters]
            found.append(self.parts(place, place.lines[0], place.context, place.narrative))
        return found

    def parts(self, place, line, indicator, chapter):
        return {
            "territory": place.territory.code,
            "number": place.year.number,
            "axis_id": place.axis.pk,
            "line_id": line.pk,
            "column_id": place.column.pk,
            "chapter_id": chapter.pk,
            "block_id": place.block.pk,
            "code": indicator.code,
            "job_id": self.job.pk,
        }

    @cached_property
    def forms(self):
        """{address: what a good form posts there}."""
        line = Line.objects.get(pk=self.here.lines[0].pk)
        cell = TextBlock.objects.get(line=line, column=self.here.column)
        narrative = TextBlock.objects.get(block=self.here.block)
        entry = line.action.indicators.get().entries.get(year=self.here.year, correction=None)
        following = {"rédaction": "review", "relecture": "sent", "transmis": "review"}[self.step]
        return {
            "axes:move_year": {"to": following, "reason": "Erreur trouvée"},
            "axes:add_line": {"title": "Action ajoutée"},
            "axes:edit_title": {"title": "Autre intitulé", "version": line.version},
            "axes:edit_state": {
                "state": self.here.state.pk,
                "inflection": "ms",
                "reason": "Faute de locaux",
                "version": line.version,
            },
            "axes:edit_people": {"lead": self.a.pk, "version": line.version},
            "axes:move_line": {"sens": "bas"},
            "axes:remove_line": {"version": line.version},
            "axes:edit_cell": {"html": "<p>Autre</p>", "version": cell.version},
            "axes:edit_block": {"html": "<p>Autre</p>", "version": narrative.version},
            "axes:enter_value": {
                "answer": "given",
                "number": "13",
                "qualifier": "exact",
                "reason": "Recompté",
                "corrects": entry.pk,
            },
            "reporting:ask_file": {"format": "json"},
        }
