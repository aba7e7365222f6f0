from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AxesConfig(AppConfig):
    name = "axes"
    verbose_name = "Plan et indicateurs"
    figures_come_from = "Événements"

    def ready(self):
        import_module("axes.gatherings")  # `axes.figures` is the protocol itself
        autodiscover_modules("figures")
