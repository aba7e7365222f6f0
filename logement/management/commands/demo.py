"""`./manage.py demo`: loads the demonstration of every app of the project, then says how to come in."""

import os
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.module_loading import module_has_submodule

from logement.demo import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = (
        "Charge la démonstration là où elle manque, sans toucher à ce qui existe, puis affiche l'adresse "
        "et les comptes."
    )

    def handle(self, **options):
        with transaction.atomic():
            for module in demonstrations():
                module.load()
        self.stdout.write(self.style.SUCCESS("La démonstration est chargée."))
        host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
        self.stdout.write(f"Adresse : http://{host}:{port}/")
        self.stdout.write(f"Comptes (mot de passe de tous : {PASSWORD})")
        for line in table([("Rôle", "Personne", "Adresse e-mail", "Mot de passe"), *rows()]):
            self.stdout.write(f"  {line}")


def demonstrations():
    """The `demo` modules of the project's own apps, lower floors first: the order of INSTALLED_APPS."""
    for config in apps.get_app_configs():
        if Path(config.path).parent == settings.BASE_DIR and module_has_submodule(config.module, "demo"):
            yield import_module(f"{config.name}.demo")


def rows():
    return [(account.role.label, account.full_name, account.email, PASSWORD) for account in ACCOUNTS]


def table(rows):
    """Lines of text whose columns are aligned."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(f"{word:{width}}" for word, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
