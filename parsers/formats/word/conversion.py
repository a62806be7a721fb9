"""Old office formats to DOCX, by LibreOffice where it is installed.

It loads pictures and styles that a document links to from wherever they lie, so its profile leaves it no network.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from parsers.errors import UnreadableDocument
from parsers.formats import media

CONVERSION_SECONDS = 120

# Settings of LibreOffice (registry schemas of its source, officecfg): nothing is loaded from links of a document, no
# macro runs, and what would go out all the same meets a proxy on whose port nothing listens.
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "BlockUntrustedRefererLinks": "true",
        "DisableMacrosExecution": "true",
    },
    "org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "1",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "1",
    },
}


def converted(data: bytes, kind: str, subject: str) -> bytes:
    """The file as DOCX, by LibreOffice in a profile of its own (a shared one serves only one process at a time).

    Args:
        data: the file.
        kind: its media type.
        subject: its address, for errors.

    Raises:
        UnreadableDocument: LibreOffice is not installed, or did not convert the file.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise UnreadableDocument(
            "this is a file of an old office format, which only LibreOffice reads",
            subject=subject,
            advice="Install libreoffice-writer so that `soffice` is on the PATH, and parse it again",
        )
    suffix = {media.RTF: ".rtf", media.ODT: ".odt"}.get(kind, ".doc")
    with tempfile.TemporaryDirectory(prefix="gongkai-office-") as name:
        folder = Path(name)
        source = folder / f"document{suffix}"
        source.write_bytes(data)
        _prepare(folder / "profile" / "user")
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "docx",
            "--outdir",
            str(folder),
            str(source),
        ]
        try:
            _run(command)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UnreadableDocument(
                "LibreOffice did not convert the file in time", subject=subject, advice="Convert it by hand"
            ) from error
        target = folder / "document.docx"
        if not target.is_file():
            raise UnreadableDocument(
                "LibreOffice could not convert the file", subject=subject, advice="It may be damaged; fetch it again"
            )
        return target.read_bytes()


def _run(command: list[str]) -> None:
    """Run a program; when its time is over it ends with all that it started (``soffice`` only starts others)."""
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(CONVERSION_SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _prepare(user: Path) -> None:
    """Write LibreOffice's settings into a new profile."""
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, properties in _SETTINGS.items()
        for name, value in properties.items()
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )
