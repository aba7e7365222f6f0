"""Versions of a report and their files. A version comes from the real act: only a file can be made apart."""

import hashlib

import factory
from factory.django import DjangoModelFactory

from reporting.models import Inquiry, PublicFile, VersionFile
from tests.factories.logement import UserFactory


class VersionFileFactory(DjangoModelFactory):
    class Meta:
        model = VersionFile

    format = "json"
    label = "JSON"
    name = factory.LazyAttribute(lambda file: f"rapport-{file.version.pk}.{file.format}")
    content = b"{}"
    size = factory.LazyAttribute(lambda file: len(file.content))
    digest = factory.LazyAttribute(lambda file: hashlib.sha256(file.content).hexdigest())


class PublicFileFactory(DjangoModelFactory):
    class Meta:
        model = PublicFile

    format = "json"
    label = "JSON"
    name = "chiffres-publics.json"
    content = b"{}"
    size = factory.LazyAttribute(lambda file: len(file.content))
    digest = factory.LazyAttribute(lambda file: hashlib.sha256(file.content).hexdigest())


class InquiryFactory(DjangoModelFactory):
    """Of the draft shared in review, by default; `version` is the one that was read."""

    class Meta:
        model = Inquiry

    anchor = "action-1"
    about = "Ouvrir dix places"
    question = factory.Sequence("Sur quelle période ? ({})".format)
    asked_by = factory.SubFactory(UserFactory)
