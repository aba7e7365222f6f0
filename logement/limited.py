"""A reader of other people's files run in a process of its own: little memory, little time, no environment.

A file may make its reader loop, fill the memory or fall: it is the child that ends, and the application says so.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = """
import resource
def limit(memory, seconds):
    for what, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)
    ):
        resource.setrlimit(what, (most, most))
"""
#: The limits are set before the reader is loaded.
START = f"""{LIMIT}
import runpy, sys
limit(int(sys.argv[1]), int(sys.argv[2]))
sys.path.insert(0, sys.argv[3])
sys.argv = sys.argv[4:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class OutOfTimeError(Exception):
    """The reader did not end in time."""


def run(path, raw, *arguments, memory, seconds):
    """(return code, output) of the file `path` run by Python on `raw`.

    `memory` in bytes; `seconds` of processor, and twice as many of the clock. Code 1 is the reader's own refusal; else
    the system stopped it for what it asked. Raises OutOfTimeError.
    """
    command = [sys.executable, "-I", "-X", "utf8", "-c", START, str(memory), str(seconds), str(ROOT), path]
    try:
        done = subprocess.run(  # noqa: S603  our own file, run by our own Python
            [*command, *arguments], input=raw, capture_output=True, timeout=seconds * 2, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise OutOfTimeError from error
    return done.returncode, done.stdout
