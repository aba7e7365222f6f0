"""The lists of a convention (axes, columns, states, signatories), each saved whole, in its order.

A form says what it read (`seen`): where somebody changed the list since, nothing is written. What the report of a
frozen version says stays: it renders from its own snapshot.
"""

import hashlib
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from axes.agreements import outline
from axes.models import Agreement, Axis, Column, Layout, Signatory, State, TextBlock
from logement import audit
from logement.locking import Conflict
from logement.text import clean_line


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of rows that hang on one object by `parent`; `fields` are what a form may change.

    `parked` gives the unique fields of a row a value that repeats nothing, so that two rows may exchange theirs.
    """

    model: type[models.Model]
    parent: str
    fields: tuple[str, ...]
    parked: dict = field(default_factory=dict)
    in_use: str = ""

    def held(self, parent):
        return self.model.objects.filter(**{self.parent: parent})

    def seen(self, parent):
        """What a form reads of this list, as one short word."""
        rows = list(self.held(parent).values_list("pk", *self.fields))
        return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


AXES = Listing(
    Axis,
    "agreement",
    ("number", "label", "is_funded"),
    {"number": None, "label": "#{}"},
    "« {} » a des actions, ou sa place dans un rapport transmis : il ne peut plus être retiré.",
)
COLUMNS = Listing(
    Column,
    "layout",
    ("heading", "role"),
    {"role": Column.Role.OTHER, "heading": "#{}"},
    "La colonne « {} » a des textes : elle ne peut plus être retirée.",
)
STATES = Listing(
    State,
    "agreement",
    ("fs", "ms", "fp", "mp", "outcome"),
    {"fs": "#{}"},
    "L'état « {} » est celui d'une action : il ne peut plus être retiré.",
)
SIGNATORIES = Listing(Signatory, "agreement", ("organisation",))


@transaction.atomic
def save_axes(*, agreement, rows, seen, by):
    """Writes the axes; a new one gets its table in the reports that are still open, a removed one loses its own."""
    kept = {key for key, _ in rows}
    outline.forget_axes([axis for axis in agreement.axes.all() if axis.pk not in kept])
    _save(AXES, agreement, agreement, rows, seen, by)
    outline.place_axes(agreement)


@transaction.atomic
def save_columns(*, layout, rows, seen, by):
    """Writes the columns of a table, of which one holds the titles of the actions."""
    roles = [fields["role"] for _, fields in rows]
    if roles.count(Column.Role.TITLE) != 1:
        raise ValidationError("Un tableau a une colonne d'intitulés des actions, et une seule.")
    written = TextBlock.objects.filter(column__layout=layout).exclude(content="").values("column")
    before = dict(Column.objects.filter(layout=layout, pk__in=written).values_list("pk", "role"))
    for key, fields in rows:
        if before.get(key, fields["role"]) != fields["role"]:
            raise ValidationError(
                f"La colonne « {fields['heading']} » a des textes : son contenu ne change plus de nature."
            )
    TextBlock.objects.filter(
        column__in=layout.columns.exclude(pk__in=[key for key, _ in rows if key]), content=""
    ).delete()
    _save(COLUMNS, layout, layout.agreement, rows, seen, by)


@transaction.atomic
def save_states(*, agreement, rows, seen, by):
    _save(STATES, agreement, agreement, rows, seen, by)


@transaction.atomic
def save_signatories(*, agreement, organisations, seen, by):
    """Writes who signs, in the order of the signatures."""
    kept = {held.organisation_id: held.pk for held in agreement.signatories.all()}
    rows = [(kept.get(one.pk), {"organisation": one}) for one in organisations]
    _save(SIGNATORIES, agreement, agreement, rows, seen, by)


def _save(listing, parent, agreement, rows, seen, by):
    """`rows` are [(key or None, {field: value})] in their order; a held row that is not among them is removed.

    Raises Conflict where the list changed since it was read, unless it reads so already (a form sent twice);
    ValidationError with French sentences.
    """
    Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    held = {row.pk: row for row in listing.held(parent)}
    before = [_values(row, listing.fields) for row in held.values()]
    made = [_row(listing, parent, held, rank, *row) for rank, row in enumerate(rows, start=1)]
    if listing.seen(parent) != seen:
        if before == [_values(row, listing.fields) for row in made]:
            return
        raise Conflict(parent)
    for key in held.keys() - {row.pk for row in made}:
        _remove(listing, held[key])
    for row in made:
        row.clean_fields()
    _check_repeats(listing, made)
    _park(listing, [row for row in made if row.pk])
    try:
        with transaction.atomic():
            for row in made:
                row.save()
    except IntegrityError as error:
        raise ValidationError("Deux lignes disent la même chose : gardez-en une.") from error
    audit.record(
        by=by,
        act=f"{listing.model._meta.verbose_name_plural.capitalize()} : liste enregistrée",
        about=agreement,
        territory=agreement.territory,
        detail=" ; ".join(map(str, made)),
    )


def _row(listing, parent, held, rank, key, fields):
    """A row that somebody removed, and that is asked for all the same, is a new one."""
    row = held.get(key) or listing.model(**{listing.parent: parent})
    for name, value in fields.items():
        setattr(row, name, clean_line(value) if isinstance(value, str) else value)
    row.position = rank
    return row


def _remove(listing, row):
    try:
        with transaction.atomic():
            row.delete()
    except models.ProtectedError as error:
        raise ValidationError(listing.in_use.format(row)) from error


def _check_repeats(listing, rows):
    """The sentence of the constraint that two rows of the list would break: the rows before them are not saved yet."""
    for constraint in listing.model._meta.constraints:
        found = set()
        for row in rows:
            values = {name: getattr(row, name) for name in constraint.fields}
            if any(
                name in listing.parked and listing.parked[name] == value for name, value in values.items()
            ):
                continue  # what may repeat: no number, one more text
            if tuple(values.values()) in found:
                raise ValidationError(f"« {row} » : {constraint.violation_error_message}")
            found.add(tuple(values.values()))


def _values(row, names):
    return [getattr(row, row._meta.get_field(name).attname) for name in names]


def _park(listing, rows):
    if listing.parked and rows:
        for row in rows:
            fields = {
                name: value.format(row.pk) if isinstance(value, str) else value
                for name, value in listing.parked.items()
            }
            listing.model.objects.filter(pk=row.pk).update(**fields)


def layouts_of(agreement):
    """The tables of a convention with their columns."""
    return Layout.objects.filter(agreement=agreement).prefetch_related("columns")
