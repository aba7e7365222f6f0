"""The outbox: an e-mail is a row, written with what it announces, and it leaves once.

    mail.post(to=user, occasion="campaign:12:opened", template="campaign_opened", context={…}, territory=territory)

`templates/mail/<template>.txt` and `.html` extend `mail/base.txt` and `mail/base.html`; the subject is the `subject`
block of the text. They are given `territory` and nothing of the request: an address is made by `absolute_url`. Neither
the subject nor the bodies hold a figure, a household, or words typed for other eyes.
"""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from css_inline import CSSInliner
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import F
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from logement import jobs
from logement.models import Message, User
from logement.text import clean_text

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=1)  # doubled after each refusal
KEPT = timedelta(days=365)
SUBJECT = "Objet : "

inliner = CSSInliner(load_remote_stylesheets=False)


def absolute_url(path):
    """The address of a page as a message writes it: that of the site, whatever name the request came by."""
    return f"{settings.SITE_URL}{path}"


def post(*, to, occasion, template, context, territory=None):
    """Writes a message in the current transaction, to leave once it is committed.

    `to` is a User, or the address of somebody who has no account. Gives the Message; None when this person already has
    one for this occasion. Raises ValidationError for an address or an occasion that cannot be.
    """
    subject, text, html = render(template, {**context, "territory": territory})
    recipient = to if isinstance(to, User) else None
    message = Message(
        recipient=recipient,
        address=(recipient.email if recipient else to).strip().lower(),
        occasion=occasion,
        territory=territory,
        subject=subject,
        text=text,
        html=html,
    )
    message.clean_fields(exclude=["recipient", "territory"])
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if not Message.objects.filter(pk=message.pk).exists():
        return None
    # One bell for all the messages of a transaction: a broker that hangs would make its commit wait for each.
    if ring not in [hook for _, hook, *_ in connection.run_on_commit]:
        transaction.on_commit(ring)
    return message


def render(template, context):
    """(subject, text, HTML whose styles are in its tags)."""
    plain = get_template(f"mail/{template}.txt").template.render(Context(context, autoescape=False))
    heading, _, text = clean_text(plain).partition("\n")
    if not heading.startswith(SUBJECT):
        raise ValueError(
            f"mail/{template}.txt does not begin with « {SUBJECT.strip()} »: extend mail/base.txt."
        )
    subject = heading.removeprefix(SUBJECT).strip()
    html = render_to_string(f"mail/{template}.html", {**context, "subject": subject})
    return subject, text.strip() + "\n", inliner.inline(clean_text(html))


def ring():
    """Tells a worker that something waits."""
    jobs.tell("logement.tasks.send_mail_waiting")


def sweep():
    """Rings when something waits: a bell that nobody heard, a pause that is over, a worker that died."""
    if Message.objects.to_send(timezone.now()).exists():
        ring()


def send_waiting():
    """Sends what is due. Called by several workers at once, each message leaves once. Gives how many left.

    One window is left: a worker killed after the mail server said yes and before the row says so. The message leaves
    again ten minutes later, under the same Message-ID, of which a mailbox keeps one. To be called in no transaction,
    else the claim is seen by nobody.
    """
    due = list(Message.objects.to_send(timezone.now()).order_by("due_at").values_list("pk", flat=True))
    return sum(_send(message) for message in map(_claim, due) if message)


def _claim(pk):
    """The message, if it is ours to send: the database gives it to one worker only."""
    now = timezone.now()
    claimed = Message.objects.to_send(now).filter(pk=pk).update(claimed_at=now, attempts=F("attempts") + 1)
    return Message.objects.get(pk=pk) if claimed else None


def _send(message):
    email = EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[message.address],
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
    email.attach_alternative(message.html, "text/html")
    try:
        email.send()
    except OSError as error:  # smtplib's own errors are of this family
        logger.warning("Message %s was refused: %s", message.pk, type(error).__name__)
        _put_back(message, error)
        return False
    except Exception as error:  # the boundary of one message: whatever broke, the others must leave
        logger.exception("Message %s cannot be sent", message.pk)
        _put_back(message, error)
        return False
    Message.objects.filter(pk=message.pk).update(
        sent_at=timezone.now(), text="", html="", last_error="", claimed_at=None
    )
    return True


def message_id(message):
    """The same at each attempt, and never another message's, even after a restored backup."""
    return f"<{message.pk}@{urlsplit(settings.SITE_URL).hostname}>"


def _put_back(message, error):
    """Frees our claim, unless it grew stale and another worker holds the message."""
    Message.objects.filter(pk=message.pk, claimed_at=message.claimed_at, sent_at__isnull=True).update(
        claimed_at=None,
        due_at=timezone.now() + FIRST_PAUSE * 2 ** (message.attempts - 1),
        last_error=clean_text(f"{type(error).__name__}: {error}")[:300],
    )


def send_again(messages):
    """Gives the messages that were given up all their attempts again. Gives how many."""
    now = timezone.now()
    count = messages.given_up(now).update(attempts=0, due_at=now, claimed_at=None)
    transaction.on_commit(ring)
    return count


def purge(now=None):
    """Deletes the messages older than twelve months, those that were given up included. Gives how many."""
    old = Message.objects.filter(created_at__lt=(now or timezone.now()) - KEPT)
    return old.delete()[0]
