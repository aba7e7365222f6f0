"""The fields of the file, each checked where it stands. Pure: imports no Django."""

import json
from difflib import get_close_matches

from axes.imports.errors import ReportFileError
from axes.imports.texts import calls_a_note, flat
from logement.text import clean_text

MAX_NUMBER = 9999
#: What Python's reader says -> what is said here.
SYNTAX = {
    "Expecting value": "une valeur est attendue",
    "Expecting property name enclosed in double quotes": "une clé entre guillemets droits est attendue",
    "Expecting ':' delimiter": "un deux-points est attendu",
    "Expecting ',' delimiter": "une virgule est attendue",
    "Extra data": "il y a du texte après la fin",
    "Unterminated string starting at": "un texte n'est pas refermé",
    "Invalid control character at": "un saut de ligne ou une tabulation coupe un texte",
    "Invalid \\escape": "une barre oblique inverse est mal placée",
    "Invalid \\uXXXX escape": "un caractère \\u a besoin de quatre chiffres",
}
KINDS = {
    dict: "un objet",
    list: "une liste",
    str: "un texte",
    bool: "vrai ou faux",
    type(None): "rien (null)",
}


def read_json(raw):
    """The data of a JSON file given as bytes. Raises ReportFileError, with line and column where there is one."""
    try:
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_object_without_repeats)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ReportFileError(
            f"Ligne {line} : le fichier n'est pas en UTF-8. Enregistrez-le dans cet encodage."
        ) from error
    except json.JSONDecodeError as error:
        place = f"Ligne {error.lineno}, colonne {error.colno}"
        reason = SYNTAX.get(error.msg, "la syntaxe est fausse")
        raise ReportFileError(f"{place} : le fichier n'est pas du JSON valide, {reason}.") from error
    except RecursionError as error:
        raise ReportFileError(
            "Le fichier n'est pas un rapport : ses listes s'emboîtent trop profondément."
        ) from error
    except ValueError as error:
        raise ReportFileError("Le fichier n'est pas un rapport : un nombre y est démesuré.") from error


def _object_without_repeats(pairs):
    """Python would keep the last of two equal keys and lose the other's text."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ReportFileError(f"La clé « {twice} » est écrite deux fois dans le même objet : gardez-en une.")
    return found


def kind_of(value):
    return KINDS.get(type(value), "un nombre")


def object_at(value, place, *, required, optional=()):
    if not isinstance(value, dict):
        place.refuse(f"attendu un objet, trouvé {kind_of(value)}.")
        return {}
    known = (*required, *optional)
    for key in value:
        if key not in known:
            close = get_close_matches(key, known, n=1)
            place.refuse(f"clé inconnue « {key} »" + (f" : vouliez-vous « {close[0]} » ?" if close else "."))
    for key in required:
        if key not in value:
            place.refuse(f"il manque la clé « {key} ».")
    return value


def list_at(value, place):
    if not isinstance(value, list):
        place.refuse(f"attendu une liste, trouvé {kind_of(value)}.")
        return []
    return value


def text_at(value, place):
    if not isinstance(value, str):
        place.refuse(f"attendu un texte, trouvé {kind_of(value)}.")
        return ""
    return clean_text(value)


def number_at(value, place):
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_NUMBER:
        place.refuse(f"attendu un nombre entier de 0 à {MAX_NUMBER}, ou rien.")
        return None
    return value


def title_at(holder, key, place, notes, limit):
    """A text on one line that may not be empty."""
    raw = holder.get(key, "")
    title = flat(text_at(raw, place.at(key)))
    if key in holder:
        check_title(title, raw, place.at(key), notes, limit)
    return title


def check_title(title, raw, place, notes, limit):
    if not isinstance(raw, str):
        return
    if not title:
        place.refuse("ce texte est vide.")
    if len(title) > limit:
        place.refuse(f"ce texte a {len(title)} caractères, le maximum est {limit}.")
    if calls_a_note(title, notes):
        place.refuse("un intitulé ne peut pas appeler de note : placez l'appel dans un texte.")
