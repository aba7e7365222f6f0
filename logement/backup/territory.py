"""The rows of one territory: what belongs to it, however far, and what these rows name elsewhere.

What belongs to a territory is found by following the foreign keys that lead to it: a new table needs nothing here. The
people and organisations that it names come with it, but not what they have elsewhere; passwords and second factors stay
behind.
"""

from collections import defaultdict
from itertools import islice

from logement.backup import rows
from logement.models import Event, Territory

#: What of a person stays behind. « ! » opens nothing: everybody chooses a new password by e-mail.
REPLACED = {"logement.User": {"password": "!", "is_staff": False, "is_superuser": False}}
CHUNK = 10_000  # keys in a query


def rows_of(territory):
    """The QuerySets of all that an archive of this territory holds, one per table, in the order of the tables."""
    held = belonging(territory)
    _add_named(held)
    for model in rows.tables():
        if keys := held.get(model):
            yield model._base_manager.filter(pk__in=keys)


def belonging(territory):
    """{model: keys} of the territory and of all that leads to it."""
    trail = Event.objects.filter(territory_code=territory.code)  # text only: it leads to nothing
    return leading_to({Territory: {territory.pk}, Event: set(trail.values_list("pk", flat=True))})


def leading_to(new):
    """{model: keys} of these rows and of all whose foreign keys lead to them, however far."""
    held = defaultdict(set)
    while new:
        for model, keys in new.items():
            held[model] |= keys
        found = defaultdict(set)
        for model in rows.tables():
            for field in _keys_to(model, new):
                for keys in _chunks(new[field.related_model]):
                    leading = model._base_manager.filter(**{f"{field.attname}__in": keys})
                    found[model].update(set(leading.values_list("pk", flat=True)) - held[model])
        new = {model: keys for model, keys in found.items() if keys}
    return held


def _add_named(held):
    """Adds the rows that those of `held` name, and that the database would miss."""
    new = dict(held)
    while new:
        found = defaultdict(set)
        for model, keys in new.items():
            for field in model._meta.concrete_fields:
                if field.remote_field and field.db_constraint:
                    for chunk in _chunks(keys):
                        named = model._base_manager.filter(
                            pk__in=chunk, **{f"{field.attname}__isnull": False}
                        )
                        found[field.related_model].update(named.values_list(field.attname, flat=True))
        new = {model: keys - held[model] for model, keys in found.items() if keys - held[model]}
        for model, keys in new.items():
            held[model] |= keys


def _keys_to(model, targets):
    return [
        field
        for field in model._meta.concrete_fields
        if field.remote_field and field.related_model in targets
    ]


def _chunks(keys):
    left = iter(keys)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
