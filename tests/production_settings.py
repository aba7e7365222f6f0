"""Settings of the processes of test_production.py: those of production, with a sweeper that passes more often."""

from logement.settings import *  # noqa: F403
from logement.settings import CELERY_BEAT_SCHEDULE

CELERY_BEAT_SCHEDULE["often"]["schedule"] = 1.0
