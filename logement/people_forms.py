"""The forms of the people: invite, accept an invitation, confirm an attachment."""

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from logement.models import Organisation, User
from logement.people import gives
from logement.roles import Role
from logement.text import clean_text


class RoleForm(forms.Form):
    """The roles that `by` may give in the territory, for one organisation where it is known."""

    use_required_attribute = False

    role = forms.ChoiceField(label="Rôle", error_messages={"required": "Choisissez un rôle."})

    def __init__(self, *args, by, territory, **kwargs):
        super().__init__(*args, **kwargs)
        self.given = gives(by, territory)
        roles = {role for role, _ in self.given}
        choices = [(role.value, role.label) for role in Role if role in roles]
        self.fields["role"].choices = choices if len(choices) == 1 else [("", "Choisir…"), *choices]


class InviteForm(RoleForm):
    email = forms.EmailField(
        label="Adresse e-mail",
        help_text="Le lien y part ; la personne choisit elle-même son mot de passe.",
        error_messages={
            "required": "Donnez l'adresse de la personne.",
            "invalid": "Cette adresse n'est pas complète : nom@organisme.fr.",
        },
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Organisme",
        empty_label="Choisir…",
        help_text="Celui pour lequel la personne agira.",
        error_messages={"required": "Choisissez l'organisme."},
    )
    ends_on = forms.DateField(
        label="Jusqu'au (inclus)",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        help_text="Vide : sans date de fin. L'habilitation se retire à tout moment.",
        error_messages={"invalid": "Cette date n'existe pas : écrivez-la ainsi, 24/05/2023."},
    )

    field_order = ["email", "organisation", "role", "ends_on"]

    def __init__(self, *args, by, territory, **kwargs):
        super().__init__(*args, by=by, territory=territory, **kwargs)
        organisations = Organisation.objects.filter(territories=territory).order_by("kind", "name")
        own = {organisation for _, organisation in self.given}
        if None not in own:
            organisations = organisations.filter(pk__in=own)
        field = self.fields["organisation"]
        field.queryset = organisations
        if len(organisations) == 1:
            field.empty_label = None

    def clean_ends_on(self):
        day = self.cleaned_data["ends_on"]
        if day and day < timezone.localdate():
            raise ValidationError("Ce jour est passé : donnez une date à venir, ou aucune.")
        return day


class WelcomeForm(SetPasswordForm):
    """The name and the password of somebody who comes in by an invitation; Django's own rules of passwords."""

    full_name = forms.CharField(
        label="Prénom et nom",
        max_length=User._meta.get_field("full_name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Donnez votre prénom et votre nom."},
    )
    field_order = ["full_name", "new_password1", "new_password2"]
    use_required_attribute = False

    def __init__(self, user, *args, **kwargs):
        super().__init__(user, *args, **kwargs)
        self.fields["new_password1"].label = "Mot de passe"
        self.fields[
            "new_password1"
        ].help_text = "Douze signes au moins, sans rapport avec votre nom ni votre adresse."
        self.fields["new_password2"].label = "Le même, une seconde fois"
        self.fields["new_password2"].help_text = ""
        for name in ("new_password1", "new_password2"):
            self.fields[name].error_messages["required"] = "Choisissez un mot de passe."

    def clean_full_name(self):
        name = clean_text(self.cleaned_data["full_name"]).strip()
        if not name:
            raise ValidationError(self.fields["full_name"].error_messages["required"])
        self.user.full_name = name  # before the password is compared with it
        return name
