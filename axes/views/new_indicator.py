"""Adding an indicator to an exercise: to one of its actions, or to the context of the territory."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from axes.doors import check_still_open, year_page
from axes.forms import DayField, FrenchNumberField
from axes.models import Action, Indicator
from axes.new_indicators import add_indicator
from axes.notices import warn_of_persons
from axes.views.indicators import FIGURES
from axes.views.plan import status_of
from logement.forms import refuse
from logement.models import Organisation
from logement.roles import Permission as P


def length_of(name):
    return Indicator._meta.get_field(name).max_length


class NewIndicatorForm(forms.Form):
    """What is counted, how, by whom; its code is given by its axis."""

    action = forms.ModelChoiceField(
        Action.objects.none(),
        label="Action",
        required=False,
        empty_label="Aucune : chiffre de contexte du territoire",
    )
    label = forms.CharField(
        label="Libellé",
        max_length=length_of("label"),
        error_messages={"required": "Dites en quelques mots ce qui est compté."},
    )
    unit = forms.CharField(
        label="Unité",
        max_length=length_of("unit"),
        help_text="Au pluriel : « ménages », « logements », « % », « € », ou « date ».",
        error_messages={"required": "Donnez l'unité : « ménages », « % », « € »…"},
    )
    kind = forms.ChoiceField(label="Type", choices=Indicator.Kind)
    temporality = forms.ChoiceField(label="Temporalité", choices=Indicator.Temporality)
    since = DayField(
        label="Compté depuis le",
        required=False,
        help_text="Pour un cumul seulement ; vide, il part du début de la convention.",
    )
    definition = forms.CharField(
        label="Définition",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qui est compté, et ce qui ne l'est pas : le partenaire la lit à côté du champ.",
    )
    base = forms.CharField(
        label="Base", required=False, max_length=length_of("base"), help_text="Sur quoi porte le chiffre."
    )
    supplier = forms.ModelChoiceField(
        Organisation.objects.none(), label="Fournisseur", required=False, empty_label="À préciser"
    )
    target = FrenchNumberField(label="Cible de l'année", required=False)

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        actions = Action.objects.filter(lines__year=year).select_related("axis")
        self.fields["action"].queryset = actions.order_by("axis__position", "lines__position")
        self.fields["supplier"].queryset = Organisation.objects.filter(territories=year.territory)


@require_http_methods(["GET", "HEAD", "POST"])
@year_page(P.EDIT_FIGURES, sees=FIGURES)
def add(request, year):
    check_still_open(year)
    form = NewIndicatorForm(request.POST or None, initial=request.GET.dict(), year=year)
    if request.method == "POST" and form.is_valid():
        try:
            indicator = add_indicator(year=year, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            warn_of_persons(request, indicator.label, indicator.definition)
            messages.success(request, f"L'indicateur {indicator.code} est ajouté.")
            return redirect("axes:indicator", year.territory.code, year.number, indicator.code)
    context = {"year": year, "tab": "axes:indicators", "form": form}
    return render(request, "axes/add_indicator.html", context, status=status_of(form))
