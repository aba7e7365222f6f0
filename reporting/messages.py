"""The e-mails of a report: it was sent, the State asks, the lead answers. No figure, no word of the report in them."""

from django.urls import reverse

from axes.submissions.messages import people_with
from logement import mail
from logement.roles import Permission


def tell_of_version(version, also=()):
    """Tells the State, and the people whom the lead named, that a version may be read; each once."""
    people = people_with(Permission.RECEIVE_REPORT, territory=version.territory)
    for person in {*people, *also}:
        post(
            person,
            f"version:{version.pk}:sent",
            "version_sent",
            version.territory,
            url=version.get_absolute_url(),
            version=version,
        )


def who_may_be_told(territory):
    """The people who read a report once it is sent, beside those who are always told, and who send it."""
    readers = people_with(Permission.VIEW_SENT_REPORT, territory=territory)
    readers |= people_with(Permission.VIEW_SHARED_REPORT, territory=territory)
    told = people_with(Permission.RECEIVE_REPORT, territory=territory)
    senders = people_with(Permission.MOVE_EXERCISE, territory=territory)
    return readers.exclude(pk__in=told).exclude(pk__in=senders)


def tell_of_question(inquiry):
    """Tells those who answer."""
    tell_of_inquiry(inquiry, Permission.ANSWER_INQUIRY, "asked")


def tell_of_answer(inquiry):
    """Tells those who ask: who asked may have left, the office stays."""
    tell_of_inquiry(inquiry, Permission.MAKE_INQUIRY, "answered")


def tell_of_settlement(inquiry):
    """Tells those who ask that a version brings the answer."""
    tell_of_inquiry(inquiry, Permission.MAKE_INQUIRY, "settled")


def tell_of_inquiry(inquiry, permission, event):
    year = inquiry.year
    path = reverse("reporting:inquiries", args=[year.territory.code, year.number]) + f"#demande-{inquiry.pk}"
    for person in people_with(permission, territory=year.territory):
        post(
            person,
            f"inquiry:{inquiry.pk}:{event}",
            f"inquiry_{event}",
            year.territory,
            url=path,
            inquiry=inquiry,
        )


def post(person, occasion, template, territory, *, url, **context):
    mail.post(
        to=person,
        occasion=occasion,
        template=template,
        territory=territory,
        context={**context, "url": mail.absolute_url(url)},
    )
