"""The application's end of engine.py: asks it for a PDF, in a process of its own, within limits of time and memory.

This process never imports WeasyPrint (0.5 s and 45 MB), nor runs it: a document that hangs or swells takes down one
child, and the caller gets a sentence. The engine starts with the first document and ends with this process.
"""

import atexit
import base64
import functools
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

SECONDS = 180.0  # the report of 2023 takes half a second, a hundred of them together less than 80
MEMORY = 3 * 1024**3  # bytes of address space
TRIES = (
    2  # an engine that dies without a word may have been killed: a document that does it again is at fault
)
LIMITS = struct.Struct("!dQ")  # as in engine.py, which cannot be imported here
ROOT = Path(__file__).resolve().parents[2]
#: The engine knows no secret: of the environment it gets what finds programs, fonts and a place for temporary files.
PASSED = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
)

_lock = threading.Lock()
_engines = {}  # the process that started it (a fork must not share it) -> (Popen, our end of its socket)


class RenderError(Exception):
    """The PDF could not be made. Its text is a French sentence for the person who asked for it."""


class NotApart(Exception):
    """This chapter cannot be laid out apart from the others."""


def make(what, *, seconds=SECONDS, memory=MEMORY, since=None, **given) -> bytes:
    """What the engine makes of what it is given (`engine.MAKERS`); in it, bytes become base64.

    Raises RenderError after `seconds`, counted from the instant `since` where there was work before, beyond `memory`
    bytes, or if the engine fails.
    """
    request = json.dumps([what, given], default=_text).encode()
    start = time.monotonic() if since is None else since
    for _ in range(TRIES):
        left = max(start + seconds - time.monotonic(), 0.1)
        answer = _ask(LIMITS.pack(left, memory) + request, patience=left + 30)
        if answer or time.monotonic() - start >= seconds:
            break
    match answer[:1]:
        case b"P":
            return answer[1:]
        case b"A":
            raise NotApart
        case b"M":
            raise RenderError(
                "Ce rapport demande trop de mémoire pour être mis en page : répartissez ses textes les plus longs."
            )
        case b"" if time.monotonic() - start >= seconds:
            raise RenderError(
                f"La mise en page a été arrêtée après {seconds:.0f} secondes : un passage y est trop long."
            )
    raise RenderError(
        "Le moteur PDF s’est arrêté avant la fin. Relancez la demande ; si cela se répète, prévenez l’administrateur."
    )


def identity() -> bytes:
    """What decides the bytes of a PDF beside its page, as the engine of this process read it when it started."""
    return _identity(os.getpid())


@functools.cache
def _identity(_pid):
    return make("identity")


def _text(content):
    return base64.b64encode(content).decode()


def _ask(request, patience):
    """The engine's answer; empty if its child died. It ends itself in time; `patience` is for a frozen machine."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            _send_to_engine(theirs)
        ours.settimeout(patience)
        try:
            ours.sendall(request)
            ours.shutdown(socket.SHUT_WR)
            with ours.makefile("rb") as answer:
                return answer.read()
        except (TimeoutError, ConnectionError):
            return b""


def _send_to_engine(connection):
    with _lock:
        try:
            socket.send_fds(_engine(), [b"."], [connection.fileno()])
        except ConnectionError:  # it died since its last document; the next one starts at once
            _stop()
            socket.send_fds(_engine(), [b"."], [connection.fileno()])


def _engine():
    """Our end of the socket of this process's engine, started if need be."""
    process, control = _engines.get(os.getpid(), (None, None))
    if process and process.poll() is not None:
        _stop()
        process = None
    if process is None:
        control, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "reporting.renderers.engine"],
                cwd=ROOT,
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                env={name: os.environ[name] for name in PASSED if name in os.environ},
                start_new_session=True,  # Ctrl-C is for the application, which closes the socket
            )
        _engines[os.getpid()] = process, control
    return control


@atexit.register
def _stop():
    process, control = _engines.pop(os.getpid(), (None, None))
    if process:
        control.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
