"""`./manage.py restaurer FICHIER`: what `sauvegarder` wrote, in an empty instance."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from logement.backup import Refused, restoring


class Command(BaseCommand):
    help = (
        "Reprend une sauvegarde, ou l'archive d'un territoire, dans une instance vide, puis vérifie la chaîne des "
        "versions. Chaque octet est contrôlé avant que rien ne soit écrit."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--cle", type=Path, help="fichier de la clé secrète d'age, si elle est chiffrée")
        parser.add_argument("--force", action="store_true", help="remplace tout ce que la base contient")

    def handle(self, *, fichier, cle, force, **options):
        for path in filter(None, (fichier, cle)):
            if not path.is_file():
                raise CommandError(f"Le fichier {path} n'existe pas.")
        secret = secret_key(cle.read_text(encoding="utf-8", errors="replace")) if cle else ""
        try:
            rows, files = restoring.restore(fichier, key=secret, force=force)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Lignes restaurées : {rows}. Fichiers restaurés : {files}.")
        call_command("verifier_versions", stdout=self.stdout)


def secret_key(text):
    """The key of a file of age-keygen, beside its comments."""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line and not line.startswith("#")), "")
