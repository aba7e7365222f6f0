from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import path

from logement.proconnect.client import ProConnectClient


def unless_off(view):
    """404 while ProConnect is not configured."""

    @login_not_required
    def answer(request):
        try:
            return view.adapter_view(ProConnectClient)(request)
        except SocialApp.DoesNotExist:
            raise Http404 from None

    return answer


urlpatterns = [
    path("proconnect/connexion/", unless_off(OAuth2LoginView), name="proconnect_login"),
    path("proconnect/retour/", unless_off(OAuth2CallbackView), name="proconnect_callback"),
]
