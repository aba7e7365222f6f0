"""What becomes of a person whom ProConnect presents: a known address signs in, an unknown one gets an empty account."""

from allauth.account.internal.emailkit import valid_email_or_none
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from logement.text import clean_text


class PresentedAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request, sociallogin):
        """An account without any role opens nothing: see people.present."""
        return True

    def pre_social_login(self, request, sociallogin):
        """Refuses an answer to another question than ours, or about two different people."""
        said = sociallogin.account.extra_data
        token = said.get("id_token") or {}
        asked = sociallogin.state.get("nonce")
        if not asked or token.get("nonce") != asked or token.get("sub") != said["userinfo"].get("sub"):
            raise OAuth2Error("The answer of ProConnect is not to this request.")

    def populate_user(self, request, sociallogin, data):
        user = sociallogin.user
        user.email = (valid_email_or_none(data.get("email")) or "").lower()
        user.full_name = clean_text(data.get("name") or "")[:150].strip() or user.email
        return user
