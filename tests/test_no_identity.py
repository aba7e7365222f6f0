"""The registers hold no identity: their fields are those listed here, and no other.

A field that is added fails the test until somebody writes it here, and reads this: no name, birth date, nationality,
address, telephone, health line nor free text of a household (CNIL). A text that anybody may write says why it is
there, and never stands on a row that hangs on a household.
"""

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from logement.codes import LENGTH
from logement.models import RetentionNotice

ALLOWED = {
    "bail_dabord.Register": "id territory organisation since is_open",
    "bail_dabord.ContractedPlaces": "id register year staff places",
    "bail_dabord.Household": "id register fact households code known_since adults children origin version",
    "bail_dabord.Tenancy": (
        "id household entered_on lease stock transferred_on lease_ended_on support_ended_on"
    ),
    "bail_dabord.Referral": "id register received_on service service_key status",
    "bail_dabord.Claim": "id register claimed_on nature asked granted",
    "bail_dabord.Commission": "id register held_on",
    "prevention.Register": "id territory organisation scheme is_open",
    "prevention.Places": "id register year number",
    "prevention.Support": (
        "id register code anonymised_on version landlord referred_on stage reason entered_on exited_on outcome "
        "declined_on"
    ),
    "prevention.Household": "id register code anonymised_on version",
    "prevention.Contact": "id household contacted_on",
    "prevention.ContactSubject": "id contact subject",
    "prevention.ContactChannel": "id contact channel",
    "prevention.FollowUp": "id household subject started_on ended_on outcome",
    "prevention.Rehousing": (
        "id register code anonymised_on version allocated_on lease_transferred_on ended_on"
    ),
    "prevention.FoldedDays": "id register year followed of_exits",
    "axes.GatheringKind": "id territory label",
    "axes.Gathering": (
        "id action kind title held_on participants participants_blank organisation version created_by created_at"
    ),
    "logement.RetentionNotice": "id register row territory organisation announced_on due_on",
}
TEXTS = {
    "bail_dabord.Household.code": "drawn here, its key stays with the association",
    "bail_dabord.Referral.service": "the service that sends, a body",
    "bail_dabord.Referral.service_key": "the same, to count it once",
    "prevention.Support.code": "drawn here",
    "prevention.Household.code": "drawn here",
    "prevention.Rehousing.code": "drawn here",
    "axes.GatheringKind.label": "a kind of meeting",
    "axes.Gathering.title": "what a meeting was about; warns when it looks like a person",
    "logement.RetentionNotice.register": "the key of a list",
}
#: Scalars that hold a number, a day, a choice or a key: everything else can hold a text.
SCALARS = (
    models.IntegerField,
    models.DecimalField,
    models.BooleanField,
    models.DateField,
    models.ForeignKey,
)


def of_the_registers():
    registers = [
        model
        for app in ("bail_dabord", "prevention")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    return [
        *registers,
        apps.get_model("axes.Gathering"),
        apps.get_model("axes.GatheringKind"),
        RetentionNotice,
    ]


def has_a_code(model):
    return any(field.name == "code" and field.max_length == LENGTH for field in model._meta.fields)


def household_of(model, seen=()):
    """The model of a household that this one is, or hangs on."""
    if has_a_code(model):
        return model
    parents = [field.related_model for field in model._meta.fields if field.is_relation]
    found = (household_of(parent, (*seen, model)) for parent in parents if parent not in (*seen, model))
    return next((household for household in found if household), None)


def breaches(found):
    """What is not allowed in these models, as « app.Model.field : why »."""
    for model in found:
        label = model._meta.label
        allowed = ALLOWED.get(label, "").split()
        for field in [*model._meta.fields, *model._meta.many_to_many]:
            place = f"{label}.{field.name}"
            if field.name not in allowed:
                yield f"{place} : not in the list"
            if isinstance(field, SCALARS) or field.choices or field.many_to_many:
                continue
            if place not in TEXTS:
                yield f"{place} : may hold a text"
            elif household_of(model) and field.name != "code":
                yield f"{place} : a text beside a household"


def test_the_registers_hold_no_identity():
    assert list(breaches(of_the_registers())) == []


def test_the_list_says_nothing_that_is_not_there():
    fields = {
        f"{model._meta.label}.{field.name}"
        for model in of_the_registers()
        for field in [*model._meta.fields, *model._meta.many_to_many]
    }

    assert {f"{label}.{name}" for label, names in ALLOWED.items() for name in names.split()} == fields
    assert set(TEXTS) <= fields


def test_the_registers_are_seen():
    labels = {model._meta.label for model in of_the_registers()}

    assert {"bail_dabord.Household", "prevention.Household", "axes.Gathering"} <= labels
    assert household_of(apps.get_model("prevention.ContactSubject")) is apps.get_model("prevention.Household")
    assert household_of(apps.get_model("bail_dabord.Referral")) is None


def planted(name, field):
    """A household with one more field."""
    meta = type("Meta", (), {"app_label": "bail_dabord"})
    body = {"Meta": meta, "__module__": "bail_dabord.models", "code": models.CharField(max_length=LENGTH)}
    return type("Household", (models.Model,), body | {name: field})


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("last_name", models.CharField(max_length=50)),
        ("born_on", models.DateField()),
        ("nationality", models.CharField(max_length=2, choices=[("fr", "Française")])),
        ("notes", models.TextField()),
        ("data", models.JSONField()),
        ("scan", models.FileField()),
    ],
)
@isolate_apps("bail_dabord")
def test_a_planted_field_is_seen(name, field):
    found = list(breaches([planted(name, field.clone())]))

    assert f"bail_dabord.Household.{name} : not in the list" in found


@isolate_apps("bail_dabord")
def test_a_text_beside_a_household_is_seen_even_when_listed(monkeypatch):
    monkeypatch.setitem(ALLOWED, "bail_dabord.Household", "id code notes")
    monkeypatch.setitem(TEXTS, "bail_dabord.Household.notes", "a good reason")

    found = list(breaches([planted("notes", models.TextField())]))

    assert found == ["bail_dabord.Household.notes : a text beside a household"]
