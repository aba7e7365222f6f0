"""Signing in: tries that are counted by all the processes, the same answers to all, a second factor for some roles."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from logement.models import CacheEntry, Event
from tests.access import ONCE
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
PASSWORD = "la-porte-verte-12"
LOGIN, RESET = "/compte/login/", "/compte/password/reset/"


@pytest.fixture
def person():
    return MembershipFactory(
        lead=True, user__email="lea@toit.example", user__password=PASSWORD, user__full_name="Léa"
    ).user


def sign_in(client, email="lea@toit.example", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_in(client):
    return "_auth_user_id" in client.session


# --- Tries ---


def test_after_five_wrong_tries_the_right_password_waits_too(client, person):
    for _ in range(5):
        sign_in(client, password="autre")

    response = sign_in(client)

    assert not is_in(client)
    assert "Trop de tentatives" in response.content.decode()


def test_the_tries_are_counted_where_every_process_reads_them(client, person):
    for _ in range(3):
        sign_in(client, password="autre")

    here, elsewhere = caches["default"], caches.create_connection("default")
    keys = [entry.cache_key.split(":", 2)[2] for entry in CacheEntry.objects.filter(value__isnull=False)]
    counted = [key for key in keys if "login_failed" in key and "300" in key]
    assert [len(elsewhere.get(key)) for key in counted] == [3]
    assert here is not elsewhere


def test_another_name_of_the_site_gives_no_more_tries(client, person):
    for host in ("testserver", "localhost", "127.0.0.1") * 2:
        sign_in(client, password="autre", headers={"host": host})

    sign_in(client)

    assert not is_in(client)


def test_redis_may_be_stopped(client, person, settings):
    settings.CACHES = settings.CACHES | {
        "renders": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert sign_in(client).status_code == 302
    assert is_in(client)


def test_the_administrator_unlocks(client, person):
    for _ in range(5):
        sign_in(client, password="autre")
    held = person.memberships.get()
    administrator = MembershipFactory(administrator=True, territory=held.territory).user
    theirs = Client()
    theirs.force_login(administrator)

    theirs.post(reverse("unlock", args=[held.territory.code, held.pk]))

    sign_in(client)
    assert is_in(client)
    assert Event.objects.get().act == "Connexion débloquée"


# --- The same answer ---


def said_of(response, email):
    return response.status_code, ONCE.sub("", response.content.decode()).replace(email, "adresse")


def test_a_wrong_password_and_an_unknown_address_are_answered_alike_at_the_same_cost(
    client, person, monkeypatch
):
    hashed = []
    encode = type(get_hasher()).encode
    monkeypatch.setattr(
        type(get_hasher()), "encode", lambda *args, **kw: hashed.append(1) or encode(*args, **kw)
    )
    answers, costs = [], []

    for email in ("lea@toit.example", "nul@toit.example"):
        hashed.clear()
        answers.append(said_of(sign_in(client, email, "autre"), email))
        costs.append(len(hashed))

    assert answers[0] == answers[1]
    assert costs == [1, 1]


def test_a_reset_is_answered_alike_and_writes_one_message_each(client, person):
    answers = []

    for email in ("lea@toit.example", "nul@toit.example"):
        sent = client.post(RESET, {"email": email})
        answers.append((sent.status_code, sent.url, said_of(client.get(sent.url), email)))

    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [["lea@toit.example"], ["nul@toit.example"]]
    assert all("Bonjour" in message.body for message in mail.outbox)


# --- The second factor ---


def code_of(secret):
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


def enrol(client):
    """Registers an application of codes by its page; gives the secret."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'class="secret">\s*(\w+)\s*<', page)[1]
    response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert response.url == reverse("mfa_view_recovery_codes")
    return secret


@pytest.mark.django_db(transaction=True)  # the message leaves once the factor is registered
def test_an_application_of_codes_is_asked_at_the_next_sign_in(client, person, time_machine):
    sign_in(client)
    secret = enrol(client)
    codes = re.findall(
        r"<code>(\d{8})</code>", client.get(reverse("mfa_view_recovery_codes")).content.decode()
    )
    assert len(codes) == 10
    assert [message.to for message in mail.outbox] == [["lea@toit.example"]] * len(mail.outbox)
    assert "vérifie maintenant vos connexions" in mail.outbox[0].body
    client.logout()
    time_machine.move_to(timezone.now() + timedelta(minutes=2))  # a code serves once

    asked = sign_in(client)

    assert (asked.url, is_in(client)) == (reverse("mfa_authenticate"), False)
    wrong = client.post(asked.url, {"code": "000000"}).content.decode()
    assert "pas le bon, ou il a déjà servi" in wrong
    client.post(asked.url, {"code": code_of(secret)})
    assert is_in(client)
    for expected in (True, False):  # a recovery code serves once
        client.logout()
        sign_in(client)
        client.post(asked.url, {"code": codes[0]})
        assert is_in(client) is expected


@pytest.mark.parametrize(
    ("role", "is_asked"),
    [
        ("lead", True),
        ("ddets", True),
        ("dihal", True),
        ("administrator", True),
        ("reader", False),
        ("partner", False),
    ],
)
def test_the_roles_that_open_a_territory_register_one_before_anything_else(client, settings, role, is_asked):
    settings.SECOND_FACTOR_REQUIRED = True
    held = MembershipFactory(**{role: True}, user__email="lea@toit.example", user__password=PASSWORD)
    sign_in(client)
    pages = ["/", reverse("people", args=[held.territory.code]), reverse("account_change_password")]

    ways = [client.get(page) for page in pages]

    assert [way.status_code == 302 and way.url == reverse("second_factor") for way in ways] == [is_asked] * 3
    assert client.get(reverse("reporting:verify")).status_code == 200
    if is_asked:
        assert "une fois pour toutes" in client.get(reverse("second_factor")).content.decode()
        fragment = client.get("/", headers={"HX-Request": "true"})
        assert fragment.headers["HX-Redirect"] == reverse("second_factor")
        enrol(client)
        assert client.get("/").status_code == 200


def test_a_lost_second_factor_that_is_taken_away_is_registered_again(client, person, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client)
    enrol(client)
    held = person.memberships.get()
    administrator = MembershipFactory(administrator=True, territory=held.territory).user
    settings.SECOND_FACTOR_REQUIRED = False
    theirs = Client()
    theirs.force_login(administrator)

    theirs.post(reverse("remove_second_factor", args=[held.territory.code, held.pk]))

    settings.SECOND_FACTOR_REQUIRED = True
    assert not Authenticator.objects.filter(user=person).exists()
    client.logout()
    assert sign_in(client).url == "/"
    assert client.get("/").url == reverse("second_factor")


def test_nobody_unlocks_but_the_administrator(client, person):
    held = person.memberships.get()
    client.force_login(person)

    for act in ("unlock", "remove_second_factor"):
        assert client.post(reverse(act, args=[held.territory.code, held.pk])).status_code == 403


# --- Ours, in French ---


def test_no_page_of_the_account_comes_from_the_library(client, person):
    sign_in(client)
    pages = [
        "account_logout",
        "account_change_password",
        "mfa_index",
        "mfa_add_webauthn",
    ]
    pages += ["mfa_list_webauthn", "mfa_generate_recovery_codes", "socialaccount_connections"]
    pages += ["account_reauthenticate", "mfa_reauthenticate"]
    anonymous = ["account_login", "account_reset_password", "account_reset_password_done", "account_signup"]
    anonymous += ["account_inactive", "socialaccount_login_cancelled", "account_reset_password_from_key_done"]
    words = {}
    enrol(client)
    pages += ["mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_deactivate_totp"]

    for who, names in ((client, pages), (Client(), anonymous)):
        for name in names:
            response = who.get(reverse(name))
            theirs = [Path(used.origin.name) for used in response.templates if "allauth" in str(used.origin)]
            theirs = [path for path in theirs if "site-packages" in str(path)]
            translated = {path.name for path in theirs if "trans" in path.read_text()}
            if translated or not response.templates:
                words[name] = (response.status_code, translated)

    assert words == {}
