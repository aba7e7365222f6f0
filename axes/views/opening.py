"""Opening the next exercise from this one: what is carried, line by line; and reading it again there."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from axes import carried, opening
from axes.crossing import agreement_after, axes_between, crossing_of, texts_left
from axes.doors import check_still_open, year_page
from axes.forms import DayField
from axes.models import Campaign, Line, TextBlock
from axes.progress import count_words
from axes.table import ActionCell
from axes.views.plan import LINES, after_saving, status_of
from axes.views.texts import get_block, render_block
from logement.forms import RowsChoice, refuse
from logement.roles import Permission as P


class OpeningForm(forms.Form):
    """The lines that go on; what is over is left out unless somebody ticks it. Then what is proposed, if any."""

    lines = RowsChoice(
        Line.objects.none(),
        label="Actions reprises",
        required=False,
        error_messages={
            "invalid_choice": "Une action choisie n'est plus dans l'exercice : relisez la liste."
        },
    )

    with_targets = forms.BooleanField(required=False)
    with_campaign = forms.BooleanField(required=False, initial=True)
    opens_on = DayField(label="Ouverture de la campagne", required=False)
    closes_on = DayField(label="Date limite", required=False)

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lines"].queryset = lines = carried.lines_of(year)
        proposed = [line for line in lines if carried.is_proposed(line)]
        self.initial.setdefault("lines", [line.pk for line in proposed])
        self.preview = carried.preview_of(year, proposed)
        self.fields[
            "with_targets"
        ].label = f"Reprendre les cibles de {year.number} comme cibles de {year.number + 1}"
        if not self.preview.targets:
            del self.fields["with_targets"]
        self._propose_campaign(year)
        self.following = agreement_after(year)
        self.axes, self.left = {}, []
        if self.following and self.following != year.agreement:
            self._propose_axes(year)

    def _propose_axes(self, year):
        """Where the next convention begins, each axis goes on as one of that convention."""
        self.left = texts_left(year, crossing_of(year, self.following))
        for key, place in axes_between(year, self.following).items():
            self.axes[key] = f"axis_{key}"
            self.fields[f"axis_{key}"] = forms.ModelChoiceField(
                self.following.axes.all(),
                label=f"Sa suite dans « {self.following} »",
                required=False,
                initial=place,
                empty_label=f"Aucun : ses actions restent en {year.number}",
            )

    def _propose_campaign(self, year):
        """That of the next year asks the same, on the same days a year later."""
        last = Campaign.objects.filter(year=year).first()
        if last is None or not self.preview.questionnaires:
            for name in ("with_campaign", "opens_on", "closes_on"):
                del self.fields[name]
            return
        self.fields[
            "with_campaign"
        ].label = f"Préparer la campagne {year.number + 1} avec les mêmes questionnaires"
        for name in ("opens_on", "closes_on"):
            self.initial.setdefault(name, a_year_after(getattr(last, name)))

    def clean(self):
        data = super().clean()
        if not data.get("with_campaign"):
            for name in ("opens_on", "closes_on"):
                self._errors.pop(name, None)
            return data
        for name, what in (("opens_on", "d'ouverture"), ("closes_on", "limite")):
            if name not in self.errors and data.get(name) is None:
                self.add_error(name, f"Donnez la date {what} de la campagne, ou décochez-la.")
        if data.get("opens_on") and data.get("closes_on") and data["opens_on"] > data["closes_on"]:
            self.add_error("closes_on", "La date limite précède l'ouverture : corrigez l'une des deux.")
        return data

    @property
    def choices(self):
        """What `open_year` takes."""
        data = self.cleaned_data
        days = {"opens_on": data.get("opens_on"), "closes_on": data.get("closes_on")}
        return {
            "lines": data["lines"],
            "axes": {key: data[name] for key, name in self.axes.items()} if self.axes else None,
            "targets": data.get("with_targets", False),
            "campaign": days if data.get("with_campaign") else None,
        }

    def rows(self):
        """(axis, [(line, whether it is ticked)], the field of its place in the next convention or None)."""
        ticked = {str(getattr(value, "pk", value)) for value in self["lines"].value() or ()}
        axes = {}
        for line in self.fields["lines"].queryset:
            axes.setdefault(line.axis, []).append((line, str(line.pk) in ticked))
        places = {key: self[name] for key, name in self.axes.items()}
        return [(axis, lines, places.get(axis.pk)) for axis, lines in axes.items()]


def a_year_after(day):
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


@require_http_methods(["GET", "HEAD", "POST"])
@year_page(P.MOVE_EXERCISE, sees=P.VIEW_PLAN)
def open_next(request, year):
    form = OpeningForm(request.POST if request.method == "POST" else None, year=year)
    if request.method == "POST" and form.is_valid():
        try:
            opened = opening.open_year(previous=year, by=request.user, **form.choices)
        except ValidationError as error:
            refuse(form, error)
        else:
            lines = count_words(opened.lines.count(), "action reprise", "actions reprises")
            texts = count_words(opened.texts.count(), "texte à relire", "textes à relire")
            asked = ["campagne préparée"] if form.choices["campaign"] else []
            messages.success(
                request,
                f"L'exercice {opened.number} est ouvert : "
                f"{', '.join(filter(None, [lines, texts, *asked])) or 'rien n’a été repris'}.",
            )
            return redirect("axes:dashboard", year.territory.code, opened.number)
    context = {
        "year": year,
        "following": opening.next_of(year),
        "obstacle": opening.obstacle(year),
        "needs_agreement": opening.needs_agreement(year),
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
