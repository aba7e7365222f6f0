"""What happens by itself: every day the retention of the registers, every month the end of old journals.

Celery beat calls these tasks in production; the embedded default, which has no beat, does all of it once a day, in the
thread that sweeps the jobs. Each may be asked twice: the second time finds nothing to do.
"""

import logging

from logement import audit, imports, retention

logger = logging.getLogger(__name__)


def every_day():
    """Announces and anonymises. Gives (rows announced, rows anonymised)."""
    announced = retention.announce()
    anonymised = retention.anonymise_due()
    if announced or anonymised:
        logger.info("Retention: %s rows announced, %s anonymised", announced, anonymised)
    return announced, anonymised


def every_hour():
    """Deletes the files read for an import and never confirmed. Gives how many."""
    return imports.forget_expired()


def every_month():
    """Deletes the lines of the access log older than twelve months. Gives how many."""
    return audit.purge_access_log()
