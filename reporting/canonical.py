"""Frozen dataclasses <-> canonical JSON: one text for one content, and the way back. Pure: imports no Django.

Written over the dataclasses themselves, so a field that is added comes along. Keys are sorted, decimals and days are
text, nothing is a float. Reading follows the annotations: a field that an older text lacks takes its default; a key
that no field has, or a value of another kind, is refused with ValueError, for what cannot be read whole must not print.
"""

import json
import types
import typing
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from logement.canonical import canonical, decimal_text

SCALARS = (str, int, bool, type(None))


def write(value) -> str:
    """The canonical JSON of a dataclass, or of what its fields may hold."""
    return canonical(to_plain(value))


def read(kind, text: str):
    """The `kind` (a dataclass) that `write` wrote."""
    return from_plain(kind, json.loads(text))


def to_plain(value):
    """What json.dumps takes. Raises TypeError for a kind that has no canonical form (a float for one)."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if isinstance(value, SCALARS):
        return value
    raise TypeError(f"No canonical form for {type(value).__name__}")


def from_plain(kind, plain):
    """`plain`, as json.loads gave it, as a value of the annotated `kind`."""
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) in {types.UnionType, typing.Union}:
        (inner,) = (argument for argument in arguments if argument is not types.NoneType)
        return None if plain is None else from_plain(inner, plain)
    if typing.get_origin(kind) is tuple:
        return tuple_of(arguments, plain)
    if is_dataclass(kind):
        return dataclass_of(kind, plain)
    if kind is Decimal:
        return Decimal(plain)
    if kind in {date, datetime}:
        return kind.fromisoformat(plain)
    if kind in SCALARS and type(plain) is kind:
        return plain
    raise ValueError(f"{plain!r:.60} is no {getattr(kind, '__name__', kind)}")


def tuple_of(arguments, plain):
    """`tuple[X, ...]` or `tuple[X, Y]`."""
    if not isinstance(plain, list):
        raise ValueError(f"{plain!r:.60} is no list")
    if arguments[-1] is Ellipsis:
        return tuple(from_plain(arguments[0], item) for item in plain)
    return tuple(from_plain(argument, item) for argument, item in zip(arguments, plain, strict=True))


def dataclass_of(kind, plain):
    known = kinds_of(kind)
    if not isinstance(plain, dict) or not plain.keys() <= known.keys():
        raise ValueError(f"{plain!r:.60} is no {kind.__name__}")
    try:
        return kind(**{name: from_plain(known[name], value) for name, value in plain.items()})
    except TypeError as error:  # a field without default is missing
        raise ValueError(f"{kind.__name__}: {error}") from error


@cache
def kinds_of(kind):
    """{field: annotation} of a dataclass."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
