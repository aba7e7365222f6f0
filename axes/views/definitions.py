"""What an indicator counts, and the form that changes it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from axes.definitions import change_definition, version_of
from axes.doors import check_still_open, year_page
from axes.models import Indicator, SeriesBreak
from axes.notices import warn_of_persons
from axes.views.indicators import FIGURES, get_indicator
from axes.views.plan import posted_version, status_of
from logement.forms import refuse
from logement.locking import Conflict
from logement.roles import Permission as P

FIELDS = ("definition", "perimeter", "flow")
SAME, OTHER = "same", "other"


class DefinitionForm(forms.Form):
    """What is counted, where, what a cumul adds up; and whether this is another measure or the same, better said."""

    definition = forms.CharField(
        label="Définition",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce qui est compté, et ce qui ne l'est pas : le partenaire la lit à côté du champ.",
    )
    perimeter = forms.CharField(
        label="Périmètre",
        required=False,
        max_length=Indicator._meta.get_field("perimeter").max_length,
        help_text="Le territoire, le public ou les structures que le chiffre couvre.",
    )
    flow = forms.ModelChoiceField(
        Indicator.objects.none(),
        label="Cumul de",
        required=False,
        empty_label="Aucun : le cumul se saisit",
        help_text="L'indicateur de l'année que ce cumul additionne : il s'en déduit quand l'an dernier est connu.",
    )
    measure = forms.ChoiceField(
        label="Ce changement",
        widget=forms.RadioSelect,
        choices=[
            (SAME, "dit mieux la même mesure : les années se comparent toujours"),
            (OTHER, "change ce qui est compté : la série est rompue à partir de cet exercice"),
        ],
        error_messages={"required": "Dites si c'est la même mesure ou une autre."},
    )
    reason = forms.CharField(
        label="Motif",
        max_length=SeriesBreak._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Une rupture de série l'affiche à côté des valeurs, à l'écran et dans le rapport.",
        error_messages={"required": "Dites en une phrase pourquoi la définition change."},
    )

    def __init__(self, *args, indicator, **kwargs):
        super().__init__(*args, initial={name: getattr(indicator, name) for name in FIELDS}, **kwargs)
        if indicator.temporality == Indicator.Temporality.CUMULATIVE:
            self.fields["flow"].queryset = Indicator.objects.filter(
                territory=indicator.territory_id, temporality=Indicator.Temporality.FLOW, unit=indicator.unit
            )
        else:
            del self.fields["flow"]

    def clean(self):
        data = super().clean()
        if not self.errors and not set(self.changed_data) & set(FIELDS):
            raise ValidationError("Rien n'a changé : modifiez la définition, le périmètre ou le cumul.")
        if data.get("measure") == OTHER and not set(self.changed_data) & {"definition", "perimeter"}:
            self.add_error("measure", "Une autre mesure demande une autre définition ou un autre périmètre.")
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@year_page(P.EDIT_FIGURES, sees=FIGURES)
def edit_definition(request, year, code):
    check_still_open(year)
    indicator = get_indicator(request, year, code)
    version, is_stale = version_of(indicator), False
    form = DefinitionForm(request.POST or None, indicator=indicator)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in FIELDS if name in form.cleaned_data}
        try:
            change_definition(
                indicator=indicator,
                year=year,
                version=posted_version(request),
                is_redefined=form.cleaned_data["measure"] == OTHER,
                reason=form.cleaned_data["reason"],
                by=request.user,
                **fields,
            )
        except Conflict:
            is_stale = True
        except ValidationError as error:
            refuse(form, error)
        else:
            warn_of_persons(request, form.cleaned_data["reason"], form.cleaned_data["definition"])
            messages.success(request, "La définition est enregistrée.")
            return redirect("axes:indicator", year.territory.code, year.number, indicator.code)
    context = {
        "year": year,
        "indicator": indicator,
        "form": form,
        "version": version,
        "is_stale": is_stale,
    }
    status = 409 if is_stale else status_of(form)
    return render(request, "axes/edit_definition.html", context, status=status)
