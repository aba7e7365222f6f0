"""`./manage.py importer_document FICHIER --territoire CODE`: a Word or ODT report, understood, written if asked."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from axes.imports import ReportFileError, write_report
from axes.imports.arguments import add_arguments, content, counts_of, person_of, territory_of
from axes.imports.documents import DocumentError, missing_words, read_document, report_of, understand
from logement.documents import MAX_BYTES, place_label


class Command(BaseCommand):
    help = (
        "Lit le rapport d'une année passée dans un fichier Word (.docx) ou LibreOffice (.odt) et dit ce qui en est "
        "compris, ce qui est à vérifier et les mots qui ne sont pas repris. N'écrit rien sans --ecrire ; tout ou "
        "rien ; ne remplace jamais rien. Les chiffres trouvés dans les phrases sont proposés à l'écran de relecture."
    )

    def add_arguments(self, parser):
        add_arguments(parser, file="le rapport, .docx ou .odt")
        parser.add_argument(
            "--annee",
            type=int,
            metavar="ANNÉE",
            help="l'exercice ; par défaut l'année que dit la page de titre",
        )
        parser.add_argument("--chiffres", action="store_true", help="la liste des chiffres trouvés")
        parser.add_argument("--ecrire", action="store_true", help="écrit le rapport comme exercice")

    def handle(self, *, fichier, territoire, annee, nom, par, chiffres, ecrire, **options):
        raw = content(fichier, megabytes=MAX_BYTES // 1024**2)
        try:
            document = read_document(raw, name=fichier.name)
        except DocumentError as error:
            raise CommandError(f"{fichier.name} : {error}") from error
        understanding = understand(document)
        self.tell(understanding)
        self.tell_words(document, understanding)
        if chiffres:
            self.tell_figures(understanding)
        if not ecrire:
            self.stdout.write("Rien n'a été écrit : relisez, puis ajoutez --ecrire.")
            return
        number = annee or understanding.year
        if number is None:
            raise CommandError("La page de titre ne dit pas l'année : donnez-la avec --annee.")
        self.write(understanding, fichier, territoire, number, nom, par)

    def write(self, understanding, path, code, number, name, email):
        try:
            with transaction.atomic():
                year, _ = write_report(
                    report_of(understanding),
                    territory=territory_of(code, name),
                    number=number,
                    by=person_of(email),
                )
        except ReportFileError as error:
            sentences = "\n".join(f"  - {sentence}" for sentence in error.errors)
            raise CommandError(f"Rien n'a été importé de {path.name} :\n{sentences}") from error
        self.stdout.write(self.style.SUCCESS(f"Exercice {year.number} de {year.territory} importé."))
        for label, count in counts_of(year):
            self.stdout.write(f"  {label} : {count}")

    def tell(self, understanding):
        self.stdout.write(
            f"Exercice : {understanding.year or 'non dit'} ; {len(understanding.sections)} parties, "
            f"{len(understanding.tables)} tableaux, {len(understanding.rows)} actions, "
            f"{sum(bool(row.state.word) for row in understanding.rows)} états, "
            f"{len(understanding.passages)} textes, {len(understanding.figures)} chiffres."
        )
        for table in understanding.tables:
            axis = f"Axe {table.number} : {table.label}" if table.number is not None else table.label
            self.stdout.write(f"  {axis}")
            for row in table.rows:
                self.stdout.write(f"    - {row.title} ({row.state.word or 'sans état'})")
        for notice in understanding.notices:
            self.stdout.write(f"Avis : {notice}")
        figures = {figure.key for figure in understanding.figures}
        for item in understanding.unsure:
            if item.key not in figures:
                self.stdout.write(f"À vérifier, {place_label(item.places[0])} : {item.reason}")

    def tell_words(self, document, understanding):
        missing = missing_words(document, understanding)
        for lost in missing:
            self.stdout.write(f"Mots non repris, {place_label(lost.place)} : {' '.join(lost.words)}")
        if not missing:
            self.stdout.write("Tous les mots du document sont repris.")

    def tell_figures(self, understanding):
        for figure in understanding.figures:
            words = figure.words or "(sans nombre)"
            reason = f" – {figure.reason}" if figure.reason else ""
            self.stdout.write(
                f"  {place_label(figure.places[0])} : {words} → {figure.label} ({figure.unit or 'sans unité'}){reason}"
            )
