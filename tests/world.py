"""One small world for the tests that look at everything: two territories, one exercise each, and the cast.

Each text that somebody wrote holds a canary of its own, `zqk07kqz`: found in an answer, it says what was shown there.
"""

import re
from datetime import date, timedelta
from functools import cached_property

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from axes.agreement_forms import KEY
from axes.agreements import acts, lists, outline
from axes.definitions import version_of
from axes.models import Line, TextBlock, Year
from axes.submissions import answers, guests, moves
from axes.workflow import save_text
from bail_dabord.imports import HOUSEHOLDS
from logement import audit, imports, invitations
from logement.codes import show_code
from logement.models import AccessLog, Job, RetentionNotice
from logement.spreadsheets import read_table
from prevention.books import BOOKS
from reporting import frozen, publications, renderers
from reporting.publications import publish
from reporting.workflow import transmit
from tests.axes import import_world
from tests.factories import (
    ActionFactory,
    AgreementFactory,
    AssistanceFactory,
    AttachmentFactory,
    AxisFactory,
    BlockFactory,
    ChapterFactory,
    EntryFactory,
    GatheringFactory,
    GatheringKindFactory,
    IndicatorFactory,
    InvitationFactory,
    JustificationFactory,
    LayoutFactory,
    LineFactory,
    MembershipFactory,
    OrganisationFactory,
    SeriesBreakFactory,
    StateFactory,
    TargetFactory,
    TerritoryFactory,
    TextBlockFactory,
    UserFactory,
    YearFactory,
    bail_dabord,
    prevention,
)
from tests.factories.campaigns import CampaignFactory, GuestLinkFactory, QuestionFactory, SubmissionFactory
from tests.factories.reporting import InquiryFactory, PublicFileFactory, VersionFileFactory

#: The steps of an exercise at which everything is tried, as the matrix names them.
STEPS = {"rédaction": "writing", "relecture": "review", "transmis": "sent"}
CANARY = re.compile(r"zqk\d{2,3}kqz")
NOWHERE = {
    "territory": "nulle-part",
    "number": 2099,
    "agreement_id": 999_999,
    "layout_id": 999_999,
    "action_id": 999_999,
    "axis_id": 999_999,
    "line_id": 999_999,
    "column_id": 999_999,
    "chapter_id": 999_999,
    "block_id": 999_999,
    "text_id": 999_999,
    "code": "INCONNU",
    "exercise": 1999,
    "item": "inconnu",
    "job_id": "00000000-0000-4000-8000-000000000000",
    "key": "inconnu.inconnu",
    "year": 1999,
    "pk": 999_999,
    "slug": "inconnu",
    "book": "inconnu",
    "contact_id": 999_999,
    "follow_up_id": 999_999,
    "pending": "00000000-0000-4000-8000-000000000000",
    "organisation_id": 999_999,
    "question_id": 999_999,
    "doc_id": 999_999,
    "proposal_id": 999_999,
    "link_id": 999_999,
    "justification_id": 999_999,
    "rank": 99,
    "version": 99,
    "anchor": "action-999999",
    "inquiry_id": 999_999,
    "file_format": "inconnu",
    "token": "inconnu",
}
#: The addresses whose `pk` is that of a submission: those of its partner and its guests, then those of the lead.
BILANS = (
    *(
        "fill",
        "save_answer",
        "add_document",
        "document",
        "remove_document",
        "prepare",
        "send",
        "reply",
        "sending",
    ),
    *("sent_source", "sent_document", "download_sheet", "upload_sheet", "preview_sheet", "confirm_sheet"),
    *("cancel_sheet", "sheet_faults"),
)
PERSON = ("person", "end_membership", "unlock", "remove_second_factor")
#: Those whose `pending` is that of an imported report, of an amended export.
IMPORTS = ("review_import", "import_file", "decide_import", "accept_import", "save_import", "give_up_import")
AMENDED = ("amended", "decide_amended", "save_amended")
REVIEWS = ("review", "propose", "withdraw", "take_over", "hand_back", "guest_links", "revoke_link")
#: {key of an importer: a file with one good line and a column of one's own}.
FILES = {
    "bail_dabord.households": "Adultes;Provenance;Connu depuis;{own}\n2;Rue;05/2023;x\n",
    "prevention.supports": "Bailleur;Signalé le;Stade;Motif;{own}\nBailleur;02/03/2023;Impayés;Autre motif;x\n",
    "prevention.contacts": "Contact du;Sujets;Canaux;{own}\n02/03/2023;Habitat indigne;Téléphone;x\n",
    "prevention.rehousings": "Attribué le;{own}\n02/03/2023;x\n",
}
IMPORTERS = [HOUSEHOLDS, *(book.importer for book in BOOKS)]


def listed(rows, seen):
    """What the form of a list posts; `rows` are {field: value}, those that exist first."""
    held = sum("key" in row for row in rows)
    data = {"lignes-TOTAL_FORMS": len(rows), "lignes-INITIAL_FORMS": held, "seen": seen}
    for rank, row in enumerate(rows):
        values = {"ORDER": rank + 1} | row
        data |= {f"lignes-{rank}-{name}": "" if value is None else value for name, value in values.items()}
    return data


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
        self.report = import_world.given(
            territory=self.territory,
            by=world.author,
            name=f"{write(f'{code}: report name')}.docx",
            word=write(f"{code}: report text"),
            label=write(f"{code}: report figure"),
        )
        self.amended = import_world.given(
            territory=self.territory,
            by=world.author,
            compared_to=self.year,
            name=f"{write(f'{code}: export name')}.docx",
        )

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
        GatheringFactory(
            action=action,
            kind=GatheringKindFactory(territory=self.territory, label=write("kind")),
            title=write("gathering"),
            held_on=f"{self.year.number}-03-01",
            participants=7,
            created_by=world.author,
        )
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

    def keep_registers(self, world, keepers):
        """Each of `keepers`, {name: organisation}, keeps every register; the first supplies a figure counted there."""
        code = self.territory.code
        world.landlord.territories.add(self.territory)
        self.kept = [Kept(self, world, name, organisation) for name, organisation in keepers.items()]
        counted = IndicatorFactory(
            territory=self.territory,
            code="REGISTRE",
            label=world.write(f"{code}: REGISTRE label"),
            source="register",
            figure_key="bail_dabord.households_entered",
            supplier=next(iter(keepers.values())),
        )
        SeriesBreakFactory(
            indicator=counted, reason=world.write(f"{code}: REGISTRE break"), created_by=world.author
        )

    def collect(self, world, suppliers):
        """The campaign: what each association is asked, sent, was asked to correct, and is drafting since."""
        self.campaign = CampaignFactory(
            year=self.year, opened=True, instructions=world.write(f"{self.territory.code}: instructions")
        )
        self.bilans = [
            Bilan(world, self, line, name, supplier)
            for line, (name, supplier) in zip(self.lines, suppliers.items(), strict=True)
        ]

    def tell(self, world):
        """Writes the narrative twice, so that it has a history, with two figures in it; justifies a finding."""
        code = self.territory.code
        self.justification = JustificationFactory(
            year=self.year,
            sentence=world.write(f"{code}: finding"),
            reason=world.write(f"{code}: justification"),
            created_by=world.author,
        )
        self.inquiry = InquiryFactory(
            year=self.year, question=world.write(f"{code}: inquiry"), asked_by=world.author
        )
        InquiryFactory(
            year=self.year,
            answer=world.write(f"{code}: answer to an inquiry"),
            answered_at=timezone.now(),
            answered_by=world.author,
            asked_by=world.author,
        )
        text = TextBlockFactory(
            block=self.block, content=f"<p>{world.write(f'{code}: narrative before')}</p>"
        )
        cited = (self.lines[0].action.indicators.get().code, "REGISTRE")
        figures = "".join(f' <span data-ref="{ref}"></span>' for ref in cited)
        words = f"<p>{world.write(f'{code}: narrative')}{figures}</p>"
        save_text(text=text, version=1, content=words, by=world.author)
        TextBlockFactory(
            block=BlockFactory(chapter=self.cover), content=f"<p>Plan {world.write(f'{code}: cover')}</p>"
        )

    def send(self, world):
        """Freezes the report as its first version, with one file."""
        Year.objects.filter(pk=self.year.pk).update(state="review")
        version = transmit(year=self.year, by=world.author)
        document = frozen.document_of(version)
        VersionFileFactory(version=version, content=renderers.by_name("json").render(document))

    def publish(self, world):
        publication = publish(year=self.year, by=world.author)
        content = renderers.by_name("json").render(publications.document_of(publication.version))
        PublicFileFactory(publication=publication, content=content)


class Kept:
    """The registers of one association in a territory: rows that live, free text and codes that nobody else reads."""

    def __init__(self, place, world, name, organisation):
        self.organisation, self.pending = organisation, {}
        here = {"territory": place.territory, "organisation": organisation}
        self.where = f"{place.territory.code}: {name}"
        register = bail_dabord.RegisterFactory(**here)
        tenancy = bail_dabord.TenancyFactory(household__register=register, ended=True)
        waiting = bail_dabord.HouseholdFactory(register=register)
        self.referral = bail_dabord.ReferralFactory(
            register=register, service=world.write(f"{self.where} service")
        )
        for factory in ("ContractedPlacesFactory", "ClaimFactory", "CommissionFactory"):
            getattr(bail_dabord, factory)(register=register)
        supports, platform, rehousings = (
            prevention.RegisterFactory(**here, scheme=scheme)
            for scheme in ("support", "platform", "rehousing")
        )
        self.support = prevention.SupportFactory(register=supports, landlord=world.landlord, closed=True)
        prevention.PlacesFactory(register=supports)
        self.contact = prevention.ContactFactory(household__register=platform)
        prevention.ContactFactory(household=self.contact.household)
        self.follow_up = prevention.FollowUpFactory(household=self.contact.household)
        self.rehousing = prevention.RehousingFactory(register=rehousings, transferred=True)
        self.household, self.waiting = tenancy.household, waiting
        for row in (self.household, waiting, self.support, self.contact.household, self.rehousing):
            world.recognise(row.code, f"{self.where} code")
            world.recognise(show_code(row.code), f"{self.where} code")
        RetentionNotice.objects.create(
            register="bail_dabord.households",
            row=self.household.pk,
            announced_on=date(2025, 6, 1),
            due_on=date(2025, 7, 1),
            **here,
        )
        audit.log_access(
            by=world.author,
            act=AccessLog.Act.EXPORT,
            register="Bail d'abord : ménages",
            territory=place.territory,
            organisation=organisation,
            rows=2,
            reason=world.write(f"{self.where} reason of an export"),
        )

    def give_files(self, world, place, by):
        """This person begins an import into each register."""
        for importer in IMPORTERS:
            content = FILES[importer.key].format(own=world.write(f"{self.where} file"))
            table = read_table(content.encode(), name="tableau.csv", sheet="")
            held = imports.hold(
                importer, table, territory=place.territory, organisation=self.organisation, by=by
            )
            self.pending[importer.url] = (importer, held)

    @property
    def parts(self):
        """What leads to these rows; « a.b » is the part b of the addresses that begin by a."""
        return {
            "bail_dabord.code": self.household.code,
            "bail_dabord:enter.code": self.waiting.code,
            "bail_dabord.slug": "candidatures",
            "bail_dabord:act.slug": "fin-de-bail",
            "bail_dabord.pk": self.referral.pk,
            "prevention.book": "accompagnements",
            "prevention.code": self.support.code,
            "prevention.slug": "corriger",
            **self.platform,
            "pending": NOWHERE["pending"],
            **{f"{url}.pending": held.pk for url, (_, held) in self.pending.items()},
        }

    @property
    def platform(self):
        household = {"book": "plateforme", "code": self.contact.household.code}
        ways = ("add_contact", "remove_contact", "start_follow_up", "end_follow_up")
        leading = {f"prevention:{way}.{part}": value for way in ways for part, value in household.items()}
        return leading | {"contact_id": self.contact.pk, "follow_up_id": self.follow_up.pk}

    def others(self):
        """What leads to the rows of the two other books of prevention."""
        return [
            {"prevention.book": "plateforme", "prevention.code": self.contact.household.code},
            {"prevention.book": "relogements", "prevention.code": self.rehousing.code},
            *({"bail_dabord.slug": slug} for slug in ("fonds", "commissions", "places")),
        ]


class Bilan:
    """The submission of an association: sent once, returned on its text alone, a proposal waiting on its figure."""

    def __init__(self, world, place, line, name, organisation):
        def write(what):
            return world.write(f"{place.territory.code}: {name} {what}")

        acting = {"by": world.author}
        self.submission = SubmissionFactory(campaign=place.campaign, organisation=organisation)
        asked = {"submission": self.submission, "action": line.action}
        self.figure = QuestionFactory(submission=self.submission)
        self.text = QuestionFactory(indicator=None, kind="highlights", **asked)
        papers = QuestionFactory(indicator=None, kind="documents", **asked)
        answers.save_answer(question=self.figure, version=0, number=12, note=write("sent"), **acting)
        answers.save_answer(question=self.text, version=0, text=write("sent text"), **acting)
        file = ContentFile(f"Liste {write('document')}".encode(), name="a.txt")
        self.document = answers.add_document(
            question=papers, name="a.txt", content=file, media_type="text/plain", **acting
        )
        moves.send(submission=self.submission, organisation=organisation, **acting)
        self.proposal = moves.propose(
            question=self.figure, number=15, reason=write("proposal"), source=write("proof"), **acting
        )
        moves.request_correction(
            submission=self.submission,
            comment=write("comment"),
            remarks={self.text.pk: write("remark"), papers.pk: ""},
            organisation=world.metropole,
            **acting,
        )
        answers.save_answer(question=self.text, version=1, text=write("draft"), **acting)
        self.link = GuestLinkFactory(submission=self.submission)

    @property
    def parts(self):
        """What leads to it; « a.b » is the part b of the addresses that begin by a."""
        return {
            **{f"axes:{name}.pk": self.submission.pk for name in (*BILANS, *REVIEWS)},
            "reporting:receipt.pk": self.submission.pk,
            **{f"axes:{name}.pending": NOWHERE["pending"] for name in BILANS if name.endswith("_sheet")},
            "axes:sheet_faults.pending": NOWHERE["pending"],
            "organisation_id": self.submission.organisation_id,
            "question_id": self.figure.pk,
            "axes:save_answer.question_id": self.text.pk,
            "axes:add_document.question_id": self.document.question_id,
            "doc_id": self.document.pk,
            "proposal_id": self.proposal.pk,
            "link_id": self.link.pk,
            "rank": 1,
            "token": guests.SIGNER.sign(str(self.link.key)),
        }


class World:
    """Everything at one step of the exercise. `people` is the cast, by the names of the matrix; None is anonymous."""

    def __init__(self, step):
        self.canaries, self.codes = {}, {}
        self.step = step
        self.metropole = OrganisationFactory(name="Métropole", kind="authority")
        self.landlord = OrganisationFactory(name="Bailleur")
        self.author = UserFactory(full_name="Rédactrice d'hier")
        self.a, self.b = (OrganisationFactory(name=f"Association {x}", kind="association") for x in "AB")
        self.here = Place(self, "ici", {"A": self.a, "B": self.b})
        self.there = Place(self, "ailleurs", {"C": OrganisationFactory(name="Association C")})
        self.here.keep_registers(self, {"A": self.a, "B": self.b})
        self.there.keep_registers(self, {"A": self.a})
        self.here.collect(self, {"A": self.a, "B": self.b})
        self.there.collect(self, {"C": self.there.lines[0].partners.get()})
        for place in (self.here, self.there):
            place.tell(self)
            place.territory.organisations.add(self.metropole, self.a, self.b)
            Year.objects.filter(pk=place.year.pk).update(state=STEPS[step])
            if step == "transmis":
                place.send(self)
        if step == "transmis":
            self.here.publish(self)
        self.people = self.cast()
        self.job = self.done_job(self.people["cheffe"])
        self.come_in(self.here, self.a)
        self.come_in(self.there, self.there.lines[0].partners.get())
        self.here.kept[0].give_files(self, self.here, by=self.people["association A"])

    def write(self, what):
        """A canary: the text that somebody wrote in that place."""
        canary = f"zqk{len(self.canaries):02}kqz"
        self.canaries[canary] = what
        return canary

    def recognise(self, code, what):
        """A household's code is a canary too."""
        self.codes[code.casefold()] = what

    def found(self, text):
        """The places whose canary is in a text, whatever the case."""
        text = text.casefold()
        codes = {what for code, what in self.codes.items() if code in text}
        return codes | {self.canaries[canary] for canary in CANARY.findall(text)}

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

    def come_in(self, place, organisation):
        """Who writes for this organisation, is invited, is presented by ProConnect; and a session of assistance."""
        here = {"territory": place.territory, "organisation": organisation}
        writer = MembershipFactory(role="writer", **here)
        invitation = InvitationFactory(role="writer", created_by=self.author, **here)
        place.territory.organisations.add(organisation)
        reason = self.write(f"{place.territory.code}: reason of an assistance")
        session = AssistanceFactory(territory=place.territory, over=True, reason=reason)
        place.arrivals = {
            **{f"{name}.pk": writer.pk for name in PERSON},
            **{f"{name}.pk": invitation.pk for name in ("resend_invitation", "revoke_invitation")},
            "attachment.pk": AttachmentFactory(organisation=organisation).pk,
            "assistance_session.pk": session.pk,
            "invitation.token": invitations.SIGNER.sign(str(invitation.key)),
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
            for rank, line in enumerate(place.lines):
                kept = place.kept[rank]
                indicator = line.action.indicators.get()
                chapters = (place.narrative, place.tables, place.cover)
                found += [self.parts(place, line, indicator, chapter, kept) for chapter in chapters]
                found += [found[-1] | others for others in kept.others()]
            for indicator in (place.context, place.territory.indicators.get(code="REGISTRE")):
                found.append(self.parts(place, place.lines[0], indicator, place.narrative, place.kept[0]))
        return found

    def parts(self, place, line, indicator, chapter, kept):
        return {
            "territory": place.territory.code,
            "number": place.year.number,
            "agreement_id": place.year.agreement_id,
            "layout_id": place.layout.pk,
            "action_id": line.action_id,
            "axis_id": place.axis.pk,
            "line_id": line.pk,
            "column_id": place.column.pk,
            "chapter_id": chapter.pk,
            "block_id": place.block.pk,
            "justification_id": place.justification.pk,
            "text_id": line.texts.get(column=place.column).pk,
            "code": indicator.code,
            "exercise": place.year.number,
            "job_id": self.job.pk,
            "key": "bail_dabord.households_entered",
            "version": 1,
            "anchor": f"action-{line.pk}",
            "inquiry_id": place.inquiry.pk,
            "file_format": "json",
            "reporting:side_by_side.file_format": "csv",
            "year": place.year.number,
            "pk": line.action.gatherings.get().pk,
            **place.arrivals,
            "item": import_world.key("remark"),
            **kept.parts,
            **{f"axes:{name}.pending": place.report.pk for name in IMPORTS},
            **{f"axes:{name}.pending": place.amended.pk for name in AMENDED},
            **place.bilans[place.lines.index(line)].parts,
        }

    @cached_property
    def forms(self):
        """{address: what a good form posts there}."""
        line = Line.objects.get(pk=self.here.lines[0].pk)
        cell = TextBlock.objects.get(line=line, column=self.here.column)
        narrative = TextBlock.objects.get(block=self.here.block)
        entry = line.action.indicators.get().entries.get(year=self.here.year, correction=None)
        gathering = line.action.gatherings.get()
        held = {"action": line.action.pk, "kind": gathering.kind.pk, "held_on": "2023-05-02"}
        following = {"rédaction": "review", "relecture": "writing", "transmis": "review"}[self.step]
        return {
            "axes:move_year": {"to": following},
            "reporting:reopen": {"words": "Erreur trouvée"},
            "reporting:withdraw_publication": {"words": "Erreur trouvée"},
            "reporting:ask_inquiry": {"words": "Sur quelle période ?"},
            "reporting:answer_inquiry": {"words": "Sur l'année."},
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
            "axes:key_figures": {"version": 0},
            "axes:edit_definition": {
                "definition": "Autre",
                "measure": "other",
                "reason": "Autre mesure",
                "version": version_of(line.action.indicators.get()),
            },
            "axes:add_indicator": {
                "label": "Ajouté",
                "unit": "ménages",
                "kind": "headcount",
                "temporality": "flow",
            },
            "axes:change_source": {"origin": "bail_dabord.households_entered", "reason": "Registre tenu"},
            "axes:add_gathering": held,
            "axes:edit_gathering": held | {"version": gathering.version},
            "axes:remove_gathering": {"version": gathering.version},
            "axes:decide_import": {"verdict": "accepted", "version": 0},
            "reporting:ask_file": {"format": "json"},
            "invite": {"email": "autre@association.example", "organisation": self.a.pk, "role": "writer"},
            "invitation": {
                "full_name": "Zoé Invitée",
                "new_password1": "un-long-mot-de-passe",
                "new_password2": "un-long-mot-de-passe",
            },
            "attachment": {"role": "writer"},
            "open_assistance": {"reason": "Le PDF ne sort pas"},
            "reporting:justify": {"key": "inconnu", "reason": "Deux comptages"},
            **self.frame_forms(self.here),
            **self.campaign_forms(self.here.bilans[0]),
            **self.register_forms(self.here.kept[0]),
        }

    def frame_forms(self, place):
        agreement, layout = place.year.agreement, place.layout
        itself = {"title": "Autre", "call": "", "starts_on": "2022-01-01", "ends_on": "2027-12-31"}
        columns = layout.columns.values("heading", "role", key=KEY)
        states = agreement.states.values("fs", "ms", "fp", "mp", "outcome", key=KEY)
        axes = agreement.axes.values("number", "label", key=KEY)
        parts = place.year.chapters.values("title", "number", key=KEY)
        return {
            "add_territory": {
                "name": "Territoire ajouté",
                "organisation": "Collectivité ajoutée",
                "lead_email": "nouvelle@territoire.example",
            },
            "axes:add_agreement": itself | {"title": "Nouvelle"},
            "axes:edit_agreement": itself | {"seen": acts.seen_of(agreement)},
            "axes:signatories": listed(
                [{"name": "DDETS ajoutée", "kind": "state"}], lists.SIGNATORIES.seen(agreement)
            ),
            "axes:agreement_axes": listed([*axes, {"label": "Axe ajouté"}], lists.AXES.seen(agreement)),
            "axes:columns": listed(
                [*columns, {"heading": "Suites", "role": "other"}], lists.COLUMNS.seen(layout)
            ),
            "axes:states": listed(
                [*states, {"fs": "Différée", "outcome": "other"}], lists.STATES.seen(agreement)
            ),
            "axes:parts": listed([*parts, {"title": "Partie ajoutée"}], outline.seen_of(place.year)),
        }

    def campaign_forms(self, bilan):
        motive = {
            "motive": "Recompté",
            "source": "Compte rendu",
            "answer": "given",
            "number": "13",
            "read": "1",
        }
        return {
            "axes:save_answer": {f"q{bilan.text.pk}-text": "Autre", f"q{bilan.text.pk}-version": 2},
            "axes:reply": {"reply": "accept", f"p{bilan.proposal.pk}-comment": ""},
            "axes:edit_campaign": {
                "opens_on": "2020-01-01",
                "closes_on": "2030-12-31",
                "instructions": "",
                "version": 1,
            },
            "axes:add_partner": {"organisation": self.metropole.pk},
            "axes:propose": motive | {"qualifier": "exact"},
            "axes:guest_links": {"email": "autre@association.example"},
        }

    def register_forms(self, kept):
        people = {"known_since": "2023-01", "adults": "1", "children": "0", "origin": "street"}
        entry = {"entered_on": "2023-03-01", "lease": "sublet", "stock": "public"}
        contact = {"contacted_on": "2023-05-02", "subjects": ["eviction"], "channels": ["phone"]}
        warning = {
            "landlord": self.landlord.pk,
            "referred_on": "2023-02-01",
            "stage": "arrears",
            "reason": "other",
        }
        reason = {"reason": "Bilan annuel"}
        referral = {"received_on": "2023-05-02", "service": "Accueil de jour", "status": "received"}
        return {
            "bail_dabord:add_household": people,
            "bail_dabord:export": reason,
            "bail_dabord:enter": entry,
            "bail_dabord:correct": people | entry | {"version": kept.household.version},
            "bail_dabord:act": {"day": "2023-07-01", "version": kept.household.version},
            "bail_dabord:add_record": referral,
            "bail_dabord:edit_record": referral,
            "prevention:add": warning,
            "prevention:export": reason,
            "prevention:act": warning
            | {"exited_on": "2023-06-01", "entered_on": "2023-03-01", "outcome": "restored", "version": 1},
            "prevention:erase": {"confirmed": "on"},
            "prevention:add_contact": contact,
            "prevention:start_follow_up": {"subject": "unfit", "started_on": "2023-05-02"},
            "prevention:end_follow_up": {"ended_on": "2023-05-02", "outcome": "kept"},
            **{
                f"{url}_confirm": {"seen": imports.preview(importer, held).seen}
                for url, (importer, held) in kept.pending.items()
            },
        }

    def form(self, name):
        """What a good form posts to this address; a file is made anew each time, for it is read once."""
        files = {importer.url: FILES[importer.key] for importer in IMPORTERS}
        if name in files:
            content = files[name].format(own="Remarque").encode()
            return {"file": SimpleUploadedFile("tableau.csv", content, "text/csv")}
        return self.forms.get(name)
