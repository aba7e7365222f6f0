"""A form whose texts should name nobody: it warns once, then lets one save. A choice that no row answers to."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from logement.forms import NobodyNamed, RowChoice, RowsChoice
from logement.models import Membership
from logement.personal_data import warning_about


class Note(NobodyNamed, forms.Form):
    nobody_named = ("subject",)
    subject = forms.CharField(required=False)
    other = forms.CharField(required=False)


def sent(**data):
    form = Note(data)
    form.is_valid()
    return form


@pytest.mark.parametrize(
    "data", [{"subject": "Réunion du réseau"}, {"subject": ""}, {}, {"other": "Mme Dupont"}]
)
def test_a_text_that_names_nobody_is_saved_at_once(data):
    assert sent(**data).is_valid()


def test_a_text_that_names_somebody_warns_in_its_field():
    form = sent(subject="Réunion avec Mme Dupont")

    assert form.errors == {"subject": [warning_about("Mme Dupont")]}


def test_sent_again_as_it_is_shown_it_is_saved():
    text = "Réunion avec Mme Dupont"
    mark = sent(subject=text)["texts_reread"].value()

    again = sent(subject=text, texts_reread=mark)

    assert again.is_valid()
    assert again.cleaned_data["subject"] == text


def test_another_text_warns_again():
    mark = sent(subject="Mme Dupont")["texts_reread"].value()

    assert not sent(subject="Mme Durand", texts_reread=mark).is_valid()


def test_the_mark_is_in_the_page():
    form = sent(subject="Mme Dupont")

    assert f'value="{form["texts_reread"].value()}"' in str(form)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["1", "9" * 19, "9" * 5_000, "-1", "a", "\0"])
def test_a_key_of_no_row_is_refused_however_large(key):
    rows = Membership.objects.all()

    for field, value in ((RowChoice(rows, to_field_name="user_id"), key), (RowsChoice(rows), [key])):
        with pytest.raises(ValidationError):
            field.clean(value)
