"""`./manage.py resceller`: after a new key was put first in SECOND_FACTOR_KEYS, before the old one is taken away."""

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from logement.sealing import InvalidToken, reseal, sealed_data


class Command(BaseCommand):
    help = "Scelle avec la première clé de SECOND_FACTOR_KEYS les secrets des seconds facteurs. Se relance sans risque."

    def handle(self, **options):
        sealed, unread = 0, []
        for held in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list(
            "pk", flat=True
        ):
            with transaction.atomic():
                factor = Authenticator.objects.select_for_update().select_related("user").get(pk=held)
                try:
                    factor.data = sealed_data(factor.data, reseal)
                except InvalidToken:
                    unread.append(factor.user.email)
                else:
                    factor.save(update_fields=["data"])
                    sealed += 1
        self.stdout.write(f"Seconds facteurs scellés par la première clé : {sealed}.")
        for email in sorted(set(unread)):
            self.stderr.write(
                f"{email} : aucune des clés ne l'ouvre. Remettez l'ancienne clé, ou retirez ce second facteur."
            )
