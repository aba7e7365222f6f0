"""An instance of one's own for a bench: a folder that goes with it, the settings of production but for HTTPS."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def instance():
    """Sets Django up and yields the folder. Whatever imports a model is imported inside."""
    with tempfile.TemporaryDirectory(prefix="logement-bench-") as folder:
        os.environ |= {
            "VAR_DIR": folder,
            "SECRET_KEY": "bench" * 10,
            "HTTPS": "0",
            "DEBUG": "0",
            "LOG_LEVEL": "ERROR",
        }
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logement.settings")
        import django

        django.setup()
        from django.conf import settings

        settings.EMBEDDED_WORKER = False  # nothing works beside what is measured
        yield Path(folder)
