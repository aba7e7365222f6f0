from django.apps import AppConfig


class PreventionConfig(AppConfig):
    name = "prevention"
    verbose_name = "Prévention"
    register_holds = "Accompagnements renforcés, plateforme ADLH, relogements"
    figures_come_from = "Registre Prévention"
