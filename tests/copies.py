"""A territory with its exercises, copied row by row under other keys: a whole country, without typing it."""

import uuid
from base64 import urlsafe_b64encode
from functools import partial

from django.db import connection, transaction
from django.db.models import CharField, UniqueConstraint, UUIDField

from axes.models import Year
from logement.backup import rows, territory
from logement.models import Event, Territory


@transaction.atomic
def copy_territory(original, times):
    """Copies all that belongs to a territory. Gives the new territories, each under a code and a name of its own."""

    def changed(rank):
        return {
            (Territory, "code"): lambda code: f"{code}-{rank}",
            (Territory, "name"): lambda name: f"{name} ({rank})",
            (Event, "territory_code"): lambda code: f"{code}-{rank}",
        }

    copy(territory.belonging(original), times, changed)
    return list(Territory.objects.filter(code__in=[f"{original.code}-{rank + 1}" for rank in range(times)]))


@transaction.atomic
def copy_year(original, times):
    """Copies an exercise and all that belongs to it into the years that follow it. Figures stay: they have none."""

    def changed(rank):
        return {(Year, "number"): lambda number: number + rank}

    copy(territory.leading_to({Year: {original.pk}}), times, changed)


def copy(held, times, changed):
    """Copies the rows `held` ({model: keys}) `times` times.

    `changed(rank)`: {(model, column): value -> its value in that copy}.
    """
    highest = {model: model._base_manager.order_by("pk").last().pk for model in held if held[model]}
    for rank in range(1, times + 1):
        name = uuid.uuid4()
        for model in highest:
            fields = model._meta.concrete_fields
            changes = {
                field: partial(
                    moved,
                    keys=held[target_of(field)],
                    highest=highest[target_of(field)],
                    rank=rank,
                    name=name,
                )
                for field in fields
                if target_of(field) in highest
            }
            changes |= {
                field: partial(renamed, field=field, name=name) for field in words_apart(model, highest)
            }
            changes |= {
                field: changed(rank)[model, field.attname]
                for field in fields
                if (model, field.attname) in changed(rank)
            }
            write(model, fields, held[model], changes)
    rows.reset_sequences()


def target_of(field):
    """The model whose keys a column holds; the history of a row holds its key without saying so."""
    if field.remote_field:
        return field.related_model
    if field.primary_key:
        return field.model
    return getattr(field.model, "instance_type", None) if field.name == "id" else None


def moved(value, *, keys, highest, rank, name):
    """A key in a copy: that of the row of the same copy, or the same row where it has none."""
    if value not in keys:
        return value
    return uuid.uuid5(name, value.hex) if isinstance(value, uuid.UUID) else value + highest * rank


def renamed(value, *, field, name):
    """Words that only differ, short as those of a code."""
    drawn = uuid.uuid5(name, str(value))
    return (
        drawn
        if isinstance(value, uuid.UUID)
        else value and urlsafe_b64encode(drawn.bytes).decode()[: field.max_length]
    )


def words_apart(model, highest):
    """The columns, of words or drawn at random, by which two rows that have all the rest in common must differ."""
    constraints = [each for each in model._meta.constraints if isinstance(each, UniqueConstraint)]
    groups = [tuple(map(model._meta.get_field, each.fields)) for each in constraints]
    groups += [(field,) for field in model._meta.concrete_fields if field.unique]
    alone = [group for group in groups if not any(target_of(field) in highest for field in group)]
    return {field for group in alone for field in group if isinstance(field, CharField | UUIDField)}


def write(model, fields, keys, changes):
    """Inserts a copy of the rows of these keys, less the columns that change."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    holes = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({holes})"  # noqa: S608  our own names
    originals = model._base_manager.filter(pk__in=keys).values_list(*(field.attname for field in fields))
    copies = (
        [
            field.get_db_prep_save(changes[field](value) if field in changes else value, connection)
            for field, value in zip(fields, row, strict=True)
        ]
        for row in originals
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(copies))
