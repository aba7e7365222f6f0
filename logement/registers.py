"""The registers as the home page knows them: which apps keep one, and whom each lets in.

An app that keeps a register says so in its `apps.py`: `register_holds`, a few words on what is found there. It has a
model `Register` (`territory`, `is_open`, `visible_to(user)`) and an address `<app>:index`.
"""

from dataclasses import dataclass

from django.apps import apps
from django.urls import reverse

from logement.roles import Permission as P


@dataclass(frozen=True, slots=True)
class Door:
    """The way into a register for one reader: its words and its address."""

    title: str
    holds: str
    url: str


def doors_of(user, territory):
    """The registers that `user` keeps here, or whose counts they read; one query each, none for anybody else."""
    keeps, counts = (user.may(act, territory) for act in (P.VIEW_OWN_REGISTERS, P.VIEW_REGISTER_COUNTS))
    if not keeps and not counts:
        return []
    return [
        Door(
            config.verbose_name,
            config.register_holds,
            reverse(f"{config.label}:index", args=[territory.code]),
        )
        for config in apps.get_app_configs()
        if hasattr(config, "register_holds") and opens(config.get_model("Register"), user, territory, counts)
    ]


def opens(registers, user, territory, counts):
    kept = registers.objects.filter(is_open=True) if counts else registers.objects.visible_to(user)
    return kept.filter(territory=territory).exists()
