"""`./manage.py purger_journaux`: what the scheduler does for the journals and the pending imports, done now."""

from django.core.management.base import BaseCommand

from logement import audit, imports


class Command(BaseCommand):
    help = (
        "Efface les lignes du journal des accès aux registres qui ont plus de douze mois (la base refuse d'effacer "
        "les autres), et les fichiers lus pour un import qui n'a pas été confirmé. Se relance sans risque."
    )

    def handle(self, **options):
        lines, files = audit.purge_access_log(), imports.forget_expired()
        self.stdout.write(f"Lignes du journal effacées : {lines}. Imports abandonnés effacés : {files}.")
