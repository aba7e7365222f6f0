"""The provider as allauth finds it, by the name of this file."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import urlencode

from logement.proconnect.client import ProConnectClient

SCOPES = ["openid", "given_name", "usual_name", "email", "siret"]


class ProConnectProvider(OpenIDConnectProvider):
    id = "proconnect"
    name = "ProConnect"
    oauth2_adapter_class = ProConnectClient

    def get_login_url(self, request, **kwargs):
        return reverse("proconnect_login") + (f"?{urlencode(kwargs)}" if kwargs else "")

    def get_callback_url(self):
        return reverse("proconnect_callback")

    def get_default_scope(self):
        return SCOPES

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        """ProConnect asks a nonce: it waits in the session with the rest of the state, see adapter.py."""
        nonce = get_random_string(32)
        kwargs["auth_params"] = (kwargs.get("auth_params") or self.get_auth_params()) | {"nonce": nonce}
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)

    def extract_common_fields(self, data):
        person = data["userinfo"]
        return {
            "email": person.get("email"),
            "name": f"{person.get('given_name', '')} {person.get('usual_name', '')}".strip(),
        }

    def extract_email_addresses(self, data):
        """The body that employs the person answers for the address: it counts as verified."""
        email = data["userinfo"].get("email")
        return [EmailAddress(email=email, verified=True, primary=True)] if email else []


provider_classes = [ProConnectProvider]
