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
from functools import cache, partial

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
    return reader_of(kind)(plain)


@cache
def reader_of(kind):
    """The function that reads values of a kind: made once, a report holds thousands of them."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {types.UnionType, typing.Union}:
        (inner,) = (argument for argument in arguments if argument is not types.NoneType)
        return partial(optional_of, reader_of(inner))
    if origin is tuple and arguments[-1] is Ellipsis:
        return partial(list_of, reader_of(arguments[0]))
    if origin is tuple:
        return partial(tuple_of, [reader_of(argument) for argument in arguments])
    if is_dataclass(kind):
        return partial(dataclass_of, kind, {name: reader_of(held) for name, held in kinds_of(kind).items()})
    if kind in {date, datetime}:
        return kind.fromisoformat
    if kind is Decimal:
        return Decimal
    if kind in SCALARS:
        return partial(scalar_of, kind)
    raise TypeError(f"No canonical form for {kind}")


def optional_of(read_inner, plain):
    return None if plain is None else read_inner(plain)


def list_of(read_item, plain):
    """`tuple[X, ...]`"""
    if not isinstance(plain, list):
        raise ValueError(f"{plain!r:.60} is no list")
    return tuple(map(read_item, plain))


def tuple_of(readers, plain):
    """`tuple[X, Y]`"""
    return tuple(read_item(item) for read_item, item in zip(readers, plain, strict=True))


def dataclass_of(kind, readers, plain):
    if not isinstance(plain, dict) or not plain.keys() <= readers.keys():
        raise ValueError(f"{plain!r:.60} is no {kind.__name__}")
    try:
        return kind(**{name: readers[name](value) for name, value in plain.items()})
    except TypeError as error:  # a field without default is missing
        raise ValueError(f"{kind.__name__}: {error}") from error


def scalar_of(kind, plain):
    if type(plain) is not kind:
        raise ValueError(f"{plain!r:.60} is no {kind.__name__}")
    return plain


@cache
def kinds_of(kind):
    """{field: annotation} of a dataclass."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
