"""The secrets of the second factors in the database: sealed, opened by old keys too, sealed again by a new one."""

import base64
import logging
from importlib import import_module
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.core.management import call_command

from logement.sealing import InvalidToken, seal, unseal
from tests.factories import UserFactory
from tests.logement.test_signing_in import code_of

pytestmark = pytest.mark.django_db
OLD, NEW = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"o", b"n"))
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def factor():
    return TOTP.activate(UserFactory(email="lea@toit.example"), SECRET)


def held():
    return Authenticator.objects.get(type="totp").data["secret"]


def test_the_database_holds_neither_the_secret_nor_the_codes(factor):
    codes = RecoveryCodes.activate(factor.instance.user)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stored
    assert unseal(held()) == SECRET
    assert not [code for code in codes.generate_codes() if code in stored]
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).validate_code(
        codes.generate_codes()[0]
    )
    assert factor.validate_code(code_of(SECRET))


def test_a_changed_key_opens_what_the_old_one_sealed_and_seals_it_again(factor, settings):
    settings.SECOND_FACTOR_KEYS = [OLD]
    factor.instance.data = {"secret": seal(SECRET)}
    factor.instance.save()
    settings.SECOND_FACTOR_KEYS = [NEW, OLD]
    assert factor.validate_code(code_of(SECRET))

    call_command("resceller", stdout=StringIO())

    settings.SECOND_FACTOR_KEYS = [NEW]
    assert unseal(held()) == SECRET


def test_without_its_key_no_code_is_right_and_the_log_says_why(factor, settings, caplog):
    settings.SECOND_FACTOR_KEYS = [NEW]
    told = StringIO()

    with caplog.at_level(logging.ERROR):
        assert not factor.validate_code(code_of(SECRET))
    call_command("resceller", stdout=StringIO(), stderr=told)

    assert "SECOND_FACTOR_KEYS" in caplog.text
    assert SECRET not in caplog.text
    assert "lea@toit.example : aucune des clés ne l'ouvre" in told.getvalue()
    with pytest.raises(InvalidToken):
        unseal(held())


def test_what_an_earlier_version_wrote_in_clear_is_sealed_once_and_back(factor):
    migration = import_module("logement.migrations.0008_sealed_second_factors").Migration.operations[0]
    factor.instance.data = {"secret": SECRET}
    factor.instance.save()
    Authenticator.objects.create(
        user=factor.instance.user, type="recovery_codes", data={"seed": "5e", "used_mask": 3}
    )

    migration.code(apps, None)
    assert unseal(held()) == SECRET
    migration.reverse_code(apps, None)

    assert held() == SECRET
    assert Authenticator.objects.get(type="recovery_codes").data == {"seed": "5e", "used_mask": 3}
