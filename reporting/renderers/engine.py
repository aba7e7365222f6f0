"""The PDF engine's own process: imports WeasyPrint once, then gives each document a fresh child with limits.

Started as `python -m reporting.renderers.engine` by client.py, with one end of a socket pair as standard input. Each
message on it brings a socket: the child forked for it reads the request to the end, answers, and is gone. It is not
`multiprocessing`'s fork server, which imports the caller's __main__ (manage.py, gunicorn, pytest) into every child.
"""

import base64
import gc
import json
import logging
import os
import resource
import signal
import socket
import struct
import sys
import tempfile
from pathlib import Path

from reporting.renderers import typeset
from reporting.renderers.binding import NotApart

LIMITS = struct.Struct("!dQ")  # before the request: seconds, then bytes of memory
DONE, NOT_APART, OUT_OF_MEMORY, FAILED = b"P", b"A", b"M", b"E"  # before the answer


def serve(control) -> None:
    """Answers until the application, which holds the other end of `control`, is gone."""
    tools = _shared_toolkit()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the children
    gc.collect()
    gc.freeze()
    # A layout keeps nearly all it makes: 16 % of the time went in looking for waste.
    gc.set_threshold(200_000, 50, 100)
    while True:
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not descriptors:
            return
        with socket.socket(fileno=descriptors[0]) as connection:
            if os.fork() == 0:
                control.close()
                _answer(connection, tools)


def _shared_toolkit():
    """The toolkit that children inherit; None if they must make their own.

    Some versions of Pango keep a thread for their fonts, and a fork leaves threads behind: a child tries first.
    """
    if (pid := os.fork()) == 0:
        threads = 0
        try:
            typeset.write("<p>é", typeset.toolkit())
            threads = len(list(Path("/proc/self/task").iterdir()))
        finally:
            os._exit(threads != 1)
    if os.waitpid(pid, 0)[1]:
        return None
    tools = typeset.toolkit()
    typeset.write("<p>é", tools)
    return tools


def _answer(connection, tools):
    """One document: read, render, send, exit. Whatever happens, this process ends here and within its limits.

    It ends without cleaning up: what it inherited, the fonts on disk among it, is the server's.
    """
    try:
        connection.sendall(_rendered(connection, tools))
    except ConnectionError:
        logging.getLogger(__name__).warning("The application did not wait for its PDF")
    finally:
        os._exit(0)


def _rendered(connection, tools):
    try:
        _limit(*LIMITS.unpack(connection.recv(LIMITS.size, socket.MSG_WAITALL)))
        with connection.makefile("rb") as request:
            what, given = json.load(request)
        return DONE + MAKERS[what](tools or typeset.toolkit(), **given)
    except NotApart:
        return NOT_APART
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception:
        logging.getLogger(__name__).exception("The PDF engine failed")
        return FAILED


def _identity(_):
    return typeset.identity().encode()


def _file(tools, *, page, files):
    return typeset.write(page, tools, attachments=_attachments(files))


def _chapter(tools, *, page):
    return typeset.keep(page, tools)


def _binding(tools, *, page, place, chapters, files):
    kept = map(base64.b64decode, chapters)
    return typeset.bind(page, place, kept, tools, attachments=_attachments(files))


def _attachments(files):
    return [(*labels, base64.b64decode(content)) for *labels, content in files]


#: What a request may ask for, and what makes it.
MAKERS = {"identity": _identity, "file": _file, "chapter": _chapter, "binding": _binding}


def _limit(seconds, memory):
    signal.setitimer(signal.ITIMER_REAL, seconds)  # nobody handles this signal: the kernel ends the process
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory(prefix="logement-pdf-") as folder,
        socket.socket(fileno=sys.stdin.fileno()) as parent,
    ):
        tempfile.tempdir = folder  # fonts unpacked by a child that was killed go with the server
        serve(parent)
