"""Settings of the tests: those of the application, in a folder of their own, with no need of `.env`."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from django.template.base import Node

# The first process makes the folder; pytest-xdist's workers and the children of the tests share it.
FOLDER = "LOGEMENT_TESTS_FOLDER"
if FOLDER not in os.environ:
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="logement-tests-")
    atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)

os.environ |= {
    "VAR_DIR": os.environ[FOLDER],
    "SECRET_KEY": "only-for-the-tests-" * 3,
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "HTTPS": "0",
    "DEBUG": "0",
    "LOG_LEVEL": "WARNING",
}
# One of Redis's sixteen databases for each worker.
if os.environ.get("REDIS_URL"):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{worker}").geturl()

from logement.settings import *  # noqa: E402, F403
from logement.settings import BASE_DIR, DATABASES, STATIC_ROOT, TEMPLATES, VAR_DIR  # noqa: E402

STATIC_ROOT.mkdir(exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A job waits until the test carries it (`jobs.run`) or asks for the `worker` fixture.
EMBEDDED_WORKER = False
# A file, not the usual memory: the threads of the live server and of the worker have connections of their own.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "tests.sqlite3"}


class UndefinedVariable(Exception):
    """A template of ours uses a variable that its view does not give."""


class RaiseIfOurs(str):
    """As `string_if_invalid`: raises in our templates, prints nothing in those of the libraries."""

    def __contains__(self, text):
        return text == "%s"

    def __mod__(self, variable):
        node = self._innermost_node()
        if node is not None and Path(node.origin.name).is_relative_to(BASE_DIR / "templates"):
            raise UndefinedVariable(f"{node.origin.name}:{node.token.lineno}: « {variable} »")
        return ""

    @staticmethod
    def _innermost_node():
        frame = sys._getframe(2)
        while frame:
            node = frame.f_locals.get("self")
            if isinstance(node, Node) and getattr(node, "origin", None):
                return node
            frame = frame.f_back
        return None


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = RaiseIfOurs("undefined")
