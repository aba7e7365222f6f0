"""LibreOffice itself, where it is installed: what it makes of files."""

import shutil
import subprocess

import pytest

MISSING = (
    "apt-get install libreoffice-writer-nogui libreoffice-calc-nogui, puis recommencez ; sans « -m libreoffice », "
    "ces tests ne sont pas demandés."
)


def convert(*sources, to, into, profile):
    """Opens files and saves them, under the same names, as `to` (an ending) in the folder `into`."""
    if not shutil.which("soffice"):
        pytest.fail(f"LibreOffice est introuvable : {MISSING}", pytrace=False)
    own = f"-env:UserInstallation=file://{profile}"
    subprocess.run(
        ["soffice", own, "--headless", "--convert-to", to, "--outdir", into, *sources],
        check=True,
        capture_output=True,
        timeout=600,
    )
    # Without the module that reads a kind of files, it says nothing and succeeds.
    if lacking := [source.name for source in sources if not (into / f"{source.stem}.{to}").exists()]:
        pytest.fail(f"LibreOffice n'a rien écrit de {', '.join(lacking)} : {MISSING}", pytrace=False)


def saved_again(raw, kind, to, folder):
    """The bytes of a file of this kind, opened and saved as `to`."""
    source = folder / f"rapport.{kind}"
    source.write_bytes(raw)
    convert(source, to=to, into=folder / "out", profile=folder / "profile")
    return (folder / f"out/rapport.{to}").read_bytes()
