"""`python -m tests.bench_documents`: a Word report read and understood, once as long and ten times as long.

Ratios of one run: the machine counts for little. The memory is that of the child that reads the file.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from axes.imports.documents import missing_words, understand
from logement.documents import child, read_document
from logement.limited import run
from reporting.renderers import docx, odt
from tests.axes.documents.made import demonstration

ROUNDS = 5
TIMES = 10


def long(document):
    """The same report with ten times its parts, each under its own title."""
    first, *parts = document.sections
    copies = [
        replace(
            part,
            label=f"{3 * rank + int(part.label[0])}{part.label[1:]}",
            sections=tuple(renamed(axis, rank) for axis in part.sections),
        )
        for rank in range(TIMES)
        for part in parts
    ]
    return replace(document, sections=(replace(first, content=first.content * TIMES), *copies))


def renamed(axis, rank):
    (table,) = axis.content
    return replace(
        axis, label=f"{axis.label} {rank}", content=(replace(table, caption=f"{table.caption} {rank}"),)
    )


def seconds(work, clock=time.process_time):
    """The median of some rounds, of the processor: a busy machine tells nothing of growth."""
    times = []
    for _ in range(ROUNDS):
        start = clock()
        work()
        times.append(clock() - start)
    return statistics.median(times)


def of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak(raw, kind):
    """Megabytes of the child that reads the file."""
    program = (
        "import resource, runpy, sys\n"
        "sys.path.insert(0, sys.argv[1]); sys.argv = sys.argv[2:]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))\n"
    )
    root = str(Path(__file__).resolve().parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", program, root, child.__file__, kind],
        input=raw,
        capture_output=True,
        check=True,
    )
    return int(done.stderr) / 1024


def measured(kind, renderer):
    whole = demonstration()
    raws = [renderer.render(document) for document in (whole, long(whole))]
    documents = [read_document(raw, name=f"rapport.{kind}") for raw in raws]
    readings = [
        seconds(lambda raw=raw: run(child.__file__, raw, kind, memory=2**30, seconds=60), of_children)
        for raw in raws
    ]
    understandings = [seconds(lambda held=held: understand(held)) for held in documents]
    memories = [peak(raw, kind) for raw in raws]
    words = sum(len(paragraph.text.split()) for paragraph in documents[0].paragraphs)
    lost = sum(len(missing_words(held, understand(held))) for held in documents)
    print(f"{kind} : {words} mots, {len(raws[0]) // 1024} ko ; mots non repris : {lost}")
    for what, (once, often) in (("lecture", readings), ("compréhension", understandings)):
        print(f"  {what} : {once:.2f} s ; {TIMES} fois plus long : x {often / once:.1f} (viser <= {TIMES})")
    print(f"  mémoire du lecteur : {memories[0]:.0f} Mo, puis {memories[1]:.0f} Mo (viser <= 150)")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    measured("docx", docx)
    measured("odt", odt)
