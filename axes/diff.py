"""What changed between two texts, word by word. Pure."""

import re
from difflib import SequenceMatcher

WORDS = re.compile(r"\s+|[^\s]+")


def changed_words(before, after):
    """A list of (kind, text), kind being "same", "del" or "ins"; joined without "del" they give `after` again."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    parts = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(old[a:b])))
        if kind in {"delete", "replace"}:
            parts.append(("del", "".join(old[a:b])))
        if kind in {"insert", "replace"}:
            parts.append(("ins", "".join(new[c:d])))
    return parts
