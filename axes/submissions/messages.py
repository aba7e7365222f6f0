"""The e-mails of a campaign: no figure, no name of a household; one per person and event, whatever the retries."""

from datetime import date, datetime, time, timedelta

from django.db.models import Max, Min
from django.urls import reverse
from django.utils import timezone

from axes.models import Campaign, GuestLink, Submission
from axes.models.campaign import EARLY_REMINDERS, LATE_REMINDER
from axes.submissions import guests
from logement import mail
from logement.models import Membership, User
from logement.roles import Permission, roles_with

LATEST = timedelta(days=7)  # a scheduler may sleep: a reminder is still worth sending that long after its day


def people_with(permission, *, territory, organisation=None):
    """The people who hold `permission` today in a territory, through this organisation where one is given."""
    memberships = Membership.objects.in_force().filter(
        territory=territory, role__in=roles_with(permission), user__is_active=True
    )
    if organisation is not None:
        memberships = memberships.filter(organisation=organisation)
    return User.objects.filter(memberships__in=memberships).distinct()


def tell_partner(submission, *, template, event, permission=Permission.ANSWER_CAMPAIGN):
    """Writes to the people of the partner who hold `permission`; to its guests too, with their own link, of what
    concerns whoever answers. Gives how many messages are new."""
    is_for_guests = permission is Permission.ANSWER_CAMPAIGN
    links = links_of(submission) if is_for_guests else ()
    recipients = recipients_of(submission, members_of(submission, permission), links)
    return tell(submission, recipients, template=template, event=event)


def tell_lead(submission, *, template, event):
    """Writes to those who run the campaign. Gives how many messages are new."""
    lead = people_with(Permission.RUN_CAMPAIGN, territory=submission.campaign.year.territory)
    path = reverse("axes:review", args=submission.address)
    return tell(submission, [(user, path) for user in lead], template=template, event=event)


def tell(submission, recipients, *, template, event):
    """Writes to each of [(user, path of the page that the e-mail opens)]. Gives how many messages are new."""
    posted = [
        mail.post(
            to=user,
            occasion=f"submission:{submission.pk}:{event}",
            template=template,
            context={
                "submission": submission,
                "campaign": submission.campaign,
                "url": mail.absolute_url(path),
            },
            territory=submission.campaign.year.territory,
        )
        for user, path in recipients
    ]
    return sum(message is not None for message in posted)


def recipients_of(submission, people, links=()):
    """[(user, path)] of those who fill it: these people, and the guests of these links, each by its own."""
    path = reverse("axes:fill", args=submission.address)
    return [*((user, path) for user in people), *((link.user, guests.path_of(link)) for link in links)]


def members_of(submission, permission=Permission.ANSWER_CAMPAIGN):
    return people_with(
        permission, territory=submission.campaign.year.territory, organisation=submission.organisation
    )


def links_of(submission):
    return GuestLink.objects.usable().filter(submission=submission).select_related("user")


def invite(campaign, today=None):
    """Invites the partners who have to answer, from the opening day to the deadline; a guest was, by its link.

    Asked again, writes to nobody twice.
    """
    today = today or timezone.localdate()
    if not campaign.is_running(today) or campaign.is_past_due(today):
        return 0
    invited = waited(campaign).filter(state__in=Submission.NEVER_SENT)
    return sum(
        tell(
            submission,
            recipients_of(submission, members_of(submission)),
            template="campaign_invitation",
            event="invitation",
        )
        for submission in invited
    )


def waited(campaign):
    """The submissions that their partners have still to send, with what an e-mail says of them."""
    expected = Submission.objects.filter(campaign=campaign, is_on_behalf=False).expected()
    return expected.select_related("campaign__year__territory", "organisation")


def remind(submission, *, occasion):
    return tell_partner(submission, template="campaign_reminder", event=occasion)


def every_day(today=None):
    """Invitations of the campaigns whose day has come, and the reminders J-15, J-5, J+3. Gives how many are new."""
    today = today or timezone.localdate()
    running = Campaign.objects.running(today).select_related("year__territory")
    return sum(
        invite(campaign, today) + remind_due(campaign, today) for campaign in running if campaign.year.is_open
    )


def remind_due(campaign, today):
    """The reminder whose day has come, even when the scheduler slept that day, to who was invited before that day."""
    event, day = reminder_of(campaign, today)
    if event is None:
        return 0
    midnight = timezone.make_aware(datetime.combine(day, time()))
    return sum(
        tell(
            submission,
            recipients_of(
                submission,
                members_of(submission).filter(
                    messages__occasion=f"submission:{submission.pk}:invitation",
                    messages__created_at__lt=midnight,
                ),
                links_of(submission).filter(created_at__lt=midnight),
            ),
            template="campaign_reminder",
            event=f"{event}:{campaign.closes_on}",
        )
        for submission in waited(campaign)
    )


def reminder_of(campaign, today):
    """(« J-5 », its day) while it is due, else (None, None): a week at most after its day.

    None is due for a day that was over when the campaign opened, or when its deadline was set.
    """
    known_on = max(campaign.opens_on, timezone.localdate(campaign.opened_at), deadline_set_on(campaign))
    days = [(f"J-{days}", campaign.closes_on - timedelta(days=days)) for days in EARLY_REMINDERS]
    days.append((f"J+{LATE_REMINDER}", campaign.closes_on + timedelta(days=LATE_REMINDER)))
    due = [(event, day) for event, day in days if known_on < day <= today < day + LATEST]
    return due[-1] if due else (None, None)


def deadline_set_on(campaign):
    """The day when the deadline was last moved; `date.min` where it never was."""
    moved = campaign.history.exclude(closes_on=campaign.closes_on).aggregate(last=Max("history_date"))["last"]
    if moved is None:
        return date.min
    since = campaign.history.filter(history_date__gt=moved).aggregate(first=Min("history_date"))["first"]
    return timezone.localdate(since) if since else date.min
