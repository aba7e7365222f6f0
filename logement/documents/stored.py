"""Plain objects (dataclasses of tuples, texts, numbers, days) as JSON text, and back, equal. Pure."""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal

from logement.documents import content

KINDS = {
    kind.__name__: kind for kind in vars(content).values() if isinstance(kind, type) and is_dataclass(kind)
}


def dump(value):
    """The text of a value; what a field holds by default is left out."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def load(text, kinds=KINDS):
    """The value of a text; `kinds`: {name: dataclass} of what it may hold."""
    return _built(json.loads(text), kinds)


def _plain(value):
    match value:
        case tuple() | list():
            return [_plain(item) for item in value]
        case Decimal():
            return {"": "decimal", "value": str(value)}
        case date():
            return {"": "date", "value": value.isoformat()}
        case _ if is_dataclass(value):
            held = {field.name: getattr(value, field.name) for field in fields(value)}
            defaults = {field.name: field.default for field in fields(value)}
            kept = {name: _plain(item) for name, item in held.items() if item != defaults[name]}
            return {"": type(value).__name__} | kept
        case _:
            return value


def _built(data, kinds):
    match data:
        case list():
            return tuple(_built(item, kinds) for item in data)
        case {"": "decimal", "value": value}:
            return Decimal(value)
        case {"": "date", "value": value}:
            return date.fromisoformat(value)
        case {"": name, **held}:
            return kinds[name](**{key: _built(item, kinds) for key, item in held.items()})
        case _:
            return data
