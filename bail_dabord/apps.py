from django.apps import AppConfig


class BailDabordConfig(AppConfig):
    name = "bail_dabord"
    verbose_name = "Bail d'abord"
    figures_come_from = "Registre Bail d'abord"
