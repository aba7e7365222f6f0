"""The home page: what each person finds here, according to what they may do in each territory."""

from dataclasses import dataclass

from django.shortcuts import render
from django.views.decorators.http import require_safe

from axes.models import Line, Submission, Year
from logement.models import Membership, Territory
from logement.registers import Door, doors_of
from logement.roles import Permission as P
from logement.territories import may_create


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise as its reader finds it on the home page."""

    year: Year
    may_edit: bool
    may_read_lines: bool
    may_read_report: bool
    may_read_sources: bool
    own_lines: tuple[Line, ...]
    submissions: tuple[Submission, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A territory as its reader finds it: the registers (kept, or read as counts), then the exercises."""

    territory: Territory
    memberships: list[Membership]
    exercises: list[Exercise]
    doors: list[Door]
    keeps_registers: bool
    may_set_up: bool
    may_import: bool


@require_safe
def home(request):
    user = request.user
    panels = [
        Panel(
            territory=territory,
            memberships=memberships,
            exercises=exercises_of(user, territory),
            doors=doors_of(user, territory),
            keeps_registers=user.may(P.VIEW_OWN_REGISTERS, territory),
            may_set_up=user.may(P.SET_UP, territory),
            may_import=user.may(P.IMPORT_REPORT, territory),
        )
        for territory, memberships in by_territory(user.memberships_today)
    ]
    context = {
        "panels": panels,
        "administers": may_create(user),
        "compares": bool(user.territories_with(P.COMPARE_TERRITORIES)),
    }
    if not panels:
        context["attachments"] = user.attachments.waiting().select_related("organisation")
    return render(request, "axes/home.html", context)


def by_territory(memberships: list[Membership]) -> list[tuple[Territory, list[Membership]]]:
    grouped = {}
    for membership in memberships:
        grouped.setdefault(membership.territory, []).append(membership)
    return sorted(grouped.items(), key=lambda pair: pair[0].name)


def exercises_of(user, territory):
    """The exercises of a territory, newest first, with what `user` may open in each: four queries at most."""
    years = Year.objects.visible_to(user).filter(territory=territory).select_related("agreement")
    # What was sent once stays readable while a correction is written.
    readers = user.territories_with(P.VIEW_SHARED_REPORT) | user.territories_with(P.VIEW_SENT_REPORT)
    was_sent = Year.objects.filter(territory__in=readers, versions__isnull=False)
    readable = Year.objects.with_report_visible_to(user) | was_sent
    readable = readable.filter(territory=territory, chapters__isnull=False)
    readable = set(readable.values_list("pk", flat=True))
    may_read_sources = any(user.may(act, territory) for act in (P.VIEW_OWN_REGISTERS, P.VIEW_REGISTER_COUNTS))
    own = {}
    if user.may(P.VIEW_OWN_LINES, territory):
        for line in Line.objects.visible_to(user).filter(year__territory=territory).select_related("state"):
            own.setdefault(line.year_id, []).append(line)
    asked = own_submissions(user, territory)
    return [
        Exercise(
            year=year,
            may_edit=user.may(P.EDIT_PLAN, territory),
            may_read_lines=user.may(P.VIEW_LINES, territory),
            may_read_report=year.pk in readable,
            may_read_sources=may_read_sources,
            own_lines=tuple(own.get(year.pk, ())),
            submissions=tuple(asked.get(year.pk, ())),
        )
        for year in years
    ]


def own_submissions(user, territory):
    """{exercise: [Submission]} of what one's own organisations are asked, with their progress."""
    own = [
        organisation
        for place, organisation in user.organisations_with(P.ANSWER_CAMPAIGN)
        if place == territory.pk
    ]
    if not own:
        return {}
    submissions = Submission.objects.visible_to(user).filter(
        campaign__year__territory=territory, organisation__in=own
    )
    found = {}
    for submission in submissions.with_progress().select_related("campaign", "organisation"):
        found.setdefault(submission.campaign.year_id, []).append(submission)
    return found
