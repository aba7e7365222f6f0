"""The findings of the checks: of a report that is still in its file, or of an exercise of the database.

`./manage.py controler --fichier RAPPORT.json`, `./manage.py controler --territoire CODE --exercice ANNÉE`.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from axes.checks import Level, report_file, run
from axes.dossier import dossier_of
from axes.imports import ReportFileError, read_json, read_report
from axes.models import Year
from logement.text import clean_line


class Command(BaseCommand):
    help = (
        "Contrôle les chiffres et les phrases d'un rapport : sommes, parts, pourcentages possibles, dates, sigles… "
        "Chaque constat donne son calcul, sa place et ce qu'il faut faire. Ne change rien."
    )

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--fichier", type=Path, metavar="RAPPORT.json", help="le rapport, en JSON et en UTF-8"
        )
        which.add_argument(
            "--territoire",
            type=clean_line,
            metavar="CODE",
            help="par exemple « montpellier », avec --exercice",
        )
        parser.add_argument("--exercice", type=int, metavar="ANNÉE", help="l'exercice de ce territoire")
        parser.add_argument(
            "--annee",
            type=int,
            metavar="ANNÉE",
            help="l'exercice du fichier, si sa page de titre ne le dit pas",
        )

    def handle(self, *, fichier, annee, territoire, exercice, **options):
        findings = run(in_file(fichier, annee) if fichier else in_database(territoire, exercice))
        for level in Level:
            of_level = [finding for finding in findings if finding.level is level]
            self.stdout.write(f"{level.label} : {len(of_level)}")
            for finding in of_level:
                self.stdout.write(self.told(finding))

    def told(self, finding):
        """A finding on a few lines: the sentence, the words concerned, the places, what to do."""
        lines = [f"- [{finding.code}] {finding.sentence}"]
        if finding.excerpt:
            lines.append(f"    « {finding.excerpt} »")
        lines += [f"    {place.label}" for place in finding.places]
        lines.append(f"    → {finding.mend}")
        return "\n".join(lines)


def in_file(path, number):
    """The Dossier of a report in its file."""
    try:
        return report_file.dossier_of(read_report(read_json(path.read_bytes())), year=number)
    except OSError as error:
        raise CommandError(f"Le fichier {path} ne peut pas être lu : {error.strerror}.") from error
    except ReportFileError as error:
        raise CommandError("\n".join(error.errors)) from error
    except ValueError as error:
        raise CommandError(f"{error} Option --annee.") from error


def in_database(territory, number):
    """The Dossier of an exercise."""
    years = Year.objects.select_related("territory", "agreement")
    year = years.filter(territory__code=territory, number=number).first()
    if year is None:
        wanted = number or "(option --exercice)"
        raise CommandError(f"Aucun exercice {wanted} pour le territoire « {territory} ».")
    return dossier_of(year)
