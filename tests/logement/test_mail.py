"""The outbox: a message per person and event, that leaves once, by a real dialogue with a mail server of the test."""

import re
import socketserver
import threading
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.template import TemplateDoesNotExist
from django.utils import timezone
from kombu.exceptions import OperationalError

from logement import jobs, mail, upkeep
from logement.models import Message
from tests.factories import MembershipFactory, TerritoryFactory, UserFactory
from tests.threads import all_at_once

LATER = Message.CLAIM_LASTS + timedelta(seconds=1)
URL = "https://suivi.example.fr/ici/conservation/?a=1&b=2"


class Killed(BaseException):
    """The worker stops there, as by SIGKILL: nothing of ours catches it."""


class Dialogue(socketserver.StreamRequestHandler):
    """What a mail server says, as far as smtplib needs it."""

    def handle(self):
        self.say("220 test")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"RCPT":
                self.say(self.server.answers.pop(0) if self.server.answers else "250 ok")
            elif verb == b"DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.received.append(message_from_bytes(b"".join(lines), policy=default))
                self.say("250 ok")
            else:
                self.say("221 bye" if verb == b"QUIT" else "250 ok")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """`received`: the messages it took; `answers`: what it says to the next recipients, in place of yes."""

    allow_reuse_address = True
    request_queue_size = 50

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Dialogue)
        self.received, self.answers = [], []


@pytest.fixture
def server(settings):
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()


@pytest.fixture
def bells(monkeypatch):
    rung = []
    monkeypatch.setattr(jobs.app, "send_task", lambda name, args, **options: rung.append((name, *args)))
    return rung


@pytest.fixture
def person(db):
    return UserFactory(email="Odile@Adages.example".lower())


def post(to, occasion="campaign:12:opened", **changes):
    context = {"organisation": "L'Étape & <fils>", "lists": [("Ménages", None)], "url": URL}
    given = {"template": "retention_notice", "context": context} | changes
    return mail.post(to=to, occasion=occasion, **given)


def seen(message):
    message.refresh_from_db()
    return message.state, message.attempts, message.last_error


# --- Written ---


def test_a_message_is_written_with_its_subject_its_text_and_its_html(person, settings):
    settings.SITE_URL = "https://suivi.example.fr"

    message = post(person, territory=TerritoryFactory(name="Ici & là"))

    message.refresh_from_db()
    assert (message.recipient, message.address) == (person, "odile@adages.example")
    assert message.subject == "Lignes de registre bientôt anonymisées"
    assert message.text.startswith(
        "Bonjour,\n\nDes lignes tenues dans l'application par L'Étape & <fils> sont"
    )
    assert "Suivi Logement d'abord, Ici & là\n" in message.text
    assert "par L'Étape &amp; &lt;fils&gt; sont" in message.html.replace("&#x27;", "'")
    assert URL in message.text
    assert f'href="{URL.replace("&", "&amp;")}"' in message.html
    assert mail.absolute_url("/ici/") == "https://suivi.example.fr/ici/"


def test_the_html_has_its_styles_in_its_tags_and_asks_for_nothing_outside(person, settings):
    settings.SITE_URL = "https://suivi.example.fr"

    html = post(person).html

    assert "<style" not in html
    assert "{#" not in html
    assert re.search(r'class="button" href="[^"]+" style="[^"]*background-color: #1d4f6e', html)
    assert re.findall(r"<(?:img|link|script|iframe)|url\(|@import", html) == []
    assert set(re.findall(r"https?://[^/\"<]+", html)) == {"https://suivi.example.fr"}


def test_a_stylesheet_elsewhere_is_never_read(tmp_path):
    sheet = tmp_path / "sheet.css"
    sheet.write_text("p { color: red }")
    page = '<html><head><link rel="stylesheet" href="{}"></head><body><p>Texte</p></body></html>'

    for address in (str(sheet), sheet.as_uri(), "http://192.0.2.1/sheet.css"):
        assert "red" not in mail.inliner.inline(page.format(address))


def test_asked_again_it_is_the_same_one(person):
    first = post(person)

    assert post(person) is None
    assert post("ODILE@adages.example ") is None
    assert Message.objects.get() == first


def test_a_person_who_changes_address_is_not_written_to_again(person):
    post(person)
    person.email = "odile@ailleurs.example"
    person.save()

    assert post(person) is None
    assert Message.objects.count() == 1


def test_another_occasion_or_another_person_is_another_message(person):
    assert all(
        [post(person), post(person, "submission:40:reminder:J-5"), post(UserFactory()), post("a@b.example")]
    )
    assert Message.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_twenty_requests_at_once_write_one(person, bells):
    written = all_at_once(20, lambda: post(person))

    assert [message for message in written if message] == [Message.objects.get()]


@pytest.mark.parametrize(("to", "occasion"), [("pas une adresse", "x"), ("", "x"), ("a@b.example", "")])
def test_what_cannot_be_an_address_or_an_occasion_is_refused(db, to, occasion):
    with pytest.raises(ValidationError):
        post(to, occasion)


def test_a_template_without_subject_is_refused(person, monkeypatch, tmp_path, settings):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/bare.txt").write_text("Bonjour\n")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]

    with pytest.raises(ValueError, match="does not begin with « Objet : »"):
        post(person, template="bare")
    with pytest.raises(TemplateDoesNotExist):
        post(person, template="absent")


def take_back(act):
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


def test_it_goes_with_the_transaction_that_wrote_it(person, bells, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        take_back(lambda: post(person))
        assert Message.objects.count() == 0

    assert bells == []


def test_a_transaction_rings_once_however_many_messages(person, bells, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        take_back(lambda: post(person, "with its bell"))
        for occasion in "abc":
            post(person, occasion)
        assert bells == []

    assert bells == [("logement.tasks.send_mail_waiting",)]


def test_saving_needs_neither_broker_nor_mail_server(
    person, monkeypatch, settings, django_capture_on_commit_callbacks, caplog
):
    def refuse(*args, **options):
        raise OperationalError("connection refused")

    monkeypatch.setattr(jobs.app, "send_task", refuse)
    settings.EMAIL_BACKEND = "no.such.backend"
    with django_capture_on_commit_callbacks(execute=True):
        message = post(person)

    assert seen(message) == ("À envoyer", 0, "")
    assert "The broker did not answer" in caplog.text


# --- Sent ---


def test_it_leaves_once_with_both_bodies_and_keeps_none(person, server):
    message = post(person)
    text = message.text

    assert [mail.send_waiting(), mail.send_waiting()] == [1, 0]

    (received,) = server.received
    assert received["To"] == "odile@adages.example"
    assert received["Subject"] == "Lignes de registre bientôt anonymisées"
    assert received["Message-ID"] == f"<{message.pk}@localhost>"
    assert received["Auto-Submitted"] == "auto-generated"
    parts = [received.get_body([kind]) for kind in ("plain", "html")]
    assert parts[0].get_content().replace("\r\n", "\n") == text
    assert "Voir les lignes annoncées" in parts[1].get_content()
    assert seen(message) == ("Envoyé", 1, "")
    assert (message.text, message.html, message.claimed_at) == ("", "", None)


@pytest.mark.django_db(transaction=True)
def test_twenty_workers_send_each_message_once(server, bells):
    messages = [post(f"personne-{n}@adages.example") for n in range(30)]

    counts = all_at_once(20, mail.send_waiting)

    assert sum(counts) == 30
    assert sorted(received["Message-ID"] for received in server.received) == sorted(
        map(mail.message_id, messages)
    )
    assert {seen(message) for message in messages} == {("Envoyé", 1, "")}


def test_a_refusal_is_kept_and_tried_again_after_growing_pauses(person, server, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    message, other = post(person), post("autre@adages.example")
    server.answers = ["451 4.7.1 revenez plus tard"]

    assert mail.send_waiting() == 1
    state, attempts, error = seen(message)
    assert (state, attempts, seen(other)) == ("À envoyer", 1, ("Envoyé", 1, ""))
    assert "451" in error
    assert "revenez plus tard" in error
    for minutes in (1, 2, 4):
        server.answers = ["451 plus tard"]
        time_machine.shift(timedelta(minutes=minutes, seconds=-1))
        assert mail.send_waiting() == 0
        assert len(server.answers) == 1  # the server was not asked before the pause was over
        time_machine.shift(timedelta(seconds=1))
        assert mail.send_waiting() == 0
        assert server.answers == []
    time_machine.shift(timedelta(minutes=8))

    assert mail.send_waiting() == 1
    assert seen(message) == ("Envoyé", 5, "")


def test_a_mail_server_that_is_down_is_given_up_after_a_day_and_a_half(person, server, time_machine, caplog):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    message = post(person)
    server.server_close()  # connection refused

    while message.state == "À envoyer":
        message.refresh_from_db()
        time_machine.move_to(max(message.due_at, timezone.now()), tick=False)
        assert mail.send_waiting() == 0
        message.refresh_from_db()

    assert timedelta(hours=24) < timezone.now() - start < timedelta(hours=48)
    assert (message.state, message.attempts) == ("Abandonné", Message.MAX_ATTEMPTS)
    assert "ConnectionRefusedError" in message.last_error
    assert person.email not in caplog.text
    assert message.text != ""
    assert list(Message.objects.given_up(timezone.now())) == [message]
    assert list(Message.objects.to_send(timezone.now() + timedelta(days=30))) == []


def test_what_is_not_foreseen_stops_one_message_and_no_other(person, monkeypatch, caplog):
    broken, other = post(person), post("autre@adages.example")
    Message.objects.filter(pk=broken.pk).update(subject="Deux\nlignes")

    assert mail.send_waiting() == 1

    assert seen(other)[0] == "Envoyé"
    assert "BadHeaderError" in seen(broken)[2]
    assert "cannot be sent" in caplog.text


def test_a_worker_killed_before_sending_leaves_its_message_to_the_next(
    person, server, time_machine, monkeypatch
):
    time_machine.move_to(timezone.now(), tick=False)
    message = post(person)
    with monkeypatch.context() as dying:
        dying.setattr(mail.EmailMultiAlternatives, "send", kill)
        with pytest.raises(Killed):
            mail.send_waiting()

    assert seen(message) == ("En cours d'envoi", 1, "")
    time_machine.shift(Message.CLAIM_LASTS)
    assert mail.send_waiting() == 0
    time_machine.shift(timedelta(seconds=1))
    assert mail.send_waiting() == 1
    assert len(server.received) == 1
    assert seen(message) == ("Envoyé", 2, "")


def test_a_worker_killed_after_the_servers_yes_sends_again_what_a_mailbox_knows(
    person, server, time_machine, monkeypatch
):
    time_machine.move_to(timezone.now(), tick=False)
    post(person)
    really = mail.EmailMultiAlternatives.send
    with monkeypatch.context() as dying:
        dying.setattr(mail.EmailMultiAlternatives, "send", lambda email: kill(really(email)))
        with pytest.raises(Killed):
            mail.send_waiting()
    time_machine.shift(LATER)

    assert mail.send_waiting() == 1

    first, second = server.received
    assert first["Message-ID"] == second["Message-ID"]


def kill(*args):
    raise Killed


def test_a_message_that_kills_its_worker_each_time_is_given_up(person, time_machine, monkeypatch):
    message = post(person)
    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", kill)
    for _ in range(Message.MAX_ATTEMPTS):
        with pytest.raises(Killed):
            mail.send_waiting()
        time_machine.move_to(timezone.now() + LATER)

    assert mail.send_waiting() == 0
    assert seen(message)[:2] == ("Abandonné", Message.MAX_ATTEMPTS)


def test_a_worker_that_wakes_up_late_does_not_free_the_claim_of_another(person, server):
    message = post(person)
    late = mail._claim(message.pk)
    Message.objects.filter(pk=message.pk).update(claimed_at=timezone.now() + timedelta(seconds=1))

    mail._put_back(late, TimeoutError("too late"))

    assert seen(message) == ("En cours d'envoi", 1, "")


# --- Rung, swept, purged ---


def test_the_sweeper_rings_while_something_waits(person, bells, server):
    mail.sweep()
    assert bells == []
    post(person)
    mail.sweep()
    mail.send_waiting()
    mail.sweep()

    assert bells == [("logement.tasks.send_mail_waiting",)]
    assert mail.sweep in upkeep.WORK["often"]


def test_a_real_worker_sends_what_is_posted(worker, server):
    message = post(UserFactory())

    pause = threading.Event()
    for _ in range(400):
        if seen(message)[0] == "Envoyé":
            break
        pause.wait(0.05)

    assert seen(message) == ("Envoyé", 1, "")
    assert len(server.received) == 1


def test_messages_are_kept_twelve_months(person):
    old, recent = post(person, "old"), post(person, "recent")
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=366))
    Message.objects.filter(pk=recent.pk).update(created_at=timezone.now() - timedelta(days=364))

    assert mail.purge() == 1
    assert list(Message.objects.all()) == [recent]
    assert mail.purge in upkeep.WORK["monthly"]


def test_a_person_who_was_written_to_is_not_deleted(person):
    post(person)

    with pytest.raises(ProtectedError):
        person.delete()


@pytest.mark.parametrize("fields", [{"sent_at": timezone.now()}, {"text": ""}, {"html": ""}])
def test_a_body_stays_until_the_message_is_sent_and_no_longer(person, fields):
    message = post(person)

    with pytest.raises(IntegrityError, match="message_body_until_sent"):
        Message.objects.filter(pk=message.pk).update(**fields)


# --- The administration ---


@pytest.fixture
def administrator(client, db):
    client.force_login(MembershipFactory(administrator=True, user__is_superuser=True).user)
    return client


def test_the_administration_shows_what_became_of_a_message_and_none_of_its_words(administrator, person):
    message = post(person)
    Message.objects.update(
        subject="zqkobjet", text="zqktexte", html="zqkhtml", last_error="550 boîte pleine", attempts=3
    )
    address = f"/administration/logement/message/{message.pk}/change/"

    texts = [
        administrator.get(path).content.decode()
        for path in (address.rpartition("/message/")[0] + "/message/", address)
    ]

    assert all("odile@adages.example" in text and "campaign:12:opened" in text for text in texts)
    assert "550 boîte pleine" in texts[1]
    assert [word for word in ("zqkobjet", "zqktexte", "zqkhtml", URL) for text in texts if word in text] == []


def test_the_administration_changes_adds_and_deletes_no_message(administrator, person):
    message = post(person)
    place = "/administration/logement/message"

    answers = [
        administrator.post(path, {"address": "autre@adages.example", "post": "yes"}).status_code
        for path in (f"{place}/add/", f"{place}/{message.pk}/change/", f"{place}/{message.pk}/delete/")
    ]

    assert answers == [403, 403, 403]
    assert Message.objects.get().address == "odile@adages.example"


@pytest.mark.parametrize(
    ("state", "expected"), [("envoye", "sent"), ("attente", "waiting"), ("abandonne", "given up")]
)
def test_the_administration_finds_the_messages_by_their_state(administrator, state, expected):
    for occasion in ("sent", "waiting", "given up"):
        post("a@b.example", occasion)
    Message.objects.filter(occasion="sent").update(sent_at=timezone.now(), text="", html="")
    Message.objects.filter(occasion="given up").update(attempts=Message.MAX_ATTEMPTS)

    page = administrator.get("/administration/logement/message/", {"etat": state})

    assert [message.occasion for message in page.context["cl"].queryset] == [expected]


def test_the_administration_sends_again_what_was_given_up(administrator, person):
    given_up, sent = post(person), post("parti@adages.example")
    Message.objects.filter(pk=given_up.pk).update(attempts=Message.MAX_ATTEMPTS, last_error="550")
    Message.objects.filter(pk=sent.pk).update(sent_at=timezone.now(), text="", html="", attempts=1)

    answer = administrator.post(
        "/administration/logement/message/",
        {"action": "send_again", "_selected_action": [given_up.pk, sent.pk]},
        follow=True,
    )

    assert "Messages abandonnés remis à l&#x27;envoi : 1." in answer.content.decode()
    assert mail.send_waiting() == 1
    (left,) = django_mail.outbox
    assert left.to == [person.email]
