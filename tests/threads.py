"""Several threads that act at the same instant, each with its own connection to the database."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def all_at_once(count, act):
    """Does `act` in that many threads, which start together; returns what each gave."""
    together = threading.Barrier(count)

    def do():
        try:
            together.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return [done.result() for done in [pool.submit(do) for _ in range(count)]]
