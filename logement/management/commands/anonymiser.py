"""`./manage.py anonymiser`: what the scheduler does every day for the retention of the registers, done now."""

from django.core.management.base import BaseCommand

from logement import retention


class Command(BaseCommand):
    help = (
        "Annonce aux associations les lignes de registre sans contact depuis bientôt deux ans, puis anonymise "
        "celles qui sont annoncées depuis trente jours. Se relance sans risque."
    )

    def handle(self, **options):
        announced, anonymised = retention.announce(), retention.anonymise_due()
        self.stdout.write(f"Lignes annoncées : {announced}. Lignes anonymisées : {anonymised}.")
