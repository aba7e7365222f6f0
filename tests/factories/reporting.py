"""Versions of a report and their files. A version comes from the real act: only a file can be made apart."""

import hashlib

import factory
from factory.django import DjangoModelFactory

from reporting.models import VersionFile


class VersionFileFactory(DjangoModelFactory):
    class Meta:
        model = VersionFile

    format = "json"
    label = "JSON"
    name = factory.LazyAttribute(lambda file: f"rapport-{file.version.pk}.{file.format}")
    content = b"{}"
    size = factory.LazyAttribute(lambda file: len(file.content))
    digest = factory.LazyAttribute(lambda file: hashlib.sha256(file.content).hexdigest())
