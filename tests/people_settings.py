"""Settings of the processes of bench_people.py and bench_workers.py: those of production, two bare views more, and no
PDF made before.
"""

from logement.settings import *  # noqa: F403
from logement.settings import CACHES

ROOT_URLCONF = "tests.people_urls"
CACHES["renders"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
