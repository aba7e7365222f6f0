"""How allauth behaves here: accounts are opened by invitation only, some roles sign in with a second factor."""

import logging
import re
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from logement import people, sealing

logger = logging.getLogger(__name__)
SIRET = re.compile(r"\d{14}")
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
#: Where one goes without the second factor that one's role asks: to register it, or away.
WAY_TO_REGISTER = ("mfa_", "second_factor", "account_logout", "account_reauthenticate")


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        """The address alone: allauth adds the name of the site, which whoever tries passwords chooses among several."""
        return credentials["email"].lower()

    def post_login(self, request, user, *, signal_kwargs, **kwargs):
        """ProConnect says under which SIRET the person works: somebody will be asked."""
        presented = (signal_kwargs or {}).get("sociallogin")
        siret = presented and presented.account.extra_data["userinfo"].get("siret")
        if siret and SIRET.fullmatch(siret):
            people.present(person=user, siret=siret)
        return super().post_login(request, user, signal_kwargs=signal_kwargs, **kwargs)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Who has just signed in registers a second factor without typing the password again."""
        records = get_authentication_records(context.request, context.request.user)
        if any(time.time() - record["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for record in records):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """allauth looks the address up in a table of its own, where those of the invitations are not."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Ce code n'est pas le bon, ou il a déjà servi : attendez le suivant, puis recopiez-le.",
    }

    def generate_authenticator_name(self, user, type):  # noqa: A002 (their signature)
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Clé {count + 1}"

    def encrypt(self, text):
        return sealing.seal(text)

    def decrypt(self, encrypted_text):
        try:
            return sealing.unseal(encrypted_text)
        except sealing.InvalidToken:
            logger.error("A second factor is sealed by a key that is not in SECOND_FACTOR_KEYS.")
            return generate_totp_secret()  # no code is ever right, as when the telephone is lost


def lacks_second_factor(request):
    """Whether this person's role asks a second factor that they have not registered. A query once per request at most,
    and none once the session was opened with one."""
    user = request.user
    if not (settings.SECOND_FACTOR_REQUIRED and user.is_authenticated and user.needs_second_factor):
        return False
    if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
        return False
    return not is_mfa_enabled(user, FACTORS)


class SecondFactorMiddleware:
    """Leads whoever lacks a second factor to the page that registers it: nothing else opens before."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        is_public = not getattr(view, "login_required", True)
        name = request.resolver_match.url_name or ""
        if is_public or name.startswith(WAY_TO_REGISTER) or not lacks_second_factor(request):
            return None
        return (
            HttpResponseClientRedirect(reverse("second_factor"))
            if request.htmx
            else redirect("second_factor")
        )
