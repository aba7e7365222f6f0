"""What the page « Confiance » prints: the promises, and what the tests last measured of each (docs/mesures.json)."""

import json
from dataclasses import dataclass
from datetime import date

from django.conf import settings

FILE = settings.BASE_DIR / "docs/mesures.json"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure, the day it was measured and the command that measures it again; `aim`, what it should be, in words."""

    name: str
    label: str
    value: int | float
    unit: str
    aim: str
    date: date
    command: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One of the six. The names of its measures begin by its `key`."""

    key: str
    title: str
    words: str


PROMISES = (
    Promise(
        "perdu",
        "Rien de ce qui est tapé ne se perd",
        "Deux personnes sur la même ligne : la seconde voit les deux textes et choisit. Une saisie refusée revient "
        "dans son champ, avec la raison. Un envoi répété ne compte qu'une fois. Une tâche longue survit à une panne.",
    ),
    Promise(
        "vu",
        "Personne ne voit ce qui n'est pas à lui",
        "Chaque page est essayée avec chaque rôle. Ce qui n'est pas à vous répond comme une adresse qui n'existe pas : "
        "l'association voisine ne sait pas que vous êtes là, l'État ne lit que ce qui lui est transmis ou montré.",
    ),
    Promise(
        "famille",
        "Aucune famille n'est reconnaissable",
        "Ni nom, ni date de naissance, ni récit : un code au hasard, que l'association seule rattache à quelqu'un. Ce "
        "qui est publié masque les petits effectifs, et rien ne permet de les recalculer.",
    ),
    Promise(
        "chiffre",
        "Un chiffre s'explique",
        "Qui l'a donné, quand, dans quel envoi, sur quelle base : d'un clic, et dans l'annexe du rapport.",
    ),
    Promise(
        "transmis",
        "Un rapport transmis ne change plus",
        "La base refuse qu'on le modifie ; une correction fait une version de plus. Qui tient le fichier peut vérifier "
        "qu'il est bien celui qui a été transmis.",
    ),
    Promise(
        "tous",
        "Cela marche pour tout le monde, tous les jours",
        "Au clavier, avec un lecteur d'écran, sur un téléphone, sans JavaScript ; quel que soit le texte tapé ou le "
        "fichier déposé ; le jour de la date limite aussi.",
    ),
)


def measured():
    """[(promise, its measures)], in order. A promise of which nothing was measured has none."""
    measures = [
        Measure(**held | {"date": date.fromisoformat(held["date"])})
        for held in json.loads(FILE.read_text(encoding="utf-8"))
    ]
    return [
        (promise, [each for each in measures if each.name.partition(".")[0] == promise.key])
        for promise in PROMISES
    ]
