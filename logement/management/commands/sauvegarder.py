"""`./manage.py sauvegarder`: the whole instance, or one territory, in one file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from logement.backup import Refused, saving
from logement.models import Territory
from logement.text import clean_line


class Command(BaseCommand):
    help = (
        "Écrit la base et les fichiers dans une seule archive, que « restaurer » reprend dans une instance vide, sur "
        "SQLite comme sur PostgreSQL. Avec --territoire, un seul territoire."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dossier", type=Path, help="où l'écrire ; sans lui, BACKUP_DIR")
        parser.add_argument(
            "--territoire", type=clean_line, help="code d'un territoire ; sans lui, toute l'instance"
        )
        parser.add_argument(
            "--cle",
            default=settings.BACKUP_PUBLIC_KEY,
            help="clé publique d'age ; sans elle, BACKUP_PUBLIC_KEY",
        )

    def handle(self, *, dossier, territoire, cle, **options):
        folder = dossier or (settings.BACKUP_DIR and Path(settings.BACKUP_DIR))
        if not folder:
            raise CommandError("Dites où écrire avec --dossier, ou réglez BACKUP_DIR.")
        try:
            if territoire is not None:
                place = Territory.objects.filter(code=territoire).first()
                if place is None:
                    raise CommandError(f"Aucun territoire « {territoire} ».")
                path, missing = saving.save_territory(place, folder, key=cle)
            else:
                path, missing = saving.save(folder, key=cle)
        except Refused as error:
            raise CommandError(str(error)) from error
        for name in missing:
            self.stderr.write(f"Absent du dossier des fichiers, donc de la sauvegarde : {name}")
        self.stdout.write(str(path))
        if not cle:
            self.stderr.write("Elle n'est pas chiffrée : gardez-la comme la base elle-même, ou donnez --cle.")
