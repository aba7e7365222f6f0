"""LibreOffice itself, where it is installed: what it makes of a file."""

import shutil
import subprocess

import pytest

MISSING = "LibreOffice est introuvable : « apt-get install libreoffice-writer-nogui libreoffice-calc-nogui »."


def saved_again(raw, kind, to, folder):
    """The bytes of a file that LibreOffice opened and saved as `to`, by the endings of their names."""
    if not shutil.which("soffice"):
        pytest.fail(MISSING, pytrace=False)
    source = folder / f"rapport.{kind}"
    source.write_bytes(raw)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", to, "--outdir", folder / "out", source],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return (folder / f"out/rapport.{to}").read_bytes()
