"""One text for one content, so that a fingerprint means something: keys sorted, no useless zero. Pure."""

import hashlib
import json
from decimal import Decimal


def canonical(plain) -> str:
    """What json.dumps takes, as JSON in its one form."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint_of(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def decimal_text(value) -> str | None:
    """« 1234.5 »: no exponent, no useless zero, so that a number has one text."""
    if value is None:
        return None
    text = f"{Decimal(value):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
