"""The document tree as JSON: each node is an object whose "type" is its class. Sorted keys, no float."""

import json
from dataclasses import fields, is_dataclass


def render(document):
    """The Document as UTF-8 JSON bytes."""
    return json.dumps(plain_data(document), ensure_ascii=False, indent=1, sort_keys=True).encode()


def plain_data(node):
    if is_dataclass(node):
        content = {field.name: plain_data(getattr(node, field.name)) for field in fields(node)}
        return {"type": type(node).__name__, **content}
    return [plain_data(item) for item in node] if isinstance(node, tuple) else node
