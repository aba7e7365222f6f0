"""Figures that changed after they were used: each place is « à revoir » until its change is accepted or refused.

The place keeps its words meanwhile: what was read and accepted is never rewritten behind somebody's back.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from axes import citations
from axes.models import Citation, TextBlock
from axes.workflow import check_open
from logement import audit
from logement.locking import save_version
from logement.richtext import parse, references, to_html
from logement.text import clean_text

MOVED = (
    "Un de ces chiffres a encore changé, ou a été revu entre-temps : relisez les phrases telles qu'elles sont, "
    "puis recommencez."
)
DRAWN = (
    "Un graphique suit ses chiffres : relisez-le avec sa description, puis acceptez le nouveau chiffre. "
    "S'il est faux, corrigez-le à sa source."
)


@dataclass(frozen=True, slots=True)
class Use:
    """A citation with the figure as it reads now."""

    citation: Citation
    cited: citations.Cited

    @property
    def words(self):
        return self.cited.words

    @property
    def is_kept(self):
        return bool(self.citation.kept_reason) and self.citation.kept_against == self.words

    @property
    def is_stale(self):
        return self.words != self.citation.words and not self.is_kept


def in_force():
    """The citations that print: a total that was corrected since is no longer read."""
    return Citation.objects.filter(Q(entry__isnull=True) | Q(entry__correction__isnull=True))


def uses_of(year, *, texts=None):
    """Every use of a figure in the texts, totals and charts of an exercise, in the order in which they were made.

    With `texts`, those of these texts alone.
    """
    uses = in_force().filter(year=year)
    rows = list(
        (uses if texts is None else uses.filter(text__in=texts)).select_related(
            "text__line__axis",
            "text__column",
            "text__block__chapter",
            "entry__indicator",
            "key_figure__indicator",
            "kept_by",
        )
    )
    found = citations.look_up({row.ref for row in rows}, year)
    return [Use(row, found[row.ref]) for row in rows]


def stale_of(year):
    """The uses that somebody must accept or keep before the report can be frozen."""
    return [use for use in uses_of(year) if use.is_stale]


def words_now(citation):
    """What the figure of a citation prints now."""
    return citations.look_up({citation.ref}, citation.year)[citation.ref].words


def accept(*, citation, by):
    """Writes the figure as it reads now in the place that cites it, wherever its sentence has moved meanwhile."""
    accept_all(year=citation.year, accepted=[citation], by=by)


@transaction.atomic
def accept_seen(*, year, seen, by):
    """Accepts several changes, `seen` being {citation.pk: the new words that were shown}: all of them, or none.

    Raises ValidationError where what was shown is no longer what would be written.
    """
    check_open(year)
    accept_all(year=year, accepted=_as_seen(year, seen), by=by)


@transaction.atomic
def keep_seen(*, year, seen, reason, by):
    """Refuses several changes for one reason; see `accept_seen` and `keep`."""
    check_open(year)
    for citation in _as_seen(year, seen):
        keep(citation=citation, reason=reason, by=by)


def _as_seen(year, seen):
    """The citations that were shown with these new words."""
    found = [use.citation for use in stale_of(year) if seen.get(use.citation.pk) == use.words]
    if len(found) != len(seen):
        raise ValidationError(MOVED)
    return found


@transaction.atomic
def accept_all(*, year, accepted, by):
    """Accepts the change of each of these citations; a text is saved once, whatever the number of its figures."""
    check_open(year)
    by_text = {}
    for citation in accepted:
        if citation.text_id is None:
            _accept_aside(citation, by)
        else:
            by_text.setdefault(citation.text_id, set()).add((citation.ref, citation.words))
    for text_id, changed in by_text.items():
        _accept_in_text(text_id, changed, year=year, by=by)


def _accept_aside(citation, by):
    """In a total or a chart, which holds no words of its own."""
    citation.words = words_now(citation)
    citation.kept_against = citation.kept_reason = ""
    citation.kept_at = citation.kept_by = None
    citation.save()
    audit.record(by=by, act="Chiffre changé accepté", about=citation, territory=citation.year.territory)


def _accept_in_text(text_id, changed, *, year, by):
    """`changed`: the (ref, words) that are to read as they do now."""
    text = TextBlock.objects.select_for_update(of=("self",)).get(pk=text_id)
    blocks = parse(text.content)
    held = {(cited.ref, cited.text) for cited in references(blocks)}
    found = citations.look_up({ref for ref, _ in held}, year)
    saved = save_version(
        text,
        version=text.version,
        by=by,
        reason="Chiffre mis à jour",
        content=to_html(citations.worded(blocks, found, kept=held - changed)),
        updated_at=timezone.now(),
        updated_by=by,
    )
    citations.record(saved, found)


@transaction.atomic
def keep(*, citation, reason, by):
    """Leaves the words as they are although the figure changed: needs a reason, which prints in the annex.

    A chart has no words to leave: it is drawn from its figures, and its lead reads it again.
    """
    check_open(citation.year)
    if citation.key_figure_id:
        raise ValidationError({"reason": DRAWN})
    reason = clean_text(reason).strip()
    if not reason:
        raise ValidationError({"reason": "Écrivez pourquoi la phrase garde l'ancien chiffre."})
    citation.kept_against = words_now(citation)
    citation.kept_reason, citation.kept_at, citation.kept_by = reason, timezone.now(), by
    citation.full_clean(exclude=["text", "entry", "key_figure", "year", "indicator", "kept_by"])
    citation.save()
    audit.record(
        by=by, act="Ancien chiffre gardé", about=citation, territory=citation.year.territory, detail=reason
    )
