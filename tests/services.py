"""A PostgreSQL and a Redis of one's own for the time of a command: `python -m tests.services -- COMMAND…`.

They live in a temporary folder, on free ports of 127.0.0.1, and are stopped whatever happens to the command.
"""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis

PATIENCE = 60  # seconds given to a server to answer
PR_SET_PDEATHSIG = 1


def program(name, package):
    """The path of a server's program; Debian keeps PostgreSQL's out of the PATH, one folder per version."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3])
    )
    found = installed[-1] if installed else shutil.which(name)
    if not found:
        sys.exit(
            f"Le programme {name} est introuvable : installez le paquet {package}, ou lancez « make test »."
        )
    return str(found)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unprivileged():
    """How to start what refuses to be root: nothing to add for a plain user."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


class Server:
    """A server that can be stopped, killed and started again; `answers()` says when it is ready.

    It has its own session, so that Ctrl-C reaches the command first, and dies with us if we are killed.
    """

    def __init__(self, arguments, *, log, answers, stop=signal.SIGTERM, **options):
        self.arguments, self.log, self.answers, self.sign, self.options = (
            arguments,
            log,
            answers,
            stop,
            options,
        )
        self.process = None

    def start(self):
        libc = ctypes.CDLL(None)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, self.sign),  # noqa: PLW1509  there is no other thread
                **self.options,
            )
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{self.arguments[0]} ne répond pas :\n{self.log.read_text(errors='replace')}")
            time.sleep(0.05)

    def stop(self):
        """As asked of it; what hangs is killed."""
        self.process.send_signal(self.sign)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        """At once, with all that it started, as when the machine takes it away."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


@contextmanager
def postgresql(folder):
    """Yields (address of an empty database, Server). Nothing is flushed to disk: it lives as long as the command."""
    identity = unprivileged()
    home = folder / "postgresql"
    home.mkdir()
    if identity:
        folder.chmod(0o711)
        os.chown(home, identity["user"], identity["group"])
    initdb = [program("initdb", "postgresql"), f"--pgdata={home}/data", "--username=logement", "--auth=trust"]
    initdb += [
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--locale-provider=icu",
        "--icu-locale=fr-FR",
        "--no-sync",
    ]
    made = subprocess.run(initdb, cwd=home, capture_output=True, text=True, check=False, **identity)
    if made.returncode:
        sys.exit(f"initdb a échoué :\n{made.stdout}{made.stderr}")

    port = free_port()
    address = f"postgresql://logement@127.0.0.1:{port}"
    arguments = [program("postgres", "postgresql"), "-D", f"{home}/data", "-p", str(port), "-k", str(home)]
    arguments += ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "jit=off"]
    arguments += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]

    def answers():
        try:
            psycopg.connect(f"{address}/postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    log = folder / "postgresql.log"
    with Server(arguments, log=log, answers=answers, stop=signal.SIGINT, cwd=home, **identity) as server:
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE logement")
        yield f"{address}/logement", server


@contextmanager
def redis_server(folder):
    """Yields (address of an empty Redis, Server), append-only as in production.

    Debian's redis-tools holds the whole program under another name; which one it is comes from argv[0].
    """
    home = folder / "redis"
    home.mkdir()
    executable = shutil.which("redis-server") or program("redis-check-rdb", "redis-tools")
    port = free_port()
    arguments = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(home)]
    arguments += ["--appendonly", "yes", "--save", ""]

    def answers():
        try:
            with redis.Redis(port=port) as client:
                return client.ping()
        except redis.ConnectionError:
            return False

    with Server(arguments, log=folder / "redis.log", answers=answers, executable=executable) as server:
        yield f"redis://127.0.0.1:{port}/0", server


@contextmanager
def services():
    """Yields the environment variables under which the application uses both servers."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="logement-services-")))
        database, _ = stack.enter_context(postgresql(folder))
        broker, _ = stack.enter_context(redis_server(folder))
        yield {"DATABASE_URL": database, "REDIS_URL": broker}


def main(command):
    """Runs the command between the start and the stop of the servers; returns its exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with services() as variables:
        process = subprocess.Popen(command, env=os.environ | variables)
        try:
            status = process.wait()
        finally:
            process.terminate()
            process.wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    command = sys.argv[1:]
    if command[:1] != ["--"] or len(command) < 2:
        sys.exit("Usage : python -m tests.services -- COMMANDE…")
    try:
        sys.exit(main(command[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
