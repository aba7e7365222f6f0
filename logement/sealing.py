"""Secrets that the database keeps without whoever reads it being able to use them: those of the second factors.

The keys are those of SECOND_FACTOR_KEYS: the first one seals, all of them open; without any, one drawn from SECRET_KEY.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["InvalidToken", "reseal", "seal", "sealed_data", "unseal"]

#: Where the data of a second factor, as allauth keeps them, hold a secret; a security key leaves only a public one.
SECRETS = ("secret", "seed")


def seal(text) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed) -> str:
    """The text that was sealed. Raises InvalidToken when none of the keys did."""
    return _box().decrypt(sealed.encode()).decode()


def reseal(sealed) -> str:
    """The same text, sealed by the first key. Raises InvalidToken."""
    return _box().rotate(sealed.encode()).decode()


def sealed_data(data, change):
    """The data of a second factor, each of their secrets changed by `change`: seal, unseal or reseal."""
    changed = {name: change(data[name]) for name in SECRETS if name in data}
    if "migrated_codes" in data:  # codes that come from another application
        changed["migrated_codes"] = [change(code) for code in data["migrated_codes"]]
    return data | changed


def _box():
    return MultiFernet([Fernet(key) for key in settings.SECOND_FACTOR_KEYS or [_drawn()]])


def _drawn():
    drawn = HKDF(SHA256(), length=32, salt=None, info=b"second factors").derive(settings.SECRET_KEY.encode())
    return base64.urlsafe_b64encode(drawn)
