"""A file is kept whole or not at all, and never in the place of another."""

import resource
import signal
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.threads import all_at_once

BIG = bytes(256 * 1024)


@contextmanager
def full_disk(after):
    """Within it, writing beyond that many bytes of a file fails, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    told = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, told)


def names():
    return default_storage.listdir("")[1]


def read(name):
    with default_storage.open(name) as file:
        return file.read()


def test_file_is_kept_whole():
    name = default_storage.save("essai.txt", ContentFile(BIG))

    assert names() == ["essai.txt"]
    assert read(name) == BIG


def test_full_disk_leaves_nothing():
    with full_disk(100_000), pytest.raises(OSError, match="File too large"):
        default_storage.save("essai.txt", ContentFile(BIG))

    assert names() == []


def test_file_never_takes_the_place_of_another():
    contents = iter([b"%d" % number for number in range(8)])

    kept = all_at_once(8, lambda: default_storage.save("essai.txt", ContentFile(next(contents))))

    assert len(set(kept)) == 8
    assert sorted(names()) == sorted(kept)
    assert {read(name) for name in kept} == {b"%d" % number for number in range(8)}


def test_deleting_takes_away_what_a_killed_writing_left():
    default_storage.save("essai.txt", ContentFile(b"x"))
    default_storage.save("essai.txt.part", ContentFile(b"x"))

    default_storage.delete("essai.txt")

    assert names() == []
