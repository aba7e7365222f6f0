"""`./manage.py controler --fichier RAPPORT.json`: the findings of a report that is still in its file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from axes.checks import Level, run
from axes.checks.report_file import dossier_of
from axes.imports import ReportFileError, read_json, read_report


class Command(BaseCommand):
    help = (
        "Contrôle les chiffres et les phrases d'un rapport : sommes, parts, pourcentages possibles, dates, sigles… "
        "Chaque constat donne son calcul, sa place et ce qu'il faut faire. Ne change rien."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--fichier",
            type=Path,
            required=True,
            metavar="RAPPORT.json",
            help="le rapport, en JSON et en UTF-8",
        )
        parser.add_argument(
            "--annee", type=int, metavar="ANNÉE", help="l'exercice, si la page de titre ne le dit pas"
        )

    def handle(self, *, fichier, annee, **options):
        try:
            dossier = dossier_of(read_report(read_json(fichier.read_bytes())), year=annee)
        except OSError as error:
            raise CommandError(f"Le fichier {fichier} ne peut pas être lu : {error.strerror}.") from error
        except ReportFileError as error:
            raise CommandError("\n".join(error.errors)) from error
        except ValueError as error:
            raise CommandError(f"{error} Option --annee.") from error
        findings = run(dossier)
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
