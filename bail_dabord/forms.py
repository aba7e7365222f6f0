"""The forms of the register: choices, numbers and dates, made to be filled in from the keyboard."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

from axes.forms import DayField, FrenchNumberField
from bail_dabord.models import Claim, Origin, Referral, Tenancy
from logement.forms import NobodyNamed
from logement.text import clean_text

CHOOSE = [("", "Choisissez…")]
MOST_PEOPLE = 20


class MonthField(forms.DateField):
    """A month, by the browser's own picker or typed « 05/2024 »: a date, its first day."""

    def __init__(self, **kwargs):
        super().__init__(
            widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
            input_formats=["%Y-%m", "%m/%Y", "%Y-%m-%d"],
            error_messages={"invalid": "Ce mois n'existe pas : écrivez-le ainsi, 05/2024."},
            validators=[
                MinValueValidator(date(2000, 1, 1), "Vérifiez l'année : elle est antérieure à 2000."),
                MaxValueValidator(date(2100, 12, 31), "Vérifiez l'année : elle dépasse 2100."),
            ],
            **kwargs,
        )


class EuroField(FrenchNumberField):
    """An amount in euros, cents included: from 0 to 99 999 999,99."""

    def to_python(self, value):
        amount = super().to_python(value)
        if amount is None:
            return None
        if not 0 <= amount < 10**8:
            raise ValidationError("Un montant va de 0 à 99 999 999,99 €.")
        if amount != round(amount, 2):
            raise ValidationError("Gardez au plus deux chiffres après la virgule : ce sont des centimes.")
        return amount


class RegisterForm(forms.Form):
    """Asks whose register it is only of who keeps several."""

    register = forms.ModelChoiceField(label="Association", queryset=None)

    def __init__(self, *args, registers, **kwargs):
        super().__init__(*args, **kwargs)
        self.registers = registers
        if len(registers) == 1:
            del self.fields["register"]
        else:
            self.fields["register"].queryset = type(registers[0]).objects.filter(
                pk__in=[register.pk for register in registers]
            )

    @property
    def chosen(self):
        return self.cleaned_data.get("register") or self.registers[0]


class HouseholdForm(RegisterForm):
    """A household, and its entry when it has happened."""

    known_since = MonthField(
        label="Connu depuis (mois)",
        help_text="Le mois de l'orientation, par exemple 05/2024. Le jour n'est pas gardé.",
    )
    adults = forms.IntegerField(label="Adultes à l'entrée", min_value=0, max_value=MOST_PEOPLE)
    children = forms.IntegerField(label="Enfants à l'entrée", min_value=0, max_value=MOST_PEOPLE, initial=0)
    origin = forms.ChoiceField(label="Provenance", choices=[*CHOOSE, *Origin.choices])
    entered_on = DayField(
        label="Entrée dans le logement", required=False, help_text="Laissez vide tant que le ménage attend."
    )
    lease = forms.ChoiceField(label="Bail", choices=[*CHOOSE, *Tenancy.Lease.choices], required=False)
    stock = forms.ChoiceField(label="Parc", choices=[*CHOOSE, *Tenancy.Stock.choices], required=False)

    def clean(self):
        data = super().clean()
        has_entered = data.get("entered_on") or "entered_on" in self.errors
        for name, sentence in LACKING.items():
            if has_entered and not data.get(name):
                self.add_error(name, sentence)
            if not has_entered and data.get(name):
                self.add_error("entered_on", "Écrivez la date d'entrée, ou retirez le bail et le parc.")
                break
        if data.get("adults") == 0 and data.get("children") == 0:
            self.add_error("adults", "Un ménage compte au moins une personne.")
        return data

    def entry(self):
        """What `record_entry` takes, or None."""
        data = self.cleaned_data
        return {name: data[name] for name in ENTRY} if data["entered_on"] else None

    def people(self):
        return {name: self.cleaned_data[name] for name in PEOPLE}


PEOPLE = ("known_since", "adults", "children", "origin")
ENTRY = ("entered_on", "lease", "stock")
DATES = ("transferred_on", "lease_ended_on", "support_ended_on")
LACKING = {
    "lease": "Choisissez le bail : il est connu à l'entrée.",
    "stock": "Choisissez le parc : il est connu à l'entrée.",
}


class CorrectionForm(HouseholdForm):
    """Everything that a household has here, to be corrected; the dates once it has entered."""

    transferred_on = DayField(label="Glissement du bail", required=False)
    lease_ended_on = DayField(label="Fin du bail", required=False)
    support_ended_on = DayField(label="Fin de l'accompagnement", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, household, **kwargs):
        super().__init__(*args, registers=[household.register], **kwargs)
        if not hasattr(household, "tenancy"):
            for name in (*ENTRY, *DATES):
                del self.fields[name]
        else:
            self.fields["entered_on"].help_text = ""
            for name in ENTRY:
                self.fields[name].required = True

    def clean(self):
        return super().clean() if "entered_on" in self.fields else self.cleaned_data

    def dates(self):
        names = (*ENTRY, *DATES)
        return {name: self.cleaned_data[name] for name in names} if "entered_on" in self.fields else None


def initial_of(household):
    """What the correction shows first."""
    tenancy = getattr(household, "tenancy", None)
    names = (*ENTRY, *DATES)
    return {
        **{name: getattr(household, name) for name in (*PEOPLE, "version")},
        **({name: getattr(tenancy, name) for name in names} if tenancy else {}),
    }


class EntryForm(forms.Form):
    """The entry of a household that waited."""

    entered_on = DayField(label="Entrée dans le logement")
    lease = forms.ChoiceField(label="Bail", choices=[*CHOOSE, *Tenancy.Lease.choices])
    stock = forms.ChoiceField(label="Parc", choices=[*CHOOSE, *Tenancy.Stock.choices])


class ActForm(forms.Form):
    """The date of an act, on the household as it was read."""

    day = DayField(label="Date")
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReferralForm(NobodyNamed, RegisterForm):
    nobody_named = ("service",)

    received_on = DayField(label="Reçue le")
    service = forms.CharField(
        label="Service orienteur",
        max_length=Referral._meta.get_field("service").max_length,
        help_text="Le nom du service, jamais celui d'une personne.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    status = forms.ChoiceField(label="Suite donnée", choices=Referral.Status.choices)

    def clean_service(self):
        return " ".join(clean_text(self.cleaned_data["service"]).split())


class ClaimForm(RegisterForm):
    claimed_on = DayField(label="Demandée le")
    nature = forms.ChoiceField(label="Nature", choices=[*CHOOSE, *Claim.Nature.choices])
    asked = EuroField(label="Montant demandé (€)")
    granted = EuroField(
        label="Montant accordé (€)",
        required=False,
        help_text="Vide tant que rien n'est décidé ; 0 en cas de refus.",
    )


class CommissionForm(RegisterForm):
    held_on = DayField(label="Tenue le")


class PlacesForm(RegisterForm):
    year = forms.IntegerField(label="Année", min_value=2000, max_value=2100)
    places = forms.IntegerField(label="Places conventionnées", min_value=0, max_value=5000)
    staff = FrenchNumberField(label="Équivalents temps plein (ETP)", help_text="Par exemple 1,5.")

    def clean_staff(self):
        staff = self.cleaned_data["staff"]
        if not 0 <= staff < 1000 or staff != round(staff, 2):
            raise ValidationError("Écrivez un nombre d'ETP de 0 à 999, avec deux décimales au plus.")
        return staff
