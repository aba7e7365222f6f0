"""The e-mails of a campaign: no figure, no name of a household; one per person and event, whatever the retries."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from axes.models import Campaign, GuestLink, Submission
from axes.models.campaign import EARLY_REMINDERS, LATE_REMINDER
from axes.submissions import guests
from logement import mail
from logement.models import Membership, User
from logement.roles import Permission, roles_with


def people_with(permission, *, territory, organisation=None):
    """The people who hold `permission` today in a territory, through this organisation where one is given."""
    memberships = Membership.objects.in_force().filter(
        territory=territory, role__in=roles_with(permission), user__is_active=True
    )
    if organisation is not None:
        memberships = memberships.filter(organisation=organisation)
    return User.objects.filter(memberships__in=memberships).distinct()


def tell_partner(submission, *, template, event, permission=Permission.ANSWER_CAMPAIGN):
    """Writes to the people of the partner, and to its guests with their own link. Gives how many messages are new."""
    occasion = f"submission:{submission.pk}:{event}"
    year = submission.campaign.year
    people = people_with(permission, territory=year.territory, organisation=submission.organisation)
    path = reverse("axes:fill", args=[year.territory.code, year.number, submission.pk])
    posted = [
        mail.post(
            to=user,
            occasion=occasion,
            template=template,
            context=context(submission, path),
            territory=year.territory,
        )
        for user in people
    ]
    for link in GuestLink.objects.usable().filter(submission=submission).select_related("user"):
        guest = context(submission, guests.path_of(link))
        posted.append(
            mail.post(
                to=link.user, occasion=occasion, template=template, context=guest, territory=year.territory
            )
        )
    return sum(message is not None for message in posted)


def tell_lead(submission, *, template, event):
    """Writes to those who run the campaign. Gives how many messages are new."""
    year = submission.campaign.year
    path = reverse("axes:review", args=[year.territory.code, year.number, submission.pk])
    posted = [
        mail.post(
            to=user,
            occasion=f"submission:{submission.pk}:{event}",
            template=template,
            context=context(submission, path),
            territory=year.territory,
        )
        for user in people_with(Permission.RUN_CAMPAIGN, territory=year.territory)
    ]
    return sum(message is not None for message in posted)


def context(submission, path):
    return {"submission": submission, "campaign": submission.campaign, "url": mail.absolute_url(path)}


def invite(campaign, today=None):
    """Invites the partners once the opening day has come. Asked again, writes to nobody twice."""
    if not campaign.is_running(today or timezone.localdate()):
        return 0
    submissions = campaign.submissions.select_related("campaign__year__territory", "organisation")
    return sum(
        tell_partner(submission, template="campaign_invitation", event="invitation")
        for submission in submissions
    )


def remind(submission, *, occasion):
    return tell_partner(submission, template="campaign_reminder", event=occasion)


def every_day(today=None):
    """Invitations of the campaigns whose day has come, and the reminders J-15, J-5, J+3. Gives how many are new."""
    today = today or timezone.localdate()
    running = Campaign.objects.running(today).select_related("year__territory")
    return sum(invite(campaign, today) + remind_due(campaign, today) for campaign in running)


def remind_due(campaign, today):
    """The reminder whose day has come, even when the scheduler slept that day; none that would follow the invitation
    at once."""
    event = reminder_of(campaign, today)
    if event is None:
        return 0
    expected = Submission.objects.filter(campaign=campaign).expected()
    return sum(
        remind(submission, occasion=event)
        for submission in expected.select_related("campaign__year__territory", "organisation")
    )


def reminder_of(campaign, today):
    """« J-5 » on the days when it is due, else None."""
    known_on = max(campaign.opens_on, timezone.localdate(campaign.opened_at))
    days = [(f"J-{days}", campaign.closes_on - timedelta(days=days)) for days in EARLY_REMINDERS]
    days.append((f"J+{LATE_REMINDER}", campaign.closes_on + timedelta(days=LATE_REMINDER)))
    reached = [(event, day) for event, day in days if day <= today and day > known_on]
    return reached[-1][0] if reached else None
