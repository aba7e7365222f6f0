"""Small pieces of which several parts of a document are built. Pure."""

from logement.richtext import Paragraph, Text
from reporting.document import Column

#: The columns of the tables of actions whose cells are words alone; the others hold rich text.
PLAIN_ROLES = {"title", "state"}


def paragraph(text, ref=""):
    return Paragraph((Text(text, ref=ref),))


def columns_of(held, weights):
    """The Columns of [(what it holds, heading)]: as wide as their weights ask, 100 % together."""
    weights = [weights[role] for role, _ in held]
    shares = [weight * 100 // sum(weights) for weight in weights]
    widest = shares.index(max(shares))
    shares[widest] += 100 - sum(shares)
    return tuple(Column(heading, role, share) for (role, heading), share in zip(held, shares, strict=True))


def may_cite(html):
    """Whether a rich text is worth reading for its figures: most have none."""
    return "data-ref" in html or "[[chiffre:" in html
