"""What happens by itself. Each app says it in its `tasks.py`, which is read when the process starts:

    @upkeep.daily
    def remind(): …

The rhythms are `often` (every thirty seconds), `hourly`, `daily` (in the night) and `monthly`. Celery beat keeps them
in production; the embedded default, which has no beat, does the last three once a day, in the thread that does the
first. So whatever is declared may be asked twice, or a day late: the second time finds nothing to do, and what fell due
while nobody was there is still found.
"""

import logging

logger = logging.getLogger(__name__)

WORK = {"often": [], "hourly": [], "daily": [], "monthly": []}


def _declares(rhythm):
    def declare(work):
        WORK[rhythm].append(work)
        return work

    return declare


often, hourly, daily, monthly = map(_declares, WORK)


def run(rhythm):
    """Does all the work of a rhythm, in the order in which it was declared; what fails is logged and stops no other."""
    for work in WORK[rhythm]:
        try:
            done = work()
        except Exception:  # the boundary of each work: what fails is its own affair
            logger.exception("Upkeep: %s.%s failed", work.__module__, work.__name__)
        else:
            if done:
                logger.info("Upkeep: %s.%s did %s", work.__module__, work.__name__, done)
