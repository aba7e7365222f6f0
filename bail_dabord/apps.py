from django.apps import AppConfig


class BailDabordConfig(AppConfig):
    name = "bail_dabord"
    verbose_name = "Bail d'abord"
    register_holds = "Ménages, candidatures, fonds de sécurisation, commissions, places"
    figures_come_from = "Registre Bail d'abord"
