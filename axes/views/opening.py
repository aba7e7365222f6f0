"""Opening the next exercise from this one: what is carried, line by line; and reading it again there."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from axes import opening
from axes.doors import check_still_open, year_page
from axes.models import Line, TextBlock
from axes.progress import count_words
from axes.table import ActionCell
from axes.views.plan import LINES, after_saving, status_of
from axes.views.texts import get_block, render_block
from logement.forms import refuse
from logement.roles import Permission as P


class OpeningForm(forms.Form):
    """The lines that go on; what is over is left out unless somebody ticks it."""

    lines = forms.ModelMultipleChoiceField(
        Line.objects.none(),
        label="Actions reprises",
        required=False,
        error_messages={
            "invalid_choice": "Une action choisie n'est plus dans l'exercice : relisez la liste."
        },
    )

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lines"].queryset = lines = opening.lines_of(year)
        self.initial.setdefault("lines", [line.pk for line in lines if opening.is_proposed(line)])

    def rows(self):
        """(axis, [(line, whether it is ticked)]) in the order of the report."""
        ticked = {str(getattr(value, "pk", value)) for value in self["lines"].value() or ()}
        axes = {}
        for line in self.fields["lines"].queryset:
            axes.setdefault(line.action.axis, []).append((line, str(line.pk) in ticked))
        return list(axes.items())


@require_http_methods(["GET", "HEAD", "POST"])
@year_page(P.MOVE_EXERCISE, sees=P.VIEW_PLAN)
def open_next(request, year):
    form = OpeningForm(request.POST if request.method == "POST" else None, year=year)
    if request.method == "POST" and form.is_valid():
        try:
            opened = opening.open_year(previous=year, lines=form.cleaned_data["lines"], by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            lines = count_words(opened.lines.count(), "action reprise", "actions reprises")
            texts = count_words(opened.texts.count(), "texte à relire", "textes à relire")
            messages.success(
                request,
                f"L'exercice {opened.number} est ouvert : "
                f"{', '.join(filter(None, [lines, texts])) or 'rien n’a été repris'}.",
            )
            return redirect("axes:dashboard", year.territory.code, opened.number)
    context = {
        "year": year,
        "following": opening.next_of(year),
        "obstacle": opening.obstacle(year),
        "form": form,
    }
    return render(request, "axes/open_next.html", context, status=status_of(form))


@require_POST
@year_page(P.EDIT_PLAN, sees=LINES)
def mark_read(request, year, text_id):
    """A carried text stands as it is: its cell or its block, in place with htmx."""
    check_still_open(year)
    text = get_object_or_404(
        TextBlock.objects.select_related("line__action", "column", "block"), pk=text_id, year=year
    )
    saved = opening.mark_read(text=text, by=request.user)
    if text.line_id:
        return after_saving(request, year, ActionCell(text.line, text.column, saved))
    if request.htmx:
        return render_block(request, year, get_block(year, text.block_id), saved=True)
    messages.success(request, "Texte relu.")
    return redirect("axes:chapter", year.territory.code, year.number, text.block.chapter_id)
