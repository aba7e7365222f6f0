"""What an amended export says otherwise of a line or of a text, and what was decided of it."""

from dataclasses import dataclass

from axes.diff import changed_words
from axes.imports.decisions import Verdict
from axes.models import Line, TextBlock
from axes.passage import ONE_SPACE
from logement.richtext import parse, plain, references


@dataclass(frozen=True)
class Difference:
    """`version` is that of the row it would change; `is_crossed` where the application changed the same words since."""

    key: str
    place: str
    target: Line | TextBlock
    before: str
    after: str
    is_crossed: bool = False
    decision: object = None

    @property
    def anchor(self):
        return self.key.replace(":", "-")

    @property
    def version(self):
        return self.target.version if self.target.pk else 0

    @property
    def is_text(self):
        return isinstance(self.target, TextBlock)

    @property
    def words(self):
        return changed_words(
            *(self._plain(content).translate(ONE_SPACE) for content in (self.before, self.after))
        )

    def _plain(self, content):
        return plain(parse(content), with_notes=True) if self.is_text else content

    @property
    def lost(self):
        """The words of the figures that the amended text no longer cites."""
        if not self.is_text:
            return []
        kept = [text.ref for text in references(parse(self.after))]
        return [text.text for text in references(parse(self.before)) if text.ref not in kept]

    @property
    def verdict(self):
        """A decision holds for what was read then: another text, or another version, asks again."""
        is_same = self.decision and self.decision.fields == self.seen
        return self.decision.verdict if is_same else Verdict.OPEN

    @property
    def seen(self):
        return {"version": self.version, "after": self.after}

    @property
    def is_accepted(self):
        return self.verdict == Verdict.ACCEPTED

    @property
    def is_left(self):
        return self.verdict == Verdict.LEFT
