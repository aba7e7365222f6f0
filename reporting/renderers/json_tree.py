"""The document tree as JSON: each node is an object whose "type" is its class. Sorted keys, no float.

Texts stand as they were typed, for programs: no French typography. Numbers are strings of digits, exact whatever reads
them; days are ISO 8601. The schema is published at `SCHEMA`, an address of this site.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal

SCHEMA = "/static/schemas/rapport-1.schema.json"


def render(document):
    """The Document as UTF-8 JSON bytes. A lone surrogate, which UTF-8 cannot write, becomes « ? »."""
    content = {"$schema": SCHEMA, **plain_data(document)}
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8", "replace")


def plain_data(node):
    """A node as dicts, lists, strings, integers, booleans and None."""
    match node:
        case tuple():
            return [plain_data(item) for item in node]
        case date():
            return node.isoformat()
        case Decimal():
            return f"{node:f}"
        case _ if is_dataclass(node):
            content = {field.name: plain_data(getattr(node, field.name)) for field in fields(node)}
            return {"type": type(node).__name__, **content}
        case _:
            return node
