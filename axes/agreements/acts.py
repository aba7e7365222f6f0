"""Making a convention, from the usual frame or from the one before it, and saying it otherwise."""

import hashlib
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from axes.agreements import usual
from axes.imports.states import usual_states
from axes.models import Agreement, Axis, Column, Layout, Signatory, State
from logement import audit
from logement.locking import Conflict
from logement.text import clean_line

TEXTS = ("title", "call")
FIELDS = (*TEXTS, "starts_on", "ends_on")


def seen_of(agreement):
    """What the form of a convention reads, as one short word."""
    return hashlib.sha256(repr([getattr(agreement, name) for name in FIELDS]).encode()).hexdigest()[:16]


@transaction.atomic
def create_agreement(*, territory, signatories=(), like=None, by, **fields):
    """Writes a convention with its frame: that of `like`, an earlier convention, or the usual one.

    `signatories` are organisations, where no earlier convention names them. Raises ValidationError.
    """
    agreement = Agreement(territory=territory, **_cleaned(fields))
    agreement.full_clean()
    agreement.save()
    if like is None:
        _usual_frame(agreement, signatories)
    else:
        _same_frame(agreement, like)
    audit.record(
        by=by,
        act="Création d'une convention",
        about=agreement,
        territory=territory,
        detail=f"D'après « {like} »" if like else "",
    )
    return agreement


@transaction.atomic
def save_agreement(*, agreement, seen, by, **fields):
    """Says a convention otherwise; its dates still hold its exercises. Raises Conflict, ValidationError."""
    current = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if seen_of(current) != seen:
        raise Conflict(current)
    for name, value in _cleaned(fields).items():
        setattr(current, name, value)
    current.full_clean()
    first, last = date(current.starts_on.year, 1, 1), date(current.ends_on.year, 12, 31)
    outside = current.years.exclude(number__range=(first.year, last.year)).order_by("number").first()
    if outside:
        raise ValidationError(
            f"L'exercice {outside.number} est de cette convention : gardez des dates qui le contiennent."
        )
    current.save()
    audit.record(
        by=by, act="Convention modifiée", about=current, territory=current.territory, detail=current.call
    )
    return current


def _cleaned(fields):
    return {name: clean_line(value) if name in TEXTS else value for name, value in fields.items()}


def _usual_frame(agreement, signatories):
    Signatory.objects.bulk_create(
        Signatory(agreement=agreement, organisation=organisation, position=rank)
        for rank, organisation in enumerate(signatories, start=1)
    )
    layout = Layout.objects.create(agreement=agreement, name=usual.LAYOUT)
    Column.objects.bulk_create(
        Column(layout=layout, role=role, heading=heading, position=rank)
        for rank, (role, heading) in enumerate(usual.COLUMNS, start=1)
    )
    State.objects.bulk_create(usual_states(agreement))


def _same_frame(agreement, like):
    """The signatories, axes, states and tables of another convention, as rows of this one."""
    for model in (Signatory, Axis, State):
        model.objects.bulk_create(_copies(model.objects.filter(agreement=like), agreement=agreement))
    for layout in like.layouts.prefetch_related("columns"):
        columns = list(layout.columns.all())
        copy = Layout.objects.create(agreement=agreement, name=layout.name)
        Column.objects.bulk_create(_copies(columns, layout=copy))


def _copies(rows, **changes):
    for row in rows:
        row.pk, row._state.adding = None, True
        for name, value in changes.items():
            setattr(row, name, value)
        yield row
