"""`./manage.py importer_rapport FICHIER.json --territoire CODE --annee ANNÉE`: a whole report becomes rows."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from axes.imports import ReportFileError, load_report, read_json
from axes.imports.arguments import add_arguments, content, counts_of, person_of, territory_of

MAX_MEGABYTES = 20


class Command(BaseCommand):
    help = (
        "Charge un rapport entier (page de titre, préambule, parties, tableaux, notes) depuis un fichier JSON, "
        "et crée ce qui manque : convention, axes, états, colonnes. Tout ou rien ; ne remplace jamais rien. "
        "Chaque erreur donne sa place dans le fichier ; les rangs commencent à 1."
    )

    def add_arguments(self, parser):
        add_arguments(parser, file="le fichier JSON, en UTF-8")
        parser.add_argument(
            "--annee", required=True, type=int, metavar="ANNÉE", help="l'exercice, par exemple 2023"
        )

    def handle(self, *, fichier, territoire, annee, nom, par, **options):
        try:
            with transaction.atomic():
                year = load_report(
                    read_json(content(fichier, megabytes=MAX_MEGABYTES)),
                    territory=territory_of(territoire, nom),
                    number=annee,
                    by=person_of(par),
                )
        except ReportFileError as error:
            sentences = "\n".join(f"  - {sentence}" for sentence in error.errors)
            raise CommandError(f"Rien n'a été importé de {fichier.name} :\n{sentences}") from error
        self.stdout.write(self.style.SUCCESS(f"Exercice {year.number} de {year.territory} importé."))
        for label, count in counts_of(year):
            self.stdout.write(f"  {label} : {count}")
