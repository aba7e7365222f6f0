"""The forms of the registers: quick entry, correction, and one small form per act with its date."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from axes.forms import DayField
from logement.codes import read_code
from logement.models import Organisation
from prevention.models import (
    Channel,
    FollowUp,
    Household,
    PlatformOutcome,
    Rehousing,
    Subject,
    Support,
)

EARLIEST = date(2000, 1, 1)


class PastDayField(DayField):
    """A day that has come: acts are noted once they have happened."""

    def clean(self, value):
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise ValidationError(
                f"Le {day:%d/%m/%Y} n'est pas encore passé : notez l'acte quand il a eu lieu."
            )
        if day and day < EARLIEST:
            raise ValidationError(f"Vérifiez l'année : le registre commence en {EARLIEST.year}.")
        return day


class RowForm(forms.ModelForm):
    """A row of one of `registers`; with a single one, nothing is asked. The constraints speak for themselves."""

    def __init__(self, *args, registers, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                self.fields[name] = PastDayField(label=field.label, required=field.required)
            elif isinstance(field, forms.TypedChoiceField):
                field.choices = [("", "Choisissez"), *[choice for choice in field.choices if choice[0]]]
        if self.instance.pk is None:
            self._ask_register(registers)
            next(iter(self.fields.values())).widget.attrs["autofocus"] = not self.is_bound

    def _ask_register(self, registers):
        if len(registers) == 1:
            self.instance.register = registers[0]
            return
        choices = [(register.pk, str(register.organisation)) for register in registers]
        asked = forms.TypedChoiceField(
            label="Association",
            choices=choices,
            coerce=lambda pk: next(register for register in registers if str(register.pk) == str(pk)),
        )
        self.fields = {"register": asked, **self.fields}

    def clean(self):
        data = super().clean()
        if data.get("register"):
            self.instance.register = data["register"]
        return data


class SupportForm(RowForm):
    class Meta:
        model = Support
        fields = [
            "landlord",
            "referred_on",
            "stage",
            "reason",
            "entered_on",
            "exited_on",
            "outcome",
            "declined_on",
        ]

    def __init__(self, *args, registers, **kwargs):
        super().__init__(*args, registers=registers, **kwargs)
        owners = [register.organisation_id for register in registers]
        landlords = Organisation.objects.filter(territories=registers[0].territory_id).exclude(pk__in=owners)
        self.fields["landlord"].queryset = landlords
        self.fields["landlord"].empty_label = "Choisissez"
        if self.instance.pk is None:
            for name in ("exited_on", "outcome", "declined_on"):
                del self.fields[name]


class RehousingForm(RowForm):
    class Meta:
        model = Rehousing
        fields = ["allocated_on", "lease_transferred_on", "ended_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["ended_on"]


class CodeField(forms.CharField):
    """The code of a household, however it is typed."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def clean(self, value):
        text = super().clean(value)
        try:
            return read_code(text) if text else ""
        except ValueError as error:
            raise ValidationError(str(error)) from error


class SeveralField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(error_messages={"required": "Cochez au moins une réponse."}, **kwargs)


class ContactForm(RowForm):
    """A contact: of the household whose code is given, else of a new one."""

    code = CodeField(
        label="Code du ménage",
        required=False,
        help_text="Laissez vide pour un ménage qui n'a pas encore de code.",
    )
    contacted_on = PastDayField(label="Contact du")
    subjects = SeveralField(label="Sujets", choices=Subject)
    channels = SeveralField(label="Canaux", choices=Channel, help_text="Plusieurs réponses possibles.")

    class Meta:
        model = Household
        fields = []

    def __init__(self, *args, registers, household=None, **kwargs):
        super().__init__(*args, registers=registers, **kwargs)
        self.registers, self.household = registers, household
        if household:
            del self.fields["code"]
            self.fields.pop("register", None)

    def clean(self):
        data = super().clean()
        if data.get("code"):
            own = Household.objects.living().filter(register__in=self.registers)
            self.household = own.filter(code=data["code"]).first()
            if self.household is None:
                self.add_error(
                    "code", "Aucun ménage de votre registre n'a ce code : recopiez-le depuis la liste."
                )
        return data

    def contact(self):
        """What `workflow.add_contact` takes."""
        data = self.cleaned_data
        return {
            "register": self.instance.register if self.household is None else self.household.register,
            "household": self.household,
            **{name: data[name] for name in ("contacted_on", "subjects", "channels")},
        }


class ActForm(forms.ModelForm):
    """One act: its date, today unless said otherwise, and what it asks for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                self.fields[name] = PastDayField(label=field.label, initial=timezone.localdate)
                self.initial[name] = self.initial.get(name) or timezone.localdate()
            else:
                field.required = True
                field.choices = [("", "Choisissez"), *[choice for choice in field.choices if choice[0]]]


class EnterForm(ActForm):
    class Meta:
        model = Support
        fields = ["entered_on"]


class ExitForm(ActForm):
    class Meta:
        model = Support
        fields = ["exited_on", "outcome"]


class DeclineForm(ActForm):
    class Meta:
        model = Support
        fields = ["declined_on"]


class TransferForm(ActForm):
    class Meta:
        model = Rehousing
        fields = ["lease_transferred_on"]


class EndForm(ActForm):
    class Meta:
        model = Rehousing
        fields = ["ended_on"]


class StartFollowUpForm(ActForm):
    class Meta:
        model = FollowUp
        fields = ["subject", "started_on"]


class EndFollowUpForm(ActForm):
    class Meta:
        model = FollowUp
        fields = ["ended_on", "outcome"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ends = [choice for choice in PlatformOutcome.choices if choice[0] != PlatformOutcome.ONGOING]
        self.fields["outcome"].choices = [("", "Choisissez"), *ends]
        self.initial["outcome"] = ""


class EraseForm(forms.Form):
    confirmed = forms.BooleanField(
        label="Je confirme l'effacement : il ne se défait pas.",
        error_messages={"required": "Cochez la case pour confirmer l'effacement."},
    )
