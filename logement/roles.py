"""Who may do what: the whole policy on one screen. A role is never tested anywhere else."""

from enum import Enum, auto

from django.db import models


class Permission(Enum):
    VIEW_PLAN = auto()  # the frame: conventions, axes, actions without their texts
    VIEW_LINES = auto()  # every line of the open exercise: state, texts, indicators
    VIEW_OWN_LINES = auto()  # only the lines in which one's organisation takes part
    EDIT_PLAN = auto()  # lines, states, texts, chapters, order
    SET_UP = auto()  # conventions: signatories, axes, columns, states, parts of the report, first exercise
    VIEW_FIGURES = auto()  # every indicator and the history of its values
    VIEW_OWN_FIGURES = auto()  # only the indicators one's organisation supplies
    EDIT_FIGURES = auto()  # enter and correct values, with a reason
    VIEW_NARRATIVE = auto()  # the chapters, once shared
    VIEW_DRAFT_REPORT = auto()  # the report while it is being written
    VIEW_SHARED_REPORT = auto()  # the report once the lead has shared or sent it
    VIEW_SENT_REPORT = auto()  # the report once it has been sent to the State
    PRODUCE_REPORT = auto()  # ask for a file
    IMPORT_REPORT = auto()  # take a whole report written elsewhere into the plan, and keep its file
    RECEIVE_REPORT = auto()  # told by e-mail when it is sent
    MAKE_INQUIRY = auto()  # ask for a completion, on a row or a figure of the report
    ANSWER_INQUIRY = auto()  # answer it
    VIEW_INQUIRIES = auto()  # what was asked and answered
    COMPARE_TERRITORIES = auto()  # the figures of all one's territories, side by side
    PUBLISH_REPORT = auto()  # open its public figures to anyone, close them again
    MOVE_EXERCISE = auto()  # preparation, collection, writing, review, sent, closed
    VIEW_OWN_REGISTERS = (
        auto()
    )  # the rows of the registers that one's own association wrote, and who read them
    EDIT_OWN_REGISTERS = auto()  # write, import, export and erase them
    VIEW_REGISTER_COUNTS = auto()  # what the registers count, never a row
    ANSWER_CAMPAIGN = auto()  # fill what one's own organisation is asked
    SEND_SUBMISSION = auto()  # send it to the lead
    RUN_CAMPAIGN = auto()  # compose, open, remind, review, close; never a draft
    VIEW_PEOPLE = auto()  # the people of the territory
    VIEW_OWN_PEOPLE = auto()  # those of one's own organisation
    INVITE_PEOPLE = auto()  # open to somebody a role that one may give (`GIVES`), and end it
    INVITE_OWN_PEOPLE = auto()  # the same, for one's own organisation
    ADMINISTER = auto()  # accounts, organisations, territories, who read what: no business object


class Role(models.TextChoices):
    LEAD = "lead", "Cheffe ou chef de projet"
    READER = "reader", "Lecture (élus, direction)"
    PARTNER = "partner", "Association partenaire"
    WRITER = "writer", "Association partenaire (rédaction, sans envoi)"
    DDETS = "ddets", "DDETS"
    DIHAL = "dihal", "DIHAL"
    ADMINISTRATOR = "administrator", "Administration technique"


P = Permission
STATE = frozenset(
    {
        P.VIEW_PLAN,
        P.VIEW_SHARED_REPORT,
        P.PRODUCE_REPORT,
        P.RECEIVE_REPORT,
        P.VIEW_INQUIRIES,
        P.VIEW_OWN_PEOPLE,
    }
)
PARTNER = frozenset(
    {
        P.VIEW_PLAN,
        P.VIEW_OWN_LINES,
        P.VIEW_OWN_FIGURES,
        P.VIEW_SENT_REPORT,
        P.PRODUCE_REPORT,
        P.VIEW_OWN_REGISTERS,
        P.EDIT_OWN_REGISTERS,
        P.ANSWER_CAMPAIGN,
        P.VIEW_OWN_PEOPLE,
    }
)

PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.LEAD: frozenset(
        {
            P.VIEW_PLAN,
            P.VIEW_LINES,
            P.EDIT_PLAN,
            P.SET_UP,
            P.VIEW_FIGURES,
            P.EDIT_FIGURES,
            P.VIEW_NARRATIVE,
            P.VIEW_DRAFT_REPORT,
            P.VIEW_SHARED_REPORT,
            P.PRODUCE_REPORT,
            P.IMPORT_REPORT,
            P.MOVE_EXERCISE,
            P.PUBLISH_REPORT,
            P.ANSWER_INQUIRY,
            P.VIEW_INQUIRIES,
            P.VIEW_REGISTER_COUNTS,
            P.RUN_CAMPAIGN,
            P.VIEW_PEOPLE,
            P.INVITE_PEOPLE,
        }
    ),
    Role.READER: frozenset(
        {P.VIEW_PLAN, P.VIEW_LINES, P.VIEW_FIGURES, P.VIEW_SHARED_REPORT, P.PRODUCE_REPORT}
    ),
    Role.PARTNER: PARTNER | {P.SEND_SUBMISSION, P.INVITE_OWN_PEOPLE},
    Role.WRITER: PARTNER,
    Role.DDETS: STATE | {P.MAKE_INQUIRY},
    Role.DIHAL: STATE | {P.COMPARE_TERRITORIES},
    Role.ADMINISTRATOR: frozenset({P.ADMINISTER, P.VIEW_PEOPLE, P.INVITE_PEOPLE}),
}

#: The roles that each role may give, and take back.
GIVES: dict[str, tuple[Role, ...]] = {
    Role.LEAD: (Role.LEAD, Role.READER, Role.PARTNER, Role.WRITER, Role.DDETS, Role.DIHAL),
    Role.PARTNER: (Role.PARTNER, Role.WRITER),
    Role.ADMINISTRATOR: tuple(Role),
}

#: Who signs in with a second factor: those whose account opens more than what one association wrote.
SECOND_FACTOR = frozenset({Role.LEAD, Role.DDETS, Role.DIHAL, Role.ADMINISTRATOR})

#: What the technical administrator may read, and only read, while a session of assistance lasts. Never a draft of a
#: partner, never a row of a register.
ASSISTANCE = frozenset(
    {
        P.VIEW_PLAN,
        P.VIEW_LINES,
        P.VIEW_FIGURES,
        P.VIEW_NARRATIVE,
        P.VIEW_DRAFT_REPORT,
        P.VIEW_SHARED_REPORT,
        P.VIEW_REGISTER_COUNTS,
    }
)


def roles_with(permission):
    """The roles that hold `permission`, as a list of stored codes for a query."""
    return [role for role, permissions in PERMISSIONS.items() if permission in permissions]
