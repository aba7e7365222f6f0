"""The processes of docker-compose.yml started by hand, without Docker: the very commands that it gives them."""

import http.cookiejar
import os
import re
import shlex
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import yaml

from tests.services import Server, free_port, postgresql, redis_server

ROOT = Path(__file__).resolve().parent.parent
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
PATIENCE = 180  # seconds; a shared machine may be ten times slower than a calm one


def command(service, **places):
    """What compose runs for this service, or else the image; `places` replace those of a container."""
    written = SERVICES[service].get("command")
    if written is None:
        written = shlex.join(
            re.findall(r'"([^"]+)"', re.search(r"^CMD \[(.+)\]$", dockerfile(), re.MULTILINE)[1])
        )
    for inside, here in places.items():
        written = written.replace({"address": "0.0.0.0:8000", "schedule": "/tmp/beat"}[inside], here)
    program, *arguments = shlex.split(written)
    return [shutil.which(program, path=Path(sys.executable).parent), *arguments]


def dockerfile():
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


class Production:
    """PostgreSQL and Redis of its own, then what is asked for; `with` stops it all."""

    def __init__(self, **environment):
        self.stack = ExitStack()
        self.folder = Path(
            self.stack.enter_context(tempfile.TemporaryDirectory(prefix="logement-production-"))
        )
        self.database, self.postgresql = self.stack.enter_context(postgresql(self.folder))
        self.broker, self.redis = self.stack.enter_context(redis_server(self.folder))
        self.environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.database,
            "REDIS_URL": self.broker,
            "VAR_DIR": str(self.folder),
            "SECRET_KEY": "only-for-the-tests-" * 3,
            "SITE_URL": "http://localhost",
            "HTTPS": "0",
            "WEB_CONCURRENCY": "1",
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        (self.folder / "files").mkdir()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    def web(self):
        """A gunicorn on a free port: (its address, its Server)."""
        address = f"127.0.0.1:{free_port()}"

        def answers():
            try:
                urllib.request.urlopen(f"http://{address}/compte/login/", timeout=PATIENCE).close()
            except urllib.error.URLError:
                return False
            return True

        return f"http://{address}", self._start("web", answers, address=address)

    def worker(self, name):
        """It is there once it has said so to its log: a worker that nobody asks answers nothing."""
        return self._start("worker", lambda: "ready." in self.log(name).read_text(), name=name)

    def beat(self):
        places = {"schedule": str(self.folder / "beat")}
        return self._start("beat", lambda: "beat: Starting" in self.log("beat").read_text(), **places)

    def log(self, name):
        return self.folder / f"{name}.log"

    def _start(self, service, answers, name="", **places):
        arguments = command(service, **places) + (["--hostname", name] if name else [])
        log = self.log(name or places.get("address") or service)
        log.touch()
        server = Server(arguments, log=log, answers=answers, cwd=ROOT, env=self.environment)
        return self.stack.enter_context(server)


class Visitor:
    """A person at a browser without JavaScript."""

    def __init__(self, site):
        self.site, self.cookies = site, http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path):
        """(status, body, address at which the redirections ended)."""
        return self._ask(path, None)

    def post(self, path, **fields):
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "")
        return self._ask(path, urllib.parse.urlencode(fields).encode(), {"X-CSRFToken": token})

    def sign_in(self, email, password):
        """Whether it opened a session."""
        self.get("/compte/login/")
        status, _, address = self.post("/compte/login/", login=email, password=password)
        return status == 200 and "/compte/login" not in address

    def _ask(self, path, data, headers=None):
        request = urllib.request.Request(self.site + path, data, headers or {})  # noqa: S310  the address is ours
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read(), answer.url
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.url


def wait_for(condition, what):
    """Waits for a condition, as long as a slow machine needs."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"Not in time: {what}")
        time.sleep(0.05)
