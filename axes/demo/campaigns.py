"""The campaigns of the demonstration: 2022, closed, and 2023, whose partners stand at every step.

The partners whose figures the report prints have validated bilans that give exactly those. The associations of the
Bail d'abord, which the report does not name, show the other steps on three indicators invented for that. The rows are
written as they would stand after the acts, on days that never change; no e-mail is written.
"""

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from simple_history.utils import bulk_create_with_history

from axes.models import (
    Accepted,
    Answer,
    Campaign,
    GuestLink,
    Indicator,
    Proposal,
    Question,
    Sending,
    SeriesBreak,
    Submission,
    Transition,
)
from axes.submissions.content import content_of, figures_of
from axes.submissions.moves import questions_of
from logement.canonical import canonical, fingerprint_of
from logement.demo import ACCOUNTS, CODE, METROPOLE, organisation_named
from logement.models import Membership, Organisation, User
from logement.roles import Role

PARIS = ZoneInfo("Europe/Paris")
State, Kind = Submission.State, Question.Kind
BREAK_REASON = "Demandé aux partenaires par la campagne 2023 ; la valeur de 2022 avait été saisie (fictive)."
#: The figures of the report that a partner sends, and no register computes: chiffres.csv has their values.
FIGURES = {
    "SIAO de l'Hérault": (
        "P05", "P06", "A3-41", "A3-43", "A3-44", "A3-45", "A3-52", "A3-53", "A3-54", "A3-55",
    ),
    "Plateforme Logement d'abord": ("A3-35", "A3-36"),
    "AIVS Habitat et Humanisme Gestion Occitanie": ("A2-06",),
    "Adages": ("X-07", "X-08", "X-09", "X-11", "X-12", "X-13"),
    "Plateforme ADLH": (),  # its figures come from the register of the platform: it is asked for texts
    "Association de prévention des expulsions": (),
}  # fmt: skip
CODES = {code for codes in FIGURES.values() for code in codes}
ON_BEHALF = "AIVS Habitat et Humanisme Gestion Occitanie"
#: Who answers for the bodies that have no account of their own in logement/demo.py. Every person is invented.
PEOPLE = {
    "Association B": ("bilan@association-b.example", "Awa Diallo"),
    "Association C": ("bilan@association-c.example", "Marc Espitalier"),
    "Association D": ("bilan@association-d.example", "Leïla Haddad"),
    "Association E": ("bilan@association-e.example", "Bruno Castel"),
    "SIAO de l'Hérault": ("bilan@siao.example", "Claire Vidal"),
    "Plateforme Logement d'abord": ("bilan@plateforme.example", "Samir Benali"),
    "AIVS Habitat et Humanisme Gestion Occitanie": ("bilan@aivs.example", "Anne Combes"),
    "Plateforme ADLH": ("bilan@adlh.example", "Inès Roca"),
    "Association de prévention des expulsions": ("bilan@prevention.example", "Paul Andrieu"),
}
GUEST = ("benevole@association-b.example", "benevole@association-b.example")
MARK = "donnée inventée pour la démonstration"
#: (code, label, unit, kind, definition) of what the associations of the Bail d'abord are asked.
INVENTED = (
    ("D-01", "Visites à domicile", "visites", Indicator.Kind.EVENT, "Visites faites chez les ménages logés"),
    ("D-02", "ETP mobilisés", "ETP", Indicator.Kind.CAPACITY, "Équivalents temps plein de l'équipe"),
    ("D-03", "Ménages vus chaque mois", "%", Indicator.Kind.RATE, "Part des ménages logés vus chaque mois"),
)
#: {association: answers to the three, in 2023 then in 2022}. « 9/11 » is a rate, None has no answer yet.
ANSWERS = {
    "Association A": (("96", None, None), ("88", "1.5", "10/12")),
    "Association B": ((None, None, None), ("102", "1.5", "9/11")),
    "Association C": (("310", "1.5", "11/12"), ("97", "1.5", "10/11")),
    "Association D": (("84", "2.5", "8/10"), ("81", "1.5", "9/10")),
    "Association E": (("120", "1.5", "10/12"), ("115", "1.5", "11/12")),
}
HIGHLIGHTS = (
    "Les visites ont repris à un rythme régulier ; une équipe partagée a été essayée au second semestre."
)


def is_asked(row):
    """Whether a row of chiffres.csv takes its value from a campaign."""
    return row["code"] in CODES


def write(answers, *, broken, year, earlier, action, by):
    """The people, the indicators invented, and both campaigns.

    `answers` are {code: fields of a Quantity} of the figures of the report; `broken` the codes of those that were typed
    in `earlier`.
    """
    territory = year.territory
    associations = {
        name: organisation_named(name, Organisation.Kind.ASSOCIATION, territory) for name in ANSWERS
    }
    people = write_people(territory)
    invented = write_indicators(territory, action, by)
    before = write_campaign(earlier, date(2023, 1, 16), date(2023, 3, 15), by, closed_on=date(2023, 4, 3))
    now = write_campaign(year, date(2024, 1, 15), date(2024, 3, 15), by)
    for name, (_, given) in ANSWERS.items():
        past = Bilan(before, associations[name], people[name], by)
        past.ask(invented, given, action)
        past.validate(2023)
    for name, (given, _) in ANSWERS.items():
        STEPS[name](now, associations[name], people[name], by, invented, given, action)
    for name, codes in FIGURES.items():
        validated(now, name, codes, answers, people[name], by)
    SeriesBreak.objects.bulk_create(
        SeriesBreak(
            indicator=indicator,
            number=year.number,
            source_before=Indicator.Source.TYPED,
            source_after=Indicator.Source.SUBMITTED,
            reason=BREAK_REASON,
            created_by=by,
        )
        for indicator in Indicator.objects.filter(territory=territory, code__in=CODES & broken)
    )


def write_people(territory):
    """{body: the person who answers for it}."""
    found = {
        account.organisation: User.objects.get_by_natural_key(account.email)
        for account in ACCOUNTS
        if account.role == Role.PARTNER
    }
    for name, (email, full_name) in PEOPLE.items():
        user = User.objects.create_user(email, full_name=full_name)
        organisation = organisation_named(name, Organisation.Kind.ASSOCIATION, territory)
        Membership.objects.create(
            user=user,
            organisation=organisation,
            territory=territory,
            role=Role.PARTNER,
            starts_on=date(2023, 1, 1),
        )
        found[name] = user
    return found


def write_indicators(territory, action, by):
    batch = [
        Indicator(
            territory=territory,
            action=action,
            code=code,
            label=f"{label} ({MARK})",
            definition=f"{definition} ({MARK}).",
            unit=unit,
            kind=kind,
            base="Ménages logés par l'association",
            perimeter="Associations du Bail d'abord",
            source_detail="Bilan de l'association",
            source=Indicator.Source.SUBMITTED,
            position=200 + rank,
        )
        for rank, (code, label, unit, kind, definition) in enumerate(INVENTED)
    ]
    bulk_create_with_history(batch, Indicator, default_user=by, default_change_reason="Démonstration")
    return batch


def write_campaign(year, opens_on, closes_on, by, closed_on=None):
    campaign = Campaign(
        year=year,
        opens_on=opens_on,
        closes_on=closes_on,
        instructions="Répondez pour l'année entière. Si un chiffre vous manque, dites « non disponible ».",
        opened_at=moment(opens_on),
        opened_by=by,
        closed_at=moment(closed_on) if closed_on else None,
        closed_by=by if closed_on else None,
    )
    campaign._history_user, campaign._history_date = by, moment(opens_on)
    campaign.save()
    return campaign


def moment(day, hour=9):
    return datetime.combine(day, time(hour), PARIS)


class Bilan:
    """The submission of a partner, taken from step to step on given days."""

    def __init__(self, campaign, organisation, person, lead, **fields):
        self.person, self.lead, self.metropole = person, lead, Organisation.objects.get(name=METROPOLE)
        self.row = Submission(campaign=campaign, organisation=organisation, **fields)
        self.row._history_user, self.row._history_date = lead, campaign.opened_at
        self.row.save()

    def ask(self, indicators, given, action=None, texts=(Kind.HIGHLIGHTS,)):
        """Asks of the figures, then of the texts; `given` are the answers, « 9/11 » or a dict of fields."""
        questions = [
            Question(submission=self.row, indicator=indicator, action=indicator.action, position=rank)
            for rank, indicator in enumerate(indicators, start=1)
        ]
        questions += [
            Question(submission=self.row, kind=kind, action=action, position=len(questions) + rank)
            for rank, kind in enumerate([*texts, Kind.DOCUMENTS], start=1)
        ]
        self.questions = Question.objects.bulk_create(questions)
        answered = [(q, quantity_of(words)) for q, words in zip(self.questions, given, strict=False) if words]
        if answered and texts:
            answered.append((self.questions[len(indicators)], {"text": HIGHLIGHTS}))
        self.draft(answered)

    def draft(self, answered, month=2, day=5):
        if not answered:
            return
        at = moment(date(self.row.campaign.opens_on.year, month, day))
        batch = [
            Answer(question=question, updated_at=at, updated_by=self.person, **fields)
            for question, fields in answered
        ]
        bulk_create_with_history(batch, Answer, default_user=self.person, default_date=at)
        self.step("Début de la saisie", State.DRAFT, at, self.person, self.row.organisation)

    def step(self, act, state, at, by, organisation, comment=""):
        Transition.objects.create(
            submission=self.row,
            act=act,
            before=self.row.state,
            after=state,
            at=at,
            by=by,
            organisation=organisation,
            comment=comment,
        )
        self.row.state, self.row.active_at = state, at
        self.row._history_user, self.row._history_date = by, at
        self.row.save()

    def send(self, at, source=None):
        by = self.lead if self.row.is_on_behalf else self.person
        rank = self.row.sendings.count() + 1
        written = content_of(
            self.row,
            list(questions_of(self.row)),
            rank=rank,
            sent_at=at,
            sent_by=by,
            is_on_behalf=self.row.is_on_behalf,
            source_name=source.name if source else "",
        )
        content = canonical(written)
        self.sending = Sending(
            submission=self.row,
            rank=rank,
            content=content,
            fingerprint=fingerprint_of(content),
            sent_at=at,
            sent_by=by,
            is_on_behalf=self.row.is_on_behalf,
            source_name=source.name if source else "",
        )
        if source:
            self.sending.source.save(source.name, source, save=False)
        self.sending.save()
        office = self.metropole if self.row.is_on_behalf else self.row.organisation
        self.step("Transmission", State.SENT, at, by, office)

    def validate(self, in_year, source=None):
        """Sends and validates, in February and in March of that year."""
        self.send(moment(date(in_year, 2, 20), 15), source)
        at = moment(date(in_year, 3, 18), 11)
        Accepted.objects.bulk_create(
            Accepted(
                question_id=key,
                sending=self.sending,
                accepted_at=at,
                accepted_by=self.lead,
                **figure.quantity,
            )
            for key, figure in figures_of(self.sending).items()
        )
        self.step("Validation", State.VALIDATED, at, self.lead, self.metropole)


def quantity_of(words):
    """The fields of an answer: « 12 », « 9/11 », or fields already."""
    if isinstance(words, dict):
        return words
    numerator, _, denominator = words.partition("/")
    if denominator:
        return {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
    return {"number": Decimal(numerator)}


def validated(campaign, name, codes, answers, person, lead):
    """A partner of the report, whose accepted answers are its figures."""
    is_on_behalf = name == ON_BEHALF
    organisation = Organisation.objects.get(name=name)
    bilan = Bilan(campaign, organisation, person, lead, is_on_behalf=is_on_behalf)
    found = {
        indicator.code: indicator
        for indicator in Indicator.objects.filter(territory__code=CODE, code__in=codes).select_related(
            "action"
        )
    }
    texts = (Kind.HIGHLIGHTS, Kind.OUTLOOK)
    bilan.ask([found[code] for code in codes], [answers[code] for code in codes], texts=texts)
    if not codes:
        bilan.draft([(bilan.questions[0], {"text": HIGHLIGHTS})])
    source = None
    if is_on_behalf:
        source = ContentFile(
            b"De : AIVS\nObjet : bilan annuel\n\nUn logement capte dans l'annee.\n", "courriel.txt"
        )
    bilan.validate(2024, source)


def drafting(campaign, organisation, person, lead, indicators, given, action):
    """Association A: one writes, another sends; the draft is begun."""
    Bilan(campaign, organisation, person, lead, needs_signature=True).ask(indicators, given, action)


def waiting(campaign, organisation, person, lead, indicators, given, action):
    """Association B: nothing yet; a volunteer got a link."""
    bilan = Bilan(campaign, organisation, person, lead)
    bilan.ask(indicators, given, action)
    email, full_name = GUEST
    GuestLink.objects.create(
        submission=bilan.row,
        user=User.objects.create_user(email, full_name=full_name),
        created_at=moment(date(2024, 2, 1)),
        created_by=lead,
        expires_at=moment(date(2034, 1, 1)),
    )


def contested(campaign, organisation, person, lead, indicators, given, action):
    """Association C: sent; the lead proposes another number of visits."""
    bilan = Bilan(campaign, organisation, person, lead)
    bilan.ask(indicators, given, action)
    bilan.send(moment(date(2024, 3, 4), 16))
    Proposal.objects.create(
        question=bilan.questions[0],
        sending=bilan.sending,
        number=Decimal(103),
        reason="310 est trois fois le nombre de l'an dernier : les appels semblent comptés avec les visites.",
        source="Compte rendu du comité de suivi de décembre 2023",
        created_at=moment(date(2024, 3, 12), 10),
        created_by=lead,
    )


def returned(campaign, organisation, person, lead, indicators, given, action):
    """Association D: a correction is asked, of one answer only."""
    bilan = Bilan(campaign, organisation, person, lead)
    bilan.ask(indicators, given, action)
    bilan.send(moment(date(2024, 3, 1), 14))
    question = bilan.questions[1]
    question.is_contested, question.remark = True, "Le poste ouvert en décembre compte pour un douzième."
    question.save()
    comment = "Merci pour cet envoi. Une réponse est à revoir, les autres sont bonnes."
    bilan.step(
        "Correction demandée", State.RETURNED, moment(date(2024, 3, 11)), lead, bilan.metropole, comment
    )


def accepted(campaign, organisation, person, lead, indicators, given, action):
    """Association E: validated, the only one of the five."""
    bilan = Bilan(campaign, organisation, person, lead)
    bilan.ask(indicators, given, action)
    bilan.validate(2024)


STEPS = dict(zip(ANSWERS, (drafting, waiting, contested, returned, accepted), strict=True))
