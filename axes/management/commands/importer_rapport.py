"""`./manage.py importer_rapport FICHIER.json --territoire CODE --annee ANNÉE`: a whole report becomes rows."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from axes.imports import ReportFileError, load_report, read_json
from logement.models import Territory, User

MAX_MEGABYTES = 20


class Command(BaseCommand):
    help = (
        "Charge un rapport entier (page de titre, préambule, parties, tableaux, notes) depuis un fichier JSON, "
        "et crée ce qui manque : convention, axes, états, colonnes. Tout ou rien ; ne remplace jamais rien. "
        "Chaque erreur donne sa place dans le fichier ; les rangs commencent à 1."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, metavar="FICHIER", help="le fichier JSON, en UTF-8")
        parser.add_argument("--territoire", required=True, metavar="CODE", help="par exemple « montpellier »")
        parser.add_argument(
            "--annee", required=True, type=int, metavar="ANNÉE", help="l'exercice, par exemple 2023"
        )
        parser.add_argument("--nom", default="", help="le nom du territoire, s'il n'existe pas encore")
        parser.add_argument(
            "--par",
            default="",
            metavar="ADRESSE",
            help="adresse e-mail de la personne à inscrire dans l'historique",
        )

    def handle(self, *, fichier, territoire, annee, nom, par, **options):
        try:
            with transaction.atomic():
                year = load_report(
                    read_json(_content(fichier)),
                    territory=_territory(territoire, nom),
                    number=annee,
                    by=_person(par),
                )
        except ReportFileError as error:
            sentences = "\n".join(f"  - {sentence}" for sentence in error.errors)
            raise CommandError(f"Rien n'a été importé de {fichier.name} :\n{sentences}") from error
        self.stdout.write(self.style.SUCCESS(f"Exercice {year.number} de {year.territory} importé."))
        for label, count in _counts(year):
            self.stdout.write(f"  {label} : {count}")


def _content(path):
    try:
        if path.stat().st_size > MAX_MEGABYTES * 1024 * 1024:
            raise CommandError(
                f"Le fichier {path.name} dépasse {MAX_MEGABYTES} Mo : ce n'est pas un rapport."
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CommandError(f"Le fichier {path} n'existe pas.") from error
    except OSError as error:
        raise CommandError(f"Le fichier {path} ne peut pas être lu : {error.strerror}.") from error


def _territory(code, name):
    territory = Territory.objects.filter(code=code).first()
    if territory:
        return territory
    if not name:
        raise CommandError(
            f"Le territoire « {code} » n'existe pas : donnez son nom avec --nom pour le créer."
        )
    territory = Territory(code=code, name=name)
    try:
        territory.full_clean()
    except ValidationError as error:
        raise CommandError(
            f"Le territoire « {code} » ne peut pas être créé : {' '.join(error.messages)}"
        ) from error
    territory.save()
    return territory


def _person(email):
    if not email:
        return None
    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist as error:
        raise CommandError(f"Personne n'a l'adresse {email} (option --par).") from error


def _counts(year):
    """(what, how many): what the exercise now holds."""
    return [
        ("convention", year.agreement.title),
        ("parties du rapport", year.chapters.count()),
        ("tableaux", year.agreement.axes.filter(blocks__chapter__year=year).count()),
        ("actions", year.lines.count()),
        ("actions sans état", year.lines.filter(state__isnull=True).count()),
        ("textes", year.texts.exclude(content="").count()),
        ("cases vides", year.texts.filter(content="").count()),
    ]
