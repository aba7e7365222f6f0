"""What ProConnect asks beyond allauth's OpenID Connect: its answers about a person are signed (a JWT, not JSON)."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.urls import reverse


class ProConnectClient(OpenIDConnectOAuth2Adapter):
    def __init__(self, request, provider_id="proconnect"):
        super().__init__(request, provider_id)

    def get_callback_url(self, request, app):
        """The one that was declared to ProConnect, whatever name the request came by."""
        return f"{settings.SITE_URL}{reverse('proconnect_callback')}"

    def _fetch_user_info(self, access_token):
        headers = {"Authorization": f"Bearer {access_token}"}
        with get_adapter().get_requests_session() as session:
            response = session.get(self.profile_url, headers=headers)
            response.raise_for_status()
        return jwtkit.verify_and_decode(
            credential=response.text,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=self.get_provider().app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
