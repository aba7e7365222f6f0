"""`./manage.py importer_convention FICHIER.json --territoire CODE --par ADRESSE`: a convention from its file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from axes.agreements.from_file import load_agreement
from axes.imports import ReportFileError, read_json
from axes.imports.arguments import content, person_of
from logement.models import Territory
from logement.text import clean_line


class Command(BaseCommand):
    help = (
        "Crée une convention (signataires, axes, colonnes, états, premier exercice) depuis un fichier JSON. "
        "Tout ou rien ; chaque erreur donne sa place dans le fichier, les rangs commencent à 1."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, metavar="FICHIER", help="le fichier JSON, en UTF-8")
        parser.add_argument(
            "--territoire", type=clean_line, required=True, metavar="CODE", help="par exemple « montpellier »"
        )
        parser.add_argument(
            "--par",
            type=clean_line,
            required=True,
            metavar="ADRESSE",
            help="adresse e-mail de la personne à inscrire au journal",
        )

    def handle(self, *, fichier, territoire, par, **options):
        territory = Territory.objects.filter(code=territoire).first()
        if territory is None:
            raise CommandError(f"Le territoire « {territoire} » n'existe pas : créez-le d'abord.")
        try:
            agreement = load_agreement(
                read_json(content(fichier, megabytes=1)), territory=territory, by=person_of(par)
            )
        except ReportFileError as error:
            sentences = "\n".join(f"  - {sentence}" for sentence in error.errors)
            raise CommandError(f"Rien n'a été créé d'après {fichier.name} :\n{sentences}") from error
        years = ", ".join(str(year.number) for year in agreement.years.all()) or "aucun"
        self.stdout.write(self.style.SUCCESS(f"« {agreement} » est créée. Exercices : {years}."))
