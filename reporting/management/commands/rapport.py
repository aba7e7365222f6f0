"""./manage.py rapport 2023 --territoire montpellier --format pdf --sortie rapport.pdf"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from axes.masking import Unmaskable
from axes.models import Year
from logement.text import clean_line
from reporting import renderers, snapshot
from reporting.assembly import assemble


class Command(BaseCommand):
    help = "Écrit le rapport d'un exercice dans un fichier."

    def add_arguments(self, parser):
        parser.add_argument("annee", type=int, help="année de l'exercice")
        parser.add_argument(
            "--territoire", type=clean_line, required=True, help="code du territoire, par exemple montpellier"
        )
        parser.add_argument(
            "--format", dest="name", default="pdf", choices=[renderer.name for renderer in renderers.ALL]
        )
        parser.add_argument(
            "--public", action="store_true", help="les seuls chiffres, petits effectifs masqués"
        )
        parser.add_argument("--sortie", required=True, type=Path, help="fichier à écrire")

    def handle(self, *args, annee, territoire, name, sortie, public, **options):
        year = Year.objects.filter(territory__code=territoire, number=annee).first()
        if year is None:
            raise CommandError(f"Aucun exercice {annee} pour le territoire « {territoire} ».")
        try:
            document = assemble(snapshot.take(year.pk, public=public), public=public)
            content = renderers.by_name(name).render(document)
        except (renderers.RenderError, Unmaskable) as error:
            raise CommandError(str(error)) from error
        sortie.parent.mkdir(parents=True, exist_ok=True)
        aside = sortie.with_name(f".{sortie.name}.partiel")
        aside.write_bytes(content)
        aside.replace(sortie)
        self.stdout.write(f"{sortie} : {len(content) // 1024} ko")
