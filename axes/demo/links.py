"""The figures of the demonstration's sentences: each number whose figure is beyond doubt is linked to it, at once."""

from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from axes import citations, linking
from axes.models import Citation, TextBlock
from axes.passage import linked
from logement.richtext import parse, references, to_html


def write(year, *, by):
    """Links them in every text of the exercise, of which none cites a figure yet."""
    texts = []
    for text, numbers in linking.proposals(year):
        plain = {
            number.start: (number.end, number.candidates[0].reference)
            for number in numbers
            if number.is_plain
        }
        if plain:
            text.content = linked(text.content, plain)
            texts.append(text)
    refs = {cited.ref for text in texts for cited in references(parse(text.content))}
    found = citations.look_up(refs, year)
    for text in texts:
        text.content = to_html(citations.worded(parse(text.content), found))
        text.version += 1
        text.updated_at, text.updated_by = timezone.now(), by
    fields = ["content", "version", "updated_at", "updated_by"]
    bulk_update_with_history(texts, TextBlock, fields, default_user=by, default_change_reason="Chiffres liés")
    Citation.objects.bulk_create(row for text in texts for row in citations.citations_of(text, found))
