"""The figures that the benches and the long tests measure, kept for the page « Confiance » when RECORD=1 asks it.

docs/mesures.json is a list of {"name", "label", "value", "unit", "aim", "date", "command"}, one per name, sorted by it.
"""

import json
import os
from datetime import date
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "docs/mesures.json"


def record(name, *, label, value, command, unit="", aim=""):
    """Keeps the figure in the place of the last one of that name; does nothing unless RECORD=1.

    `name`: « promise.what », whose first word is a key of `logement.measures.PROMISES`; `label`, `unit`, `aim`: French;
    `value`: a number; `command`: what measures it again.
    """
    if os.environ.get("RECORD") != "1":
        return
    measured = {
        "name": name,
        "label": label,
        "value": value,
        "unit": unit,
        "aim": aim,
        "date": date.today().isoformat(),  # noqa: DTZ011  the day of whoever measures
        "command": command,
    }
    others = [each for each in json.loads(FILE.read_text(encoding="utf-8")) if each["name"] != name]
    kept = sorted([*others, measured], key=lambda each: each["name"])
    whole = FILE.with_suffix(".new")
    whole.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    whole.replace(FILE)
