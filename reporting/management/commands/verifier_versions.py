"""./manage.py verifier_versions [--territoire montpellier]"""

from django.core.management.base import BaseCommand, CommandError

from logement.models import Territory
from logement.text import clean_line
from reporting.chain import verify


class Command(BaseCommand):
    help = "Recalcule les empreintes des versions et de leurs fichiers, territoire par territoire."

    def add_arguments(self, parser):
        parser.add_argument("--territoire", type=clean_line, help="code du territoire ; sans lui, tous")

    def handle(self, *args, territoire, **options):
        territories = Territory.objects.filter(versions__isnull=False).distinct()
        if territoire is not None:
            territories = Territory.objects.filter(code=territoire)
            if not territories:
                raise CommandError(f"Aucun territoire « {territoire} ».")
        faults = []
        for territory in territories:
            verdict = verify(territory)
            faults += [verdict.fault] if verdict.fault else []
            held = f"{verdict.versions} version(s) et {verdict.files} fichier(s) intacts"
            self.stdout.write(f"{territory.code} : {held}. {verdict.fault}".rstrip())
        if faults:
            raise CommandError(f"{len(faults)} chaîne(s) rompue(s).")
