"""A whole convention in one JSON file (see docs/guide/exploitation.md): checked from end to end, then written at once.

It goes through the acts that the pages call; what the file does not say is the usual frame.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from axes.agreements import acts, lists, outline, usual
from axes.imports.errors import Place, ReportFileError
from axes.imports.fields import kind_of, list_at, number_at, object_at, text_at, title_at
from axes.imports.headings import folded, roles_of
from axes.imports.texts import Notes
from axes.models import Agreement, Outcome
from logement.models import Organisation
from logement.territories import organisation_named

MAX_TITLE, MAX_NAME, MAX_HEADING, MAX_WORD = 300, 200, 200, 60  # characters, as the columns of the database
KINDS = {folded(kind.label): kind for kind in Organisation.Kind}
OUTCOMES = {folded(outcome.label): outcome for outcome in Outcome}
FORMS = ("masculin", "feminin_pluriel", "masculin_pluriel")
NO_NOTES = Notes({})


@dataclass(frozen=True, slots=True)
class AgreementFile:
    """What the file says. `columns`, `states` and `sections` are empty where it leaves the usual ones."""

    itself: dict
    signatories: tuple[tuple[str, str], ...]
    axes: tuple[dict, ...]
    columns: tuple[tuple[str, str], ...]
    states: tuple[dict, ...]
    sections: tuple[str, ...]
    first_year: int | None


def read_agreement(data):
    """The AgreementFile of the data of a file. Raises ReportFileError with every error, each with its place."""
    file = Place([])
    optional = ("colonnes", "etats", "parties", "premier_exercice")
    whole = object_at(data, file, required=("convention", "signataires", "axes"), optional=optional)
    read = AgreementFile(
        itself=_itself(whole.get("convention", {}), file.at("convention")),
        signatories=_each(whole, "signataires", file, _signatory),
        axes=_each(whole, "axes", file, _axis),
        columns=_columns(whole, file),
        states=_each(whole, "etats", file, _state),
        sections=_each(whole, "parties", file, _words),
        first_year=number_at(whole.get("premier_exercice"), file.at("premier_exercice")),
    )
    if not read.axes and "axes" in whole and not file.errors:
        file.at("axes").refuse("une convention a au moins un axe.")
    if file.errors:
        raise ReportFileError(*file.errors)
    return read


def _each(whole, key, file, read):
    at = file.at(key)
    return tuple(
        read(item, at.item(rank)) for rank, item in enumerate(list_at(whole.get(key, []), at), start=1)
    )


def _itself(value, place):
    held = object_at(value, place, required=("intitule", "debut", "fin"), optional=("ami",))
    return {
        "title": title_at(held, "intitule", place, NO_NOTES, MAX_TITLE),
        "call": text_at(held.get("ami", ""), place.at("ami")),
        "starts_on": _day(held, "debut", place),
        "ends_on": _day(held, "fin", place),
    }


def _day(held, key, place):
    words = text_at(held.get(key, ""), place.at(key))
    try:
        return date.fromisoformat(words)
    except ValueError:
        if key in held:
            place.at(key).refuse(f"« {words} » n'est pas une date : écrivez-la ainsi, 2025-01-31.")


def _signatory(value, place):
    held = object_at(value, place, required=("nom",), optional=("nature",))
    kind = _among(KINDS, held.get("nature", Organisation.Kind.OTHER.label), place.at("nature"))
    return title_at(held, "nom", place, NO_NOTES, MAX_NAME), kind


def _axis(value, place):
    held = object_at(value, place, required=("intitule",), optional=("numero", "finance"))
    is_funded = held.get("finance", True)
    if not isinstance(is_funded, bool):
        place.at("finance").refuse(f"attendu vrai ou faux, trouvé {kind_of(is_funded)}.")
    return {
        "number": number_at(held.get("numero"), place.at("numero")),
        "label": title_at(held, "intitule", place, NO_NOTES, MAX_TITLE),
        "is_funded": is_funded,
    }


def _columns(whole, file):
    """(what it holds, its heading) of each: found from the words of the headings, as in an imported report."""
    headings = _each(whole, "colonnes", file, _words)
    roles = roles_of(headings, others=set(), needed=set()) if headings else ()
    return tuple(zip(roles, headings, strict=True))


def _state(value, place):
    held = object_at(value, place, required=("feminin", "sens"), optional=FORMS)
    feminine = title_at(held, "feminin", place, NO_NOTES, MAX_WORD)
    _, *guessed = usual.agreed_forms(feminine)
    others = [
        text_at(held[name], place.at(name)) if name in held else word
        for name, word in zip(FORMS, guessed, strict=True)
    ]
    forms = dict(zip(("ms", "fp", "mp"), others, strict=True))
    outcome = _among(OUTCOMES, held.get("sens", ""), place.at("sens")) if "sens" in held else ""
    return {"outcome": outcome, "fs": feminine} | forms


def _among(known, value, place):
    found = known.get(folded(text_at(value, place)))
    if found is None:
        place.refuse(f"attendu l'un de ces mots : {', '.join(choice.label for choice in known.values())}.")
    return found


def _words(value, place):
    words = text_at(value, place).strip()
    if not words:
        place.refuse("ce texte est vide.")
    if len(words) > MAX_HEADING:
        place.refuse(f"ce texte a {len(words)} caractères, le maximum est {MAX_HEADING}.")
    return words


@transaction.atomic
def load_agreement(data, *, territory, by) -> Agreement:
    """Writes the convention of a file, with its first exercise where the file says one: all of it, or nothing.

    Raises ReportFileError with French sentences.
    """
    read = read_agreement(data)
    try:
        return _write(read, territory, by)
    except ValidationError as error:
        raise ReportFileError(*error.messages) from error


def _write(read, territory, by):
    agreement = acts.create_agreement(territory=territory, by=by, **read.itself)
    lists.save_signatories(
        agreement=agreement,
        organisations=[
            organisation_named(name, territory=territory, kind=kind) for name, kind in read.signatories
        ],
        seen=lists.SIGNATORIES.seen(agreement),
        by=by,
    )
    axes = [(None, axis) for axis in read.axes]
    lists.save_axes(agreement=agreement, rows=axes, seen=lists.AXES.seen(agreement), by=by)
    if read.columns:
        layout = agreement.layouts.get()
        rows = [(None, {"role": role, "heading": heading}) for role, heading in read.columns]
        lists.save_columns(layout=layout, rows=rows, seen=lists.COLUMNS.seen(layout), by=by)
    if read.states:
        rows = [(None, state) for state in read.states]
        lists.save_states(agreement=agreement, rows=rows, seen=lists.STATES.seen(agreement), by=by)
    if read.first_year is not None:
        sections = read.sections or usual.SECTIONS
        outline.open_first(agreement=agreement, number=read.first_year, sections=sections, by=by)
    return agreement
