"""What the commands that import a report share: the file, the territory that may be new, the person of the history."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from logement.models import Territory, User
from logement.text import clean_line


def add_arguments(parser, *, file):
    """`file`: what is said of the file."""
    parser.add_argument("fichier", type=Path, metavar="FICHIER", help=file)
    parser.add_argument(
        "--territoire", type=clean_line, required=True, metavar="CODE", help="par exemple « montpellier »"
    )
    parser.add_argument(
        "--nom", type=clean_line, default="", help="le nom du territoire, s'il n'existe pas encore"
    )
    parser.add_argument(
        "--par",
        type=clean_line,
        default="",
        metavar="ADRESSE",
        help="adresse e-mail de la personne à inscrire dans l'historique",
    )


def content(path, *, megabytes):
    """The bytes of a file that is not too large. Raises CommandError."""
    try:
        if path.stat().st_size > megabytes * 1024 * 1024:
            raise CommandError(f"Le fichier {path.name} dépasse {megabytes} Mo : ce n'est pas un rapport.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CommandError(f"Le fichier {path} n'existe pas.") from error
    except OSError as error:
        raise CommandError(f"Le fichier {path} ne peut pas être lu : {error.strerror}.") from error


def territory_of(code, name):
    """The Territory of that code, created where a name is given. Raises CommandError."""
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


def person_of(email):
    """The User of that address, None of an empty one. Raises CommandError."""
    if not email:
        return None
    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist as error:
        raise CommandError(f"Personne n'a l'adresse {email} (option --par).") from error


def counts_of(year):
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
