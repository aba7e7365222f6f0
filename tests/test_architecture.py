"""The floors of the house: imports go down, never up or sideways, wherever they are written in a file."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"logement": 0, "axes": 1, "bail_dabord": 2, "prevention": 2, "reporting": 2}
PURE = [
    "logement/richtext.py",
    "logement/richtext/*.py",
    "axes/masking.py",
    "axes/periods.py",
    "axes/checks/*.py",
    "axes/passage.py",
    "axes/printed.py",
    "reporting/document.py",
    "reporting/assembly.py",
    "reporting/typography.py",
]


def imported(source, path):
    """(line, dotted module) of every import, those inside functions included."""
    package = Path(path).parent.parts
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield node.lineno, ".".join([*base, *filter(None, [node.module])])


def breaches(source, path):
    """The imports of a file that leave its floor otherwise than by the stairs down."""
    home = Path(path).parts[0]
    for line, module in imported(source, path):
        target = module.partition(".")[0]
        if target != home and FLOORS.get(target, -1) >= FLOORS[home]:
            yield f"{path}:{line} imports {module}"


def test_imports_go_down():
    paths = [path.relative_to(ROOT) for app in FLOORS for path in (ROOT / app).rglob("*.py")]

    assert [breach for path in paths for breach in breaches((ROOT / path).read_text(), path)] == []


def test_pure_files_run_without_django():
    paths = [path.relative_to(ROOT) for pattern in PURE for path in sorted(ROOT.glob(pattern))]
    modules = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths]
    program = "import sys; sys.modules['django'] = None\n" + "\n".join(f"import {name}" for name in modules)

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert modules
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("logement/roles.py", "import axes.models"),
        ("axes/values.py", "def value_of():\n    from reporting import snapshot"),
        ("reporting/models.py", "from bail_dabord.models import Household"),
        ("axes/models/plan.py", "from reporting.models import Report"),
    ],
)
def test_a_planted_breach_is_seen(path, source):
    assert len(list(breaches(source, path))) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("reporting/snapshot.py", "from axes.values import value_of\nfrom logement import jobs"),
        ("axes/models/plan.py", "from . import text\nfrom ..periods import Period"),
        ("prevention/models.py", "import django.db.models"),
    ],
)
def test_a_right_import_is_let_through(path, source):
    assert list(breaches(source, path)) == []
