"""Celery: it rings, the rows of logement/jobs.py remember."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logement.settings")

app = Celery("logement")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
