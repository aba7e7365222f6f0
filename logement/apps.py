from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LogementConfig(AppConfig):
    name = "logement"
    verbose_name = "Personnes et organisations"

    def ready(self):
        autodiscover_modules("tasks")  # where each app declares its kinds of jobs
        autodiscover_modules("retention")  # where each register declares what it keeps, and for how long
