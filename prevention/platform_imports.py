"""What the platform's own spreadsheet brings in: a line is a contact, a support, or both, of one household.

The household is that of its code, else that of its mark in the file, else a new one. A contact that the register holds
in every point is not added again; a support is known by its household, its subject and the day it began.
"""

from logement import parsers
from logement.imports import Fault, Field, Importer, write_each
from prevention import workflow
from prevention.imports import CODE, UNKNOWN_CODE, in_order, keepers, past_day, register_of
from prevention.models import Channel, Contact, FollowUp, Household, PlatformOutcome, Scheme, Subject

CONTACT = ("contacted_on", "subjects", "channels")
FOLLOW_UP = ("followed_on", "started_on", "ended_on", "outcome")
IN_ORDER = in_order(("started_on", "Le début"), ("ended_on", "La fin"))
LACKING = {
    "contacted_on": "Écrivez le jour du contact.",
    "subjects": "Écrivez le ou les sujets du contact.",
    "channels": "Écrivez le ou les canaux du contact.",
    "followed_on": "Écrivez sur quel sujet porte l'accompagnement.",
    "started_on": "Écrivez le jour où l'accompagnement a commencé.",
}


def says(values, names):
    return any(values.get(name) for name in names)


def check_line(values):
    """What a line lacks, and what it says against itself."""
    if not says(values, CONTACT) and not says(values, FOLLOW_UP):
        return (
            Fault(
                "contacted_on", "Cette ligne n'a ni contact ni accompagnement : complétez-la ou retirez-la."
            ),
        )
    asked = [*(CONTACT if says(values, CONTACT) else ()), *(FOLLOW_UP[:2] if says(values, FOLLOW_UP) else ())]
    faults = [Fault(name, LACKING[name]) for name in asked if not values.get(name)]
    ended, outcome = values.get("ended_on"), values.get("outcome") or PlatformOutcome.ONGOING
    if ended and outcome == PlatformOutcome.ONGOING:
        words = (
            "Cet accompagnement est achevé : écrivez son issue, « Inconnue » si vous ne la connaissez pas."
        )
        faults.append(Fault("outcome", words))
    if not ended and outcome != PlatformOutcome.ONGOING:
        words = "Une issue demande le jour où l'accompagnement s'est achevé ; sans lui, il est en cours."
        faults.append(Fault("ended_on", words))
    return (*faults, *IN_ORDER(values))


class Held:
    """What a register of the platform holds, by code."""

    def __init__(self, register):
        self.households = {row.code: row for row in Household.objects.living().filter(register=register)}
        of_them = {"household__register": register, "household__code__isnull": False}
        contacts = Contact.objects.filter(**of_them).select_related("household")
        self.contacts = {said_by(row) for row in contacts.prefetch_related("subjects", "channels")}
        self.follow_ups = {
            (row.household.code, row.subject, row.started_on): row
            for row in FollowUp.objects.filter(**of_them).select_related("household")
        }

    def has_contact(self, values):
        sets = (frozenset(values.get(name) or ()) for name in ("subjects", "channels"))
        return (values.get("code"), values.get("contacted_on"), *sets) in self.contacts

    def follow_up(self, values):
        return self.follow_ups.get((values.get("code"), values.get("followed_on"), values.get("started_on")))


def said_by(contact):
    subjects = frozenset(row.subject for row in contact.subjects.all())
    channels = frozenset(row.channel for row in contact.channels.all())
    return contact.household.code, contact.contacted_on, subjects, channels


def compare(lines, *, territory, organisation):
    held = Held(register_of(Scheme.PLATFORM, territory, organisation))
    marks = {values.get("mark") for values in lines if says(values, CONTACT)} - {None}
    return [met(values, held, marks) for values in lines]


def met(values, held, marks):
    code = values.get("code")
    if code and code not in held.households:
        return UNKNOWN_CODE
    if not code and not says(values, CONTACT) and values.get("mark") not in marks:
        words = (
            "Cet accompagnement n'est d'aucun ménage : écrivez son code, ou le repère d'une ligne de contact."
        )
        return Fault("code", words)
    if says(values, CONTACT) and not held.has_contact(values):
        return None
    if not says(values, FOLLOW_UP):
        return dict(values)
    known = held.follow_up(values)
    if known is None:
        return dict(values) | dict.fromkeys(FOLLOW_UP) if says(values, CONTACT) else None
    before = {"ended_on": known.ended_on, "outcome": known.outcome if values.get("outcome") else None}
    return dict(values) | {name: before[name] for name in before if name in values}


def save(lines, *, territory, organisation, by):
    """The contacts first: a support may name the mark of a contact that stands further down."""
    register = register_of(Scheme.PLATFORM, territory, organisation)
    held, households = Held(register), {}

    def household_of(line):
        return held.households.get(line.values.get("code")) or households.get(key_of(line))

    def write_contact(line):
        if says(line.values, CONTACT) and not held.has_contact(line.values):
            given = {name: line.values[name] for name in CONTACT}
            contact = workflow.add_contact(register=register, household=household_of(line), **given)
            households[key_of(line)] = contact.household

    def write_follow_up(line):
        if says(line.values, FOLLOW_UP):
            record_follow_up(household_of(line), held.follow_up(line.values), line.values)

    write_each(lines, write_contact)
    write_each(lines, write_follow_up)


def key_of(line):
    """Whose the line is, within the file: the household of its mark, else one of its own."""
    return line.values.get("mark") or line.number


def record_follow_up(household, known, values):
    """Begins the support or corrects it; a column that the file does not have changes nothing."""
    row = known or FollowUp(outcome=PlatformOutcome.ONGOING)
    ended_on = values.get("ended_on", row.ended_on)
    outcome = values.get("outcome", row.outcome) or PlatformOutcome.ONGOING
    if known:
        workflow.correct_follow_up(follow_up=known, ended_on=ended_on, outcome=outcome)
    else:
        workflow.start_follow_up(
            household=household,
            subject=values["followed_on"],
            started_on=values["started_on"],
            ended_on=ended_on,
            outcome=outcome,
        )


SUBJECTS = {"expulsion": Subject.EVICTION, "impayés": Subject.ARREARS}
CHANNELS = {
    "tel": Channel.PHONE,
    "physique": Channel.IN_PERSON,
    "rendez-vous": Channel.IN_PERSON,
    "visite": Channel.IN_PERSON,
    "mail": Channel.WRITTEN,
    "courriel": Channel.WRITTEN,
    "courrier": Channel.WRITTEN,
}
OUTCOMES = {
    "relogé": PlatformOutcome.REHOUSED,
    "relogement": PlatformOutcome.REHOUSED,
    "hébergement": PlatformOutcome.SHELTERED,
    "réorienté": PlatformOutcome.REDIRECTED,
    "maintien": PlatformOutcome.KEPT,
    "non connue": PlatformOutcome.UNKNOWN,
}
CONTACTS = Importer(
    key="prevention.contacts",
    label="contacts et accompagnements de la plateforme",
    fields=(
        CODE,
        Field(
            "mark",
            "Repère du ménage dans le fichier",
            parsers.text(60),
            words=("numéro de dossier", "dossier", "n° de dossier", "repère"),
            is_free=True,
        ),
        Field(
            "contacted_on",
            "Contact du",
            past_day,
            words=("date du contact", "date de contact", "date de sollicitation"),
        ),
        Field("subjects", "Sujets", parsers.several(Subject, SUBJECTS), words=("sujet", "motif", "objet")),
        Field(
            "channels",
            "Canaux",
            parsers.several(Channel, CHANNELS),
            words=("canal", "mode de contact", "accompagnement"),
        ),
        Field(
            "followed_on",
            "Sujet de l'accompagnement",
            parsers.choice(Subject, SUBJECTS),
            words=("motif de l'accompagnement",),
        ),
        Field("started_on", "Accompagnement commencé le", past_day, words=("début de l'accompagnement",)),
        Field("ended_on", "Accompagnement achevé le", past_day, words=("fin de l'accompagnement",)),
        Field(
            "outcome",
            "Issue",
            parsers.choice(PlatformOutcome, OUTCOMES),
            words=("issue de l'accompagnement", "résultat"),
        ),
    ),
    compare=compare,
    save=save,
    check=check_line,
    url="prevention:import_contacts",
    done_url="prevention:contacts",
    keepers=keepers(Scheme.PLATFORM),
)
